//! Waiting, at the place where the answer will be: nothing for what is quick, then a small turning thing.

use ratatui::layout::Rect;

use crate::app::context::{Context, Link};
use crate::app::remote::Remote;
use crate::app::requests::Want;
use crate::domain::when;
use crate::ui::pen::Pen;

const PICTURES: [&str; 10] = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

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
