//! The pass, as a scanner sees it.

use insta::assert_snapshot;
use pine_time::domain::member::UserType;
use pine_time::domain::{Answer, Call};
use pine_time::ui::Theme;
use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier, Style};

use crate::fixtures::{Desk, profile};

/// A member's desk with their pass open.
fn with_pass(width: u16, height: u16) -> Desk {
    let mut desk = Desk::signed_in(UserType::Regular, width, height);
    desk.press("4");
    desk.reply(
        |call| matches!(call, Call::Profile),
        Ok(Answer::Profile(profile())),
    );
    desk.press("p");
    desk
}

/// Whether what is drawn in a style reaches a scanner as light, on a terminal that writes light on dark.
fn is_light(style: Style, ink: bool) -> bool {
    let reversed = style.add_modifier.contains(Modifier::REVERSED);
    match if ink { style.fg } else { style.bg } {
        Some(Color::White | Color::Rgb(0xff, 0xff, 0xff)) => true,
        Some(Color::Black | Color::Rgb(0x10, 0x10, 0x10)) => false,
        _ => ink != reversed,
    }
}

/// The screen as a camera sees it: two rows of light and dark a row of cells, each `SCALE` dots wide.
fn photograph(buffer: &Buffer) -> (usize, usize, Vec<bool>) {
    let area = buffer.area;
    let (wide, high) = (usize::from(area.width), usize::from(area.height) * 2);
    let mut light = Vec::with_capacity(wide * high);
    for row in 0..area.height {
        for half in [0, 1] {
            for column in 0..area.width {
                let cell = &buffer[(column, row)];
                let ink = match cell.symbol() {
                    "█" => true,
                    "▀" => half == 0,
                    "▄" => half == 1,
                    _ => false,
                };
                light.push(is_light(cell.style(), ink));
            }
        }
    }
    (wide, high, light)
}

/// What another library reads off the screen.
fn scan(buffer: &Buffer) -> Vec<String> {
    const SCALE: usize = 4;
    let (wide, high, light) = photograph(buffer);
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(wide * SCALE, high * SCALE, |x, y| {
        if light[y / SCALE * wide + x / SCALE] {
            255
        } else {
            0
        }
    });
    let read = image.detect_grids().into_iter().map(|grid| grid.decode());
    read.filter_map(Result::ok).map(|(_, text)| text).collect()
}

#[test]
fn a_scanner_reads_it_off_the_screen_in_every_theme() {
    let code = profile().pass_code.to_string();
    for (width, height) in [(80, 24), (120, 40), (60, 21)] {
        for theme in [Theme::terminal(), Theme::highland(), Theme::plain()] {
            let desk = with_pass(width, height);
            let buffer = desk.buffer(width, height, &theme);
            assert_eq!(scan(&buffer), [code.as_str()], "{width}×{height}");
        }
    }
}

#[test]
fn without_the_quiet_zone_it_would_not_be_read() {
    // What the screen shows beside the code is in the way of a scanner: the light margin is what keeps it off.
    let desk = with_pass(80, 24);
    let mut buffer = desk.buffer(80, 24, &Theme::terminal());
    let picture: Vec<(u16, u16)> = buffer
        .area
        .positions()
        .filter(|at| buffer[*at].style().bg == Some(Color::White))
        .map(|at| (at.x, at.y))
        .collect();
    let left = picture.iter().map(|at| at.0).min().unwrap();
    let top = picture.iter().map(|at| at.1).min().unwrap();
    for (x, y) in picture {
        // Two modules above, four on the left: dark now.
        if x < left + 4 || y < top + 2 {
            buffer[(x, y)].reset();
        }
    }
    assert_eq!(scan(&buffer), Vec::<String>::new());
}

#[test]
fn at_every_size() {
    for (width, height) in [(80, 24), (120, 40), (60, 16)] {
        let desk = with_pass(width, height);
        assert_snapshot!(format!("pass_{width}"), desk.screen(width, height));
    }
}
