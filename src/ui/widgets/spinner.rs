//! Waiting, at the place where the answer will be: nothing for what is quick, then a small turning thing.

use ratatui::layout::Rect;

use crate::app::context::{Context, Link};
use crate::app::remote::Remote;
use crate::app::requests::Want;
use crate::domain::when;
use crate::ui::pen::Pen;

const PICTURES: [&str; 10] = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/// Seconds by which a copy may be behind without a word.
const NOTICED: u64 = 2;
/// Seconds from which on it is shown as something to mind.
const MINDED: u64 = 60;

/// The spinner's picture of the moment.
pub(crate) fn picture(cx: &Context) -> &'static str {
    PICTURES[cx.spin % PICTURES.len()]
}

/// Draws what stands in for data that is not here; answers whether it did.
pub(crate) fn instead<T>(pen: &mut Pen, row: Rect, remote: &Remote<T>, want: &Want, cx: &Context) -> bool {
    match remote {
        Remote::Here(_) | Remote::Stale(_) => return false,
        Remote::Failed(fault) => {
            let text = fault.to_string();
            for (line, at) in crate::app::words::wrap(&text, usize::from(row.width))
                .iter()
                .zip(0..3)
            {
                pen.put(row.x, row.y + at, row.width, line, pen.theme.warn);
            }
        }
        Remote::Nothing | Remote::Loading => {
            if cx.requests.is_slow(want) {
                pen.put(row.x, row.y, row.width, picture(cx), pen.theme.dim);
            }
        }
    }
    true
}

/// `as of 19:02`, for data that is kept while the link is down.
pub(crate) fn age<T>(remote: &Remote<T>, cx: &Context) -> Option<String> {
    match (remote, cx.link) {
        (Remote::Stale(_), Link::Down { since }) => {
            Some(format!("as of {}", when::clock_time(since, cx.zone())))
        }
        (Remote::Stale(_), _) => Some("not up to date".to_owned()),
        _ => None,
    }
}

/// `copy, 12 s old`, for data that a standby read; and whether that is old enough to mind.
pub(crate) fn copy_age(cx: &Context) -> Option<(String, bool)> {
    let seconds = cx.behind?.as_secs();
    let age = match seconds {
        0..NOTICED => return Some(("copy, up to date".to_owned(), false)),
        NOTICED..120 => format!("{seconds} s"),
        120..7200 => format!("{} min", seconds / 60),
        7200..172_800 => format!("{} h", seconds / 3600),
        _ => format!("{} days", seconds / 86_400),
    };
    Some((format!("copy, {age} old"), seconds >= MINDED))
}
