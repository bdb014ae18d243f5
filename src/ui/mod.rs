//! The model drawn as cells. Pure: the same model and theme give the same frame.

mod theme;

pub use theme::Theme;

use crate::app::Model;

/// Draws the whole screen.
pub fn draw(frame: &mut ratatui::Frame, model: &Model, theme: &Theme) {
    let _ = model;
    let area = frame.area();
    frame.buffer_mut().set_style(area, theme.text);
}
