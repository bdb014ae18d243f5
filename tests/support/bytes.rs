//! What a program wrote to its terminal, judged byte by byte: which modes it left switched on, and whether anything
//! is in it that has no business on a terminal. The lists here are the tests' own, not the program's.

use std::collections::BTreeSet;

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
    for (at, piece) in pieces(bytes).into_iter().enumerate() {
        let fine = match &piece {
            Piece::Char(c) => allowed(*c),
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
    let numbers = params.chars().all(|c| c.is_ascii_digit() || c == ';');
    match last {
        'H' | 'C' | 'J' | 'K' | 'm' => numbers,
        'h' | 'l' => matches!(params, "?25" | "?1000" | "?1006" | "?1049" | "?2004" | "?2026"),
        _ => false,
    }
}

fn allowed(c: char) -> bool {
    match c {
        // A shell's or a test's own lines before and after the screens.
        '\r' | '\n' => true,
        c if c.is_control() => false,
        // Turns the reading direction.
        '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'
        // Cannot be seen, or hides what stands next to it.
        | '\u{AD}' | '\u{34F}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200D}' | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{2065}' | '\u{206A}'..='\u{206F}'
        | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}'
        // Means whatever the font likes.
        | '\u{E000}'..='\u{F8FF}' | '\u{E0000}'..='\u{10FFFF}' => false,
        _ => true,
    }
}

#[test]
fn the_judge_knows_right_from_wrong() {
    let good = "\x1b[?1049h\x1b[2J\x1b[3;4H\x1b[0;1;38;5;7mNiño 猫\x1b[m\x1b[?25l\x1b[?25h\x1b[?1049l\r\n";
    assert_eq!(forbidden(good.as_bytes()), Vec::<String>::new());
    assert_eq!(left_on(good.as_bytes()), BTreeSet::new());
    for bad in [
        &b"\x1b]0;title\x07"[..],
        b"\x1b[6n",
        b"\x1b[c",
        b"\x1b[?1003h",
        b"\x1bc",
        b"\x07",
        b"\xff",
        "\u{202E}".as_bytes(),
        "\u{9b}31m".as_bytes(),
        "\u{200b}".as_bytes(),
        "\u{E0041}".as_bytes(),
    ] {
        assert!(!forbidden(bad).is_empty(), "{:?}", bad.escape_ascii().to_string());
    }
    assert_eq!(left_on(b"\x1b[?1049h\x1b[?25l\x1b[31m").len(), 3);
}
