//! The model drawn as cells. Pure: the same model and theme give the same frame.

mod chrome;
mod overlays;
mod pen;
mod screens;
mod sweep;
mod theme;
mod widgets;

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::app::Model;
use crate::app::geometry::{self, Fit};
use crate::app::kiosk::At;
use crate::app::overlay::Overlay;
use crate::app::screens::Tab;

use pen::Pen;
pub use theme::Theme;

/// Draws the whole screen.
pub fn draw(frame: &mut Frame, model: &Model, theme: &Theme) {
    let area = frame.area();
    let mut pen = Pen {
        buf: frame.buffer_mut(),
        theme,
        cursor: None,
    };
    pen.tint(area, theme.text);
    // Laid out for the size that the model knows; where a resize is still on its way, the rest is cut off.
    whole(&mut pen, model);
    let cursor = pen.cursor;
    sweep::sweep(frame.buffer_mut());
    if theme.ascii {
        sweep::to_ascii(frame.buffer_mut());
    }
    if let Some(cursor) = cursor.filter(|at| area.contains(*at)) {
        frame.set_cursor_position(cursor);
    }
}

fn whole(pen: &mut Pen, model: &Model) {
    let size = model.cx.setup.size;
    let signed_in = model.cx.me.is_some();
    let lock = model.overlays.iter().find_map(|overlay| match overlay {
        Overlay::Lock(lock) => Some(lock),
        _ => None,
    });
    let area = Rect::new(0, 0, size.0, size.1);
    let small = signed_in && (lock.is_some() || model.tab == Tab::CheckIn);
    match (geometry::fit(size, small), lock) {
        (Fit::TooSmall, _) => return too_small(pen, area),
        (Fit::Compact, Some(lock)) => return overlays::lock::draw(pen, model, lock, area),
        (Fit::Compact, None) => {
            screens::check_in::draw(pen, model, area);
            return overlays::draw(pen, model);
        }
        (Fit::Full, _) => {}
    }
    let frame = geometry::frame(size);
    if let Some(lock) = lock {
        screens::sign_in::header(pen, model, &frame);
        overlays::lock::draw(pen, model, lock, frame.body);
        return chrome::footer(pen, model, &frame);
    }
    if let Some(kiosk) = model.kiosk_at(At::Start) {
        screens::kiosk::header(pen, model, &frame);
        screens::kiosk::draw(pen, model, kiosk, frame.body);
    } else if signed_in {
        chrome::header(pen, model, &frame);
        match model.tab {
            _ if model.has_visit() => {
                if let Some(profile) = model.visit_in_view() {
                    screens::profile::draw(pen, model, profile);
                }
            }
            _ if model.has_people() => screens::people::draw(pen, model),
            Tab::Calendar => screens::calendar::draw(pen, model, frame.body),
            Tab::CheckIn => screens::check_in::draw(pen, model, frame.body),
            Tab::Profile => screens::profile::draw(pen, model, &model.profile),
            Tab::Leaderboard => screens::leaderboard::draw(pen, model),
            Tab::Insights => screens::insights::draw(pen, model),
            Tab::Registrations => screens::registrations::draw(pen, model, frame.body),
            Tab::Members => screens::members::draw(pen, model),
        }
    } else {
        screens::sign_in::header(pen, model, &frame);
        screens::sign_in::draw(pen, model, frame.body);
    }
    chrome::footer(pen, model, &frame);
    overlays::draw(pen, model);
    chrome::message_above(pen, model, &frame);
    if let Some(seconds) = model.kiosk.as_ref().and_then(|kiosk| kiosk.countdown) {
        screens::kiosk::countdown(pen, seconds, frame.message);
    }
}

fn too_small(pen: &mut Pen, area: Rect) {
    let lines = if area.width < 24 {
        ["Too small", "60×16"]
    } else {
        ["The window is too small.", "Make it 60×16 or larger."]
    };
    let top = area.y + area.height.saturating_sub(2) / 2;
    for (line, y) in lines.iter().zip(top..area.bottom()) {
        pen.put_centred(Rect::new(area.x, y, area.width, 1), line, pen.theme.text);
    }
}
