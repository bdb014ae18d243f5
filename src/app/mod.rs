//! State and transitions: messages in, effects out. Pure: no database, no terminal, no clock but the one it is
//! given. How the state looks is the business of [`crate::ui`]; who carries the effects out, of [`crate::term`].

use std::time::Duration;

use crate::domain::when::Zone;
use crate::domain::{SafeText, Timestamp};

pub mod action;
mod ageing;
pub(crate) mod batch;
mod bindings;
pub(crate) mod context;
pub(crate) mod cursor;
pub(crate) mod earned;
pub mod effect;
mod focus;
pub(crate) mod geometry;
pub(crate) mod house;
mod input;
pub mod keymap;
pub(crate) mod kiosk;
mod link;
mod live;
mod mine;
mod model;
mod mouse;
pub mod msg;
pub(crate) mod news;
mod nonces;
pub(crate) mod overlay;
pub(crate) mod pages;
mod people;
mod plan_replies;
pub(crate) mod plan_words;
pub(crate) mod remote;
mod replies;
pub(crate) mod requests;
pub mod scanner;
pub(crate) mod screens;
mod session;
pub(crate) mod table;
pub(crate) mod text_field;
mod timers;
mod visit;
pub(crate) mod words;

pub use keymap::{Binding, as_markdown, bindings};
pub use model::Model;
pub use nonces::Nonces;

/// What a model is made of when the program starts.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The machine's clock.
    pub now: Timestamp,
    /// The zone of who looks at the screen, as far as the machine knows it.
    pub zone: Option<Zone>,
    /// The window, in columns and rows.
    pub size: (u16, u16),
    /// Idle time after which the screen locks; none is never.
    pub lock_after: Option<Duration>,
    /// Whether mouse events are listened to.
    pub mouse: bool,
    /// Whether a result at the door lights up for a moment.
    pub flash: bool,
    /// Whether a result at the door rings.
    pub bell: bool,
    /// How this terminal is called in the logs.
    pub device: SafeText,
    /// Whether the door begins with a rehearsal.
    pub rehearse: bool,
    /// Whether anybody may touch this terminal.
    pub kiosk: bool,
    /// Idle time after which a kiosk forgets who was there.
    pub kiosk_idle: Duration,
    /// Where nonces come from.
    pub nonces: Nonces,
}
