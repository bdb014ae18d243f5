use crossterm::event::{KeyEvent, MouseButton, MouseEvent, MouseEventKind};
use proptest::prelude::*;

use super::*;

fn decode(pieces: &[&[u8]]) -> Vec<Event> {
    let mut decoder = Decoder::default();
    let mut out = Vec::new();
    for piece in pieces {
        decoder.feed(piece, &mut out);
    }
    if decoder.patience().is_some() {
        decoder.flush(&mut out);
    }
    assert_eq!(decoder.patience(), None, "nothing stays pending after a flush");
    out
}

fn press(code: KeyCode, modifiers: KeyModifiers) -> Event {
    Event::Key(KeyEvent::new(code, modifiers))
}

#[test]
fn every_key_a_terminal_sends_is_understood() {
    let none = KeyModifiers::NONE;
    for (bytes, code, modifiers) in [
        (&b"a"[..], KeyCode::Char('a'), none),
        (b"A", KeyCode::Char('A'), KeyModifiers::SHIFT),
        ("ñ".as_bytes(), KeyCode::Char('ñ'), none),
        ("猫".as_bytes(), KeyCode::Char('猫'), none),
        ("🙂".as_bytes(), KeyCode::Char('🙂'), none),
        (b"\r", KeyCode::Enter, none),
        (b"\x1bOM", KeyCode::Enter, none),
        (b"\t", KeyCode::Tab, none),
        (b"\x1b[Z", KeyCode::BackTab, KeyModifiers::SHIFT),
        (b"\x7f", KeyCode::Backspace, none),
        (b"\x03", KeyCode::Char('c'), KeyModifiers::CONTROL),
        (b"\x1a", KeyCode::Char('z'), KeyModifiers::CONTROL),
        (b"\x00", KeyCode::Char(' '), KeyModifiers::CONTROL),
        (b"\x1b", KeyCode::Esc, none),
        (b"\x1b1", KeyCode::Char('1'), KeyModifiers::ALT),
        (b"\x1b]", KeyCode::Char(']'), KeyModifiers::ALT),
        (b"\x1b[A", KeyCode::Up, none),
        (b"\x1bOB", KeyCode::Down, none),
        (b"\x1b[1;5C", KeyCode::Right, KeyModifiers::CONTROL),
        (b"\x1b[H", KeyCode::Home, none),
        (b"\x1b[4~", KeyCode::End, none),
        (b"\x1b[5~", KeyCode::PageUp, none),
        (b"\x1b[3;2~", KeyCode::Delete, KeyModifiers::SHIFT),
        (b"\x1bOP", KeyCode::F(1), none),
        (b"\x1b[[B", KeyCode::F(2), none),
        (b"\x1b[15~", KeyCode::F(5), none),
        (b"\x1b[24~", KeyCode::F(12), none),
        (b"\x1b[1;2R", KeyCode::F(3), KeyModifiers::SHIFT),
        (b"\x1b[99;5u", KeyCode::Char('c'), KeyModifiers::CONTROL),
        (b"\x1b[27;5;112~", KeyCode::Char('p'), KeyModifiers::CONTROL),
        (b"\x1b[97;2u", KeyCode::Char('A'), KeyModifiers::SHIFT),
    ] {
        assert_eq!(
            decode(&[bytes]),
            [press(code, modifiers)],
            "{:?}",
            bytes.escape_ascii().to_string()
        );
    }
}

#[test]
fn keys_let_go_answers_and_rubbish_are_no_keys() {
    for bytes in [
        &b"\x1b[97;1:3u"[..],
        b"\x1b[24;80R",
        b"\x1b[?1;2c",
        b"\x1b]11;rgb:0000/0000/0000\x1b\\",
        b"\x1b]11;rgb:0000/0000/0000\x07",
        b"\x1bP>|term 1\x1b\\",
        b"\x1b[I",
        b"\x1b[M !!",
        b"\xff\x9b\x80",
        b"\x1b[0;0;0;0;0X",
        b"\x1b[<0;0;0M",
        b"\x1b[99999999999999u",
        b"\x1b[57358u",
    ] {
        assert_eq!(
            decode(&[bytes, b"x"]),
            [press(KeyCode::Char('x'), KeyModifiers::NONE)],
            "{bytes:?}"
        );
    }
}

