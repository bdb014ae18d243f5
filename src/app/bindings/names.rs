//! Keys and headings by the names that the table gives them.

use crossterm::event::KeyCode;

use crate::app::keymap::Key;

pub(super) const ENTER: Key = Key::plain(KeyCode::Enter);
pub(super) const ESC: Key = Key::plain(KeyCode::Esc);
pub(super) const TAB: Key = Key::plain(KeyCode::Tab);
pub(super) const BACK_TAB: Key = Key::plain(KeyCode::BackTab);
pub(super) const UP: Key = Key::plain(KeyCode::Up);
pub(super) const DOWN: Key = Key::plain(KeyCode::Down);
pub(super) const LEFT: Key = Key::plain(KeyCode::Left);
pub(super) const RIGHT: Key = Key::plain(KeyCode::Right);
pub(super) const INSERT: Key = Key::plain(KeyCode::Insert);
pub(super) const DELETE: Key = Key::plain(KeyCode::Delete);
pub(super) const HOME: Key = Key::plain(KeyCode::Home);
pub(super) const END: Key = Key::plain(KeyCode::End);
pub(super) const PAGE_UP: Key = Key::plain(KeyCode::PageUp);
pub(super) const PAGE_DOWN: Key = Key::plain(KeyCode::PageDown);

/// Heading of what moves the cursor; the palette leaves these out.
pub(crate) const MOVING: &str = "Moving";
pub(super) const EVENTS: &str = "Events";
pub(super) const VIEW: &str = "View";
pub(super) const DOOR: &str = "Door";
pub(super) const MONEY: &str = "Money";
pub(crate) const PEOPLE: &str = "People";
pub(super) const GAME: &str = "Points and badges";
pub(super) const FORM: &str = "Form";
pub(crate) const SCREENS: &str = "Screens";
pub(super) const PROGRAM: &str = "Program";
pub(super) const ACCOUNT: &str = "Account";
pub(super) const ANSWER: &str = "Answer";
