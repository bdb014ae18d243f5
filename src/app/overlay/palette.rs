//! The command palette: every action of where it was opened, found by a few letters of its name.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use crate::app::action::{Action, AppAction, MoveAction, OverlayAction};
use crate::app::bindings::MOVING;
use crate::app::context::{Context, Wish};
use crate::app::cursor::Cursor;
use crate::app::geometry;
use crate::app::keymap::{self, Audience, Binding, Chain, Key};
use crate::app::text_field::{Edit, TextField};

/// Longest search.
const MAX_SEARCH: usize = 60;

/// One command, and why it cannot be done now.
#[derive(Debug, Clone)]
pub(crate) struct Command {
    pub(crate) binding: &'static Binding,
    pub(crate) name: String,
    pub(crate) keys: String,
    pub(crate) why_not: Option<String>,
}

/// The palette.
#[derive(Debug)]
pub(crate) struct Palette {
    pub(crate) field: TextField,
    pub(crate) commands: Vec<Command>,
    /// What matches, best first.
    pub(crate) shown: Vec<usize>,
    pub(crate) cursor: Cursor,
}

impl Palette {
    pub(crate) fn new(chain: Chain, audience: Audience, why_not: impl Fn(Action) -> Option<String>) -> Self {
        let mut commands: Vec<Command> = Vec::new();
        for binding in keymap::reachable(chain, audience) {
            let palette = binding.action == Action::App(AppAction::Palette);
            let known = commands
                .iter()
                .any(|known| known.binding.action == binding.action);
            if binding.group == MOVING || palette || known {
                continue;
            }
            commands.push(Command {
                binding,
                name: format!("{}: {}", binding.group, name(binding)),
                keys: binding
                    .keys
                    .iter()
                    .map(ToString::to_string)
                    .collect::<Vec<_>>()
                    .join(" "),
                why_not: why_not(binding.action),
            });
        }
        let mut palette = Self {
            field: TextField::new(MAX_SEARCH),
            shown: Vec::new(),
            commands,
            cursor: Cursor::default(),
        };
        palette.search();
        palette
    }

    pub(crate) fn search(&mut self) {
        let pattern = Pattern::parse(self.field.text(), CaseMatching::Ignore, Normalization::Smart);
        let mut matcher = Matcher::new(Config::DEFAULT);
        let mut buffer = Vec::new();
        let mut found: Vec<(u32, usize)> = self
            .commands
            .iter()
            .enumerate()
            .filter_map(|(at, command)| {
                let score = pattern.score(Utf32Str::new(&command.name, &mut buffer), &mut matcher)?;
                Some((score, at))
            })
            .collect();
        found.sort_by_key(|(score, at)| (std::cmp::Reverse(*score), *at));
        self.shown = found.into_iter().map(|(_, at)| at).collect();
        self.cursor = Cursor::default();
    }

    pub(crate) fn key(&mut self, key: Key) -> Edit {
        let edit = self.field.key(key);
        self.edited(edit)
    }

    pub(crate) fn paste(&mut self, raw: &str) -> Edit {
        let edit = self.field.paste(raw);
        self.edited(edit)
    }

    fn edited(&mut self, edit: Edit) -> Edit {
        if matches!(edit, Edit::Changed | Edit::Cut) {
            self.search();
        }
        edit
    }

    pub(crate) fn step(&mut self, to: MoveAction, cx: &Context) {
        let room = usize::from(geometry::palette_list(cx.setup.size).height);
        self.cursor.step(to, self.shown.len(), room);
        self.cursor.fit(self.shown.len(), room);
    }

    pub(crate) fn act(&mut self, action: OverlayAction, cx: &mut Context) {
        let chosen = self
            .shown
            .get(self.cursor.at)
            .and_then(|at| self.commands.get(*at));
        match (action, chosen) {
            (OverlayAction::Take, None) => {}
            (OverlayAction::Take, Some(command)) => {
                cx.wish(Wish::Close);
                cx.wish(Wish::Perform(command.binding));
            }
            _ => cx.wish(Wish::Close),
        }
    }
}

/// Keys that share a line of help need names of their own here.
fn name(binding: &Binding) -> &'static str {
    use crate::app::action::{CalendarAction, FormAction};
    match binding.action {
        Action::Calendar(CalendarAction::MonthBack) => "the month before",
        Action::Calendar(CalendarAction::MonthOn) => "the month after",
        Action::Form(FormAction::ChoiceBack) => "the type before",
        Action::Form(FormAction::ChoiceOn) => "the type after",
        _ => binding.help,
    }
}