#[test]
fn an_arrow_in_two_pieces_is_no_escape() {
    let up = [press(KeyCode::Up, KeyModifiers::NONE)];
    assert_eq!(decode(&[b"\x1b", b"[A"]), up);
    assert_eq!(decode(&[b"\x1b[", b"A"]), up);
}

#[test]
fn a_paste_is_one_event_however_it_is_cut() {
    let text = "line one\nline two \u{1b}[31m ñ ".repeat(40_000);
    assert!(text.len() > 1 << 20);
    let mut sent = b"\x1b[200~".to_vec();
    sent.extend_from_slice(text.as_bytes());
    sent.extend_from_slice(b"\x1b[201~q");
    for size in [1, 7, 1000, 4095, sent.len()] {
        let pieces: Vec<&[u8]> = sent.chunks(size).collect();
        let got = decode(&pieces);
        assert_eq!(got.len(), 2, "pieces of {size}");
        assert!(
            matches!(&got[0], Event::Paste(pasted) if *pasted == text),
            "pieces of {size}"
        );
        assert_eq!(got[1], press(KeyCode::Char('q'), KeyModifiers::NONE));
    }
}

#[test]
fn a_paste_that_never_ends_gives_the_keyboard_back() {
    let mut decoder = Decoder::default();
    let mut out = Vec::new();
    decoder.feed(b"\x1b[200~abc", &mut out);
    assert!(out.is_empty());
    assert_eq!(decoder.patience(), Some(PASTE_WAIT));
    decoder.flush(&mut out);
    decoder.feed(b"\x03", &mut out);
    assert_eq!(
        out,
        [
            Event::Paste("abc".into()),
            press(KeyCode::Char('c'), KeyModifiers::CONTROL)
        ]
    );
}

#[test]
fn a_paste_without_measure_is_cut_and_still_ends() {
    let mut decoder = Decoder::default();
    let mut out = Vec::new();
    decoder.feed(b"\x1b[200~", &mut out);
    let piece = vec![b'x'; 1 << 20];
    for _ in 0..12 {
        decoder.feed(&piece, &mut out);
        let kept = decoder.paste.as_ref().map(|paste| paste.bytes.len());
        assert!(kept.is_some_and(|kept| kept <= PASTE_LIMIT + PASTE_END.len()));
    }
    decoder.feed(b"\x1b[20", &mut out);
    decoder.feed(b"1~y", &mut out);
    assert!(matches!(&out[0], Event::Paste(text) if text.len() == PASTE_LIMIT));
    assert_eq!(out[1], press(KeyCode::Char('y'), KeyModifiers::NONE));
}

#[test]
fn the_mouse_counts_from_nought() {
    let none = KeyModifiers::NONE;
    let at = |kind, modifiers| {
        Event::Mouse(MouseEvent {
            kind,
            column: 9,
            row: 4,
            modifiers,
        })
    };
    assert_eq!(
        decode(&[b"\x1b[<0;10;5M"]),
        [at(MouseEventKind::Down(MouseButton::Left), none)]
    );
    assert_eq!(
        decode(&[b"\x1b[<2;10;5m"]),
        [at(MouseEventKind::Up(MouseButton::Right), none)]
    );
    assert_eq!(
        decode(&[b"\x1b[<65;10;5M"]),
        [at(MouseEventKind::ScrollDown, none)]
    );
    assert_eq!(
        decode(&[b"\x1b[<80;10;5M"]),
        [at(MouseEventKind::ScrollUp, KeyModifiers::CONTROL)]
    );
}

proptest! {
    /// Bytes that look like sequences as often as not: nothing panics, and where they are cut makes no difference.
    #[test]
    fn cutting_changes_nothing(
        bytes in prop::collection::vec(
            prop_oneof![
                4 => prop::sample::select(b"\x1b[]O;:<M~u0123456789mAZ\\P\x07".to_vec()),
                1 => any::<u8>(),
            ],
            0..120,
        ),
        size in 1usize..9,
    ) {
        let whole = decode(&[&bytes]);
        let pieces: Vec<&[u8]> = bytes.chunks(size).collect();
        prop_assert_eq!(decode(&pieces), whole);
    }
}
