//! The door's second line: how people arrive, minute by minute, and who is at which terminal.

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::context::Context;
use crate::app::geometry;
use crate::app::remote::Remote;
use crate::app::screens::check_in::CheckIn;
use crate::domain::live::Present;
use crate::ui::pen::{self, Pen};
use crate::ui::widgets::sparkline::sparkline;
use crate::ui::widgets::spinner;

/// Between two terminals.
const GAP: u16 = 3;
/// A terminal's name is cut after so many columns, a person's too.
const LONGEST: u16 = 16;
/// So many people a minute fill a bar, unless more have come: one member every two seconds is what a door is built for,
/// a quarter of that is a good evening.
const BRISK: u64 = 7;

pub(super) fn draw(pen: &mut Pen, state: &CheckIn, cx: &Context, row: Rect) {
    let (Some(door), false) = (state.door.get(), row.is_empty()) else {
        return;
    };
    let t = pen.theme;
    let row = geometry::columns(row, 1, row.width.saturating_sub(2));
    // What is old is shown as it was, and said to be old.
    let is_old = matches!(state.door, Remote::Stale(_));
    let [bars, figure, device, name, you] = if is_old {
        [t.dim; 5]
    } else {
        [t.accent, t.text, t.dim, t.text, t.accent]
    };
    let minutes = &door.arrivals.minutes;
    let known = u16::try_from(minutes.len()).unwrap_or(u16::MAX);
    let wide = (row.width / 4).clamp(10, 30).min(row.width).min(known);
    sparkline(pen, geometry::columns(row, 0, wide), minutes, BRISK, bars);
    let mut x = row.x + wide + 1;
    let rate = format!("{}/min", door.arrivals.last_minute);
    x += pen.put(x, row.y, row.right().saturating_sub(x), &rate, figure);
    if let Some(age) = spinner::age(&state.door, cx) {
        x += 2;
        x += pen.put(x, row.y, row.right().saturating_sub(x), &age, t.warn);
    }
    let room = Rect::new(x + GAP, row.y, row.right().saturating_sub(x + GAP), 1);
    present(pen, &door.present, room, [device, name, you]);
}

/// The terminals that there is room for, at the right, and how many more there are.
fn present(pen: &mut Pen, all: &[Present], room: Rect, [device, name, you]: [Style; 3]) {
    let pieces: Vec<(String, String)> = all.iter().map(piece).collect();
    let widths: Vec<u16> = pieces
        .iter()
        .map(|(device, name)| pen::width(device) + 1 + pen::width(name))
        .collect();
    let mine = all.iter().position(|one| one.is_you);
    let (chosen, used) = choose(&widths, mine, room.width);
    let mut x = room.right().saturating_sub(used).max(room.x);
    for &at in &chosen {
        let (terminal, person) = &pieces[at];
        let style = if all[at].is_you { you } else { name };
        x += pen.put(x, room.y, room.right().saturating_sub(x), terminal, device) + 1;
        x += pen.put(x, room.y, room.right().saturating_sub(x), person, style) + GAP;
    }
    if chosen.len() < all.len() {
        let tail = more(all.len() - chosen.len());
        pen.put(x, room.y, room.right().saturating_sub(x), &tail, device);
    }
}

/// Which of them fit, in their order, and the columns that they and the count of the rest take. This terminal is among
/// them before any other.
fn choose(widths: &[u16], mine: Option<usize>, room: u16) -> (Vec<usize>, u16) {
    let columns = |chosen: &[usize]| {
        let rest = widths.len() - chosen.len();
        let tail = (rest > 0).then(|| pen::width(&more(rest)));
        let all: Vec<u16> = chosen.iter().map(|at| widths[*at]).chain(tail).collect();
        let gaps = GAP * u16::try_from(all.len().saturating_sub(1)).unwrap_or(0);
        all.into_iter().sum::<u16>() + gaps
    };
    let mut chosen = Vec::new();
    let others = (0..widths.len()).filter(|at| Some(*at) != mine);
    for at in mine.into_iter().chain(others) {
        chosen.push(at);
        if columns(&chosen) > room {
            chosen.pop();
        }
    }
    chosen.sort_unstable();
    let used = columns(&chosen);
    (chosen, used)
}

fn more(rest: usize) -> String {
    format!("{rest} more")
}

/// `door 1` and `Mira`.
fn piece(one: &Present) -> (String, String) {
    let first = one.operator.as_str().split_whitespace().next().unwrap_or("?");
    let who = if one.is_you { "you" } else { first };
    (short(one.device.as_str()), short(who))
}

fn short(text: &str) -> String {
    let (end, _, whole) = pen::fitting(text, LONGEST);
    if whole {
        return text.to_owned();
    }
    let (end, _, _) = pen::fitting(&text[..end], LONGEST - 1);
    format!("{}…", &text[..end])
}
