//! Parts that several screens draw, one file each.

pub(crate) mod bar;
pub(crate) mod big_word;
pub(crate) mod field;
pub(crate) mod picture_code;
pub(crate) mod report;
pub(crate) mod sparkline;
pub(crate) mod spinner;
