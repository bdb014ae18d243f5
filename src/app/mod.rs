//! State and transitions: messages in, effects out. Pure: no database, no terminal, no clock but the one it is
//! given. How the state looks is the business of [`crate::ui`]; who carries the effects out, of [`crate::term`].

pub mod effect;
pub mod msg;
