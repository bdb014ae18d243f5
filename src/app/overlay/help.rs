//! The help page: the keys that hold where it was asked for, out of the key table.

use crate::app::action::MoveAction;
use crate::app::context::Context;
use crate::app::cursor;
use crate::app::geometry;
use crate::app::keymap::{self, Audience, Chain};
use crate::app::words;

/// How far in the words begin that tell what a key does.
pub(crate) const INDENT: u16 = 30;

/// A line of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum HelpLine {
    Blank,
    Heading(&'static str),
    Keys { keys: String, help: &'static str },
}

/// The help page.
#[derive(Debug)]
pub(crate) struct Help {
    pub(crate) title: &'static str,
    lines: Vec<HelpLine>,
    pub(crate) top: usize,
}

impl Help {
    pub(crate) fn new(chain: Chain, audience: Audience) -> Self {
        let records = keymap::merged(keymap::reachable(chain, audience));
        let mut groups: Vec<&'static str> = Vec::new();
        for (_, record) in &records {
            if !groups.contains(&record.group) {
                groups.push(record.group);
            }
        }
        let mut lines = Vec::new();
        for group in groups {
            if !lines.is_empty() {
                lines.push(HelpLine::Blank);
            }
            lines.push(HelpLine::Heading(group));
            for (keys, record) in records.iter().filter(|(_, record)| record.group == group) {
                lines.push(HelpLine::Keys {
                    keys: keys.clone(),
                    help: record.help,
                });
            }
        }
        Self {
            title: chain.first().map_or("", |scope| scope.title()),
            lines,
            top: 0,
        }
    }

    /// The lines as they stand in a page of this width: long words go on below, nothing is cut.
    pub(crate) fn lines_within(&self, width: u16) -> Vec<HelpLine> {
        let room = usize::from(width.saturating_sub(INDENT)).max(1);
        let mut lines = Vec::with_capacity(self.lines.len());
        for line in &self.lines {
            let HelpLine::Keys { keys, help } = line else {
                lines.push(line.clone());
                continue;
            };
            let mut keys = keys.clone();
            for part in words::wrap(help, room) {
                lines.push(HelpLine::Keys {
                    keys: std::mem::take(&mut keys),
                    help: part,
                });
            }
        }
        lines
    }

    pub(crate) fn step(&mut self, to: MoveAction, cx: &Context) {
        let page = geometry::inside(geometry::help(cx.setup.size));
        let lines = self.lines_within(page.width).len();
        self.top = cursor::scroll(self.top, to, lines, usize::from(page.height));
    }
}
