//! The help page: the keys that hold where it was asked for, out of the key table.

use crate::app::action::MoveAction;
use crate::app::context::Context;
use crate::app::cursor;
use crate::app::geometry;
use crate::app::keymap::{self, Audience, Chain};

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
    pub(crate) lines: Vec<HelpLine>,
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

    pub(crate) fn step(&mut self, to: MoveAction, cx: &Context) {
        let room = usize::from(geometry::inside(geometry::help(cx.setup.size)).height);
        self.top = cursor::scroll(self.top, to, self.lines.len(), room);
    }
}
