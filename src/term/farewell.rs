//! What is shown, over whatever is on the screen, while somebody who quits waits for writes under way.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::Line;
use ratatui::widgets::Clear;

/// Draws the line above the footer, where messages stand.
pub(super) fn draw(frame: &mut Frame, unanswered: usize) {
    let window = frame.area();
    let area = Rect {
        y: window.bottom().saturating_sub(2),
        height: window.height.min(1),
        ..window
    };
    let changes = if unanswered == 1 {
        "one change".to_owned()
    } else {
        format!("{unanswered} changes")
    };
    let text = format!(" Leaving once {changes} have been confirmed, 5 s at most. Ctrl+C leaves now.");
    let text = if unanswered == 1 {
        text.replace(" have been", " has been")
    } else {
        text
    };
    frame.render_widget(Clear, area);
    frame.render_widget(
        Line::styled(text, Style::new().add_modifier(Modifier::REVERSED)),
        area,
    );
}
