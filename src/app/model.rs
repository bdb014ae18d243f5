//! The model: everything the program knows, and the only place where it changes.

use crate::domain::Timestamp;

use super::Setup;
use super::effect::Effect;
use super::msg::Msg;

/// The whole state behind the screens.
#[derive(Debug)]
pub struct Model {
    setup: Setup,
    dirty: bool,
}

impl Model {
    /// The state before anything has happened: the sign-in screen, nothing known of the database.
    pub fn new(setup: Setup) -> Self {
        Self { setup, dirty: true }
    }

    /// What is to be done first.
    pub fn start(&mut self) -> Vec<Effect> {
        Vec::new()
    }

    /// Tells the machine's clock; called before every [`Model::update`].
    pub fn set_now(&mut self, now: Timestamp) {
        self.setup.now = now;
    }

    /// Lets one event change the state, and answers what is to be done about it.
    pub fn update(&mut self, msg: Msg) -> Vec<Effect> {
        self.dirty = true;
        match msg {
            Msg::Key(_) => vec![Effect::Quit { drain: false }],
            _ => Vec::new(),
        }
    }

    /// Whether anything has changed since this was last asked; the loop draws only then.
    pub fn take_dirty(&mut self) -> bool {
        std::mem::take(&mut self.dirty)
    }
}
