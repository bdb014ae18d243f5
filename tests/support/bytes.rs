//! What a program wrote to its terminal, judged byte by byte: which modes it left switched on, and whether anything
//! is in it that has no business on a terminal. The lists here are the tests' own, not the program's.

use std::collections::BTreeSet;

use unicode_normalization::char::is_combining_mark;

/// As many marks as one letter may carry: scripts in use need at most three.
const MAX_MARKS: usize = 4;

/// One thing that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// A character, or a control that is no escape.
    Char(char),
    /// `ESC [` parameters, final byte.
    Control(String, char),
    /// Any other escape, by the character after ESC.
    Escape(char),
    /// A byte that is not UTF-8.
    Broken(u8),
}

/// Takes the output apart.
pub fn pieces(bytes: &[u8]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for chunk in bytes.utf8_chunks() {
        let mut chars = chunk.valid().chars();
        while let Some(c) = chars.next() {
            pieces.push(match c {
                '\x1b' => match chars.next() {
                    Some('[') => {
                        let mut params = String::new();
                        let last = loop {
                            match chars.next() {
                                // The last is CAN: it ends a sequence that was cut in two.
                                Some(c @ ('\x40'..='\x7e' | '\x18')) => break c,
                                Some(c) => params.push(c),
                                None => break '\0',
                            }
                        };
                        Piece::Control(params, last)
                    }
                    other => Piece::Escape(other.unwrap_or('\0')),
                },
                c => Piece::Char(c),
            });
        }
        pieces.extend(chunk.invalid().iter().copied().map(Piece::Broken));
    }
    pieces
}

/// The private modes that are on after all this, and `hidden cursor` and `colours` if those were left so.
pub fn left_on(bytes: &[u8]) -> BTreeSet<String> {
    let mut on = BTreeSet::new();
    for piece in pieces(bytes) {
        let Piece::Control(params, last) = piece else {
            continue;
        };
        match (params.strip_prefix('?'), last) {
            (Some("25"), 'l') => on.extend(["hidden cursor".to_owned()]),
            (Some("25"), 'h') => on.retain(|mode| mode != "hidden cursor"),
            (Some(modes), 'h') => on.extend(modes.split(';').map(str::to_owned)),
            (Some(modes), 'l') => on.retain(|mode| !modes.split(';').any(|off| off == mode)),
            (None, 'm') if params.is_empty() || params == "0" => on.retain(|mode| mode != "colours"),
            (None, 'm') => on.extend(["colours".to_owned()]),
            _ => {}
        }
    }
    on
}

/// Everything in the output that should not be in it, each with where it stands. The only escapes that may
/// be there are those that place the cursor, clear, colour, and switch the modes of a full-screen program.
pub fn forbidden(bytes: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    let (mut full_screen, mut marks) = (false, 0);
    for (at, piece) in pieces(bytes).into_iter().enumerate() {
        match &piece {
            Piece::Char(c) if piles_up(*c) => marks += 1,
            // A change of colours leaves the cursor behind the same letter.
            Piece::Control(_, 'm') => {}
            Piece::Control(params, last @ ('h' | 'l')) if params == "?1049" => full_screen = *last == 'h',
            _ => marks = 0,
        }
        let fine = match &piece {
            // A full-screen program places its cursor; what breaks a line there came from outside.
            Piece::Char('\r' | '\n') => !full_screen,
            Piece::Char(c) => allowed(*c) && marks <= MAX_MARKS,
            Piece::Control(params, last) => known(params, *last),
            Piece::Escape(_) | Piece::Broken(_) => false,
        };
        if !fine {
            found.push(format!("{piece:?} (piece {at})"));
        }
    }
    found
}

/// Whether anything was coloured; weight, underline and reverse are no colours.
pub fn has_colour(bytes: &[u8]) -> bool {
    pieces(bytes).iter().any(|piece| match piece {
        Piece::Control(params, 'm') => params.split(';').any(|n| {
            n.parse()
                .is_ok_and(|n: u16| matches!(n, 30..=38 | 40..=48 | 90..=97 | 100..=107))
        }),
        _ => false,
    })
}

fn known(params: &str, last: char) -> bool {
    let number = |n: &str| n.bytes().all(|b| b.is_ascii_digit()) && (n == "0" || !n.starts_with('0'));
    let numbers = params.split(';').all(number);
    match last {
        'H' | 'C' | 'J' | 'K' | 'm' => numbers,
        'h' | 'l' => matches!(params, "?25" | "?1000" | "?1006" | "?1049" | "?2004" | "?2026"),
        _ => false,
    }
}

/// Whether a character takes no cell of its own but goes onto the one before: a mark, or a letter of old Hangul
/// that is put together with those before it.
fn piles_up(c: char) -> bool {
    is_combining_mark(c) || matches!(c, '\u{1160}'..='\u{11FF}' | '\u{D7B0}'..='\u{D7FB}')
}

fn allowed(c: char) -> bool {
    match c {
        c if c.is_control() => false,
        // Turns the reading direction.
        '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'
        // Cannot be seen, or hides what stands next to it.
        | '\u{AD}' | '\u{34F}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200D}' | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{2065}' | '\u{206A}'..='\u{206F}'
        | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}'
        | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
        // Means whatever the font likes, or is no character at all.
        | '\u{E000}'..='\u{F8FF}' | '\u{E0000}'..='\u{10FFFF}' | '\u{FDD0}'..='\u{FDEF}' => false,
        c if u32::from(c) & 0xFFFE == 0xFFFE => false,
        _ => true,
    }
}

#[test]
fn the_judge_knows_right_from_wrong() {
    let good = "\x1b[?1049h\x1b[2J\x1b[3;4H\x1b[0;1;38;5;7mNiño 猫 e\u{301}\u{302}\u{303}\u{304}e\u{301}\x1b[m\x1b[?25l\x1b[?25h\x1b[?1049l\r\n";
    assert_eq!(forbidden(good.as_bytes()), Vec::<String>::new());
    assert_eq!(left_on(good.as_bytes()), BTreeSet::new());
    for bad in [
        &b"\x1b]0;title\x07"[..],
        b"\x1b[6n",
        b"\x1b[c",
        b"\x1b[?1003h",
        b"\x1b[031m",
        b"\x1b[01;01H",
        b"\x1bc",
        b"\x07",
        b"\xff",
        "\u{202E}".as_bytes(),
        "\u{9b}31m".as_bytes(),
        "\u{200b}".as_bytes(),
        "\u{E0041}".as_bytes(),
        "\u{1BCA0}".as_bytes(),
        "\u{2FFFE}".as_bytes(),
        "e\u{301}\u{302}\u{303}\x1b[1m\u{304}\u{305}".as_bytes(),
        "\u{1100}\u{1161}\u{1161}\u{1161}\u{1161}\u{1161}".as_bytes(),
        b"\x1b[?1049hone\ntwo\x1b[?1049l",
        b"\x1b[?1049hone\rtwo\x1b[?1049l",
    ] {
        assert!(!forbidden(bad).is_empty(), "{:?}", bad.escape_ascii().to_string());
    }
    assert_eq!(left_on(b"\x1b[?1049h\x1b[?25l\x1b[31m").len(), 3);
}
