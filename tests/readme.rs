//! What the README copies from the program is what the program says.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use pine_time::app::keymap;

const README: &str = include_str!("../README.md");

#[test]
fn the_table_of_keys_is_the_keymaps() {
    let (_, rest) = README.split_once("<!-- keys: begin").unwrap();
    let (_, rest) = rest.split_once("-->\n").unwrap();
    let (table, _) = rest.split_once("<!-- keys: end -->").unwrap();
    assert_eq!(
        table.trim(),
        keymap::as_markdown().trim(),
        "put the output of `pine-time keys --markdown` between the markers"
    );
}

#[test]
fn the_two_commands_are_there() {
    for command in ["cargo run --release -- demo", "cargo test"] {
        assert!(README.lines().any(|line| line == command), "{command}");
    }
}
