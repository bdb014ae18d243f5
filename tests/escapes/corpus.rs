//! What somebody might write where a name belongs, each between two marks that can be seen: what drives a terminal, what
//! turns the reading direction, what cannot be seen, and what piles up.

use crate::support::bytes::forbidden;

/// Stands before and behind everything here, so that a test sees where one of them is shown.
pub(crate) const MARK: &str = "Qz";

/// Controls and sequences of every kind, with names for whoever reads of a failure.
pub(crate) fn texts() -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Vec::new();
    let mut add = |name: &str, text: &str| all.push((name.to_owned(), format!("{MARK}{text}{MARK}")));
    // PostgreSQL keeps no NUL; files may have one.
    let controls = |range: std::ops::RangeInclusive<u32>| -> String {
        range.filter_map(char::from_u32).filter(|c| *c != '\0').collect()
    };
    add("C0", &controls(0..=0x1f));
    add("DEL and C1", &controls(0x7f..=0x9f));
    add("cursor home, clear, colour", "\u{1b}[H\u{1b}[2J\u{1b}[31mred");
    // What our own screens never write: numbers with a nought in front.
    add("the same in other words", "\u{1b}[01;01H\u{1b}[02J\u{1b}[031mred");
    add("CSI of one byte", "\u{9b}2J\u{9b}31mred");
    add("reset", "\u{1b}c\u{1b}[!p");
    add("asks the terminal", "\u{1b}[6n\u{1b}[c\u{5}");
    add("title", "\u{1b}]0;title\u{7}\u{1b}]2;title\u{1b}\\");
    add("link", "\u{1b}]8;;https://example.org\u{7}here\u{1b}]8;;\u{7}");
    add(
        "link, ended by ST",
        "\u{1b}]8;id=1;https://example.org\u{1b}\\here\u{1b}]8;;\u{1b}\\",
    );
    add("clipboard", "\u{1b}]52;c;cm0gLXJm\u{7}\u{1b}]52;p;?\u{1b}\\");
    add("clipboard, C1", "\u{9d}52;c;cm0gLXJm\u{9c}");
    add(
        "DCS, APC, PM, SOS",
        "\u{1b}P+q544e\u{1b}\\\u{1b}_Gf=1\u{1b}\\\u{1b}^x\u{1b}\\\u{1b}Xx\u{1b}\\",
    );
    add(
        "DCS, C1",
        "\u{90}$q q\u{9c}\u{9f}x\u{9c}\u{9e}x\u{9c}\u{98}x\u{9c}",
    );
    add("begun and not ended", "\u{1b}]0;");
    add("modes", "\u{1b}[?1049l\u{1b}[?25h\u{1b}[?2004l\u{1b}[?1003h");
    add("other alphabet", "\u{e}lqqk\u{f}\u{1b}(0lqqk\u{1b}(B");
    add(
        "bidi",
        "\u{202e}txet\u{202c}\u{202d}\u{202a}\u{202b}\u{2066}\u{2067}\u{2068}\u{2069}\u{200e}\u{200f}\u{61c}",
    );
    add(
        "zero width",
        "a\u{200b}b\u{200c}c\u{200d}d\u{2060}e\u{feff}f\u{ad}g\u{34f}h\u{180e}i\u{2061}\u{2064}j",
    );
    add(
        "blank letters",
        "\u{115f}\u{1160}\u{3164}\u{ffa0}\u{17b4}\u{17b5}\u{1bca0}\u{1d173}",
    );
    add(
        "line ends",
        "one\ntwo\rthree\r\nfour\u{85}five\u{2028}six\u{2029}seven\tend",
    );
    add("tags", &format!("\u{e0001}{}", controls(0xe0020..=0xe007f)));
    add(
        "selectors",
        &format!("x\u{fe0e}\u{fe0f}\u{fe00}{}", controls(0xe0100..=0xe010f)),
    );
    add("private use", "\u{e000}\u{f8ff}\u{f0000}\u{10fffd}");
    add(
        "noncharacters",
        "\u{fdd0}\u{ffff}\u{fffe}\u{1ffff}\u{2fffe}\u{10ffff}\u{fff9}x\u{fffb}",
    );
    add(
        "combining flood",
        &format!("Z{}", "\u{336}\u{489}\u{20dd}\u{1ab0}".repeat(250)),
    );
    add("flood on nothing", &"\u{301}".repeat(300));
    add(
        "letters put together",
        &format!("\u{1100}{}", "\u{1161}\u{11a8}".repeat(150)),
    );
    add("wide and joined", "日本語👩🏽\u{200d}🚀🇵🇭👨\u{200d}👩\u{200d}👧");
    add("right to left", "العربية עברית");
    add("long", &"W".repeat(2_000));
    add("a formula", "=HYPERLINK(\"https://example.org\")");
    all
}

/// Those that a terminal may be given as they are; here they are tried because they are long, wide or read leftwards.
const HARMLESS: [&str; 3] = ["a formula", "long", "right to left"];

/// What is no UTF-8 at all: stray bytes, surrogates, an overlong slash, cut in two, and NUL.
pub(crate) fn bytes() -> Vec<(&'static str, Vec<u8>)> {
    let around = |inner: &[u8]| [MARK.as_bytes(), inner, MARK.as_bytes()].concat();
    vec![
        ("stray bytes", around(b"\x80\xbf\xfe\xff")),
        ("surrogates", around(b"\xed\xa0\x80\xed\xbf\xbf")),
        ("overlong", around(b"\xc0\xaf\xe0\x80\xaf\xf0\x80\x80\xaf")),
        ("beyond Unicode", around(b"\xf4\x90\x80\x80\xf8\x88\x80\x80\x80")),
        ("cut in two", around(b"\xe6\x97")),
        ("C1 as bytes", around(b"\x9b31m\x9d52;c;eA==\x9c")),
        ("NUL", around(b"\0")),
    ]
}

/// A bit of everything in one short line, for fields that hold little.
pub(crate) fn everything_at_once() -> String {
    format!(
        "{MARK}\u{1b}[01;01H\u{1b}]0;t\u{7}\u{1b}]8;;x\u{7}\u{9b}2J\u{9d}52;c;eA==\u{9c}\u{202e}\u{2066}\u{200b}\u{e0041}\u{e000}\u{fffe}Z{}{MARK}",
        "\u{336}\u{489}\u{11a8}".repeat(4)
    )
}

/// Everything in an output that should not be in it: what no program may write, and what of the corpus is of a form that
/// our own screens use as well.
pub(crate) fn let_through(output: &[u8]) -> Vec<String> {
    let mut found = forbidden(output);
    for (name, text) in texts() {
        let inner = text.trim_start_matches(MARK).trim_end_matches(MARK).as_bytes();
        if inner.contains(&0x1b) && forbidden(inner).is_empty() {
            let at = output.windows(inner.len()).position(|window| window == inner);
            found.extend(at.map(|at| format!("{name:?} as it is (byte {at})")));
        }
    }
    found
}

/// The control of every test here: whatever of the corpus came through as it is would be found.
#[test]
fn the_judge_refuses_each_of_it() {
    let mut passed: Vec<String> = texts()
        .into_iter()
        .filter(|(_, text)| let_through(text.as_bytes()).is_empty())
        .map(|(name, _)| name)
        .collect();
    passed.sort();
    assert_eq!(passed, HARMLESS);
    for (name, bytes) in bytes() {
        assert!(!forbidden(&bytes).is_empty(), "{name}");
    }
    // And one by one, in the middle of a screen: every control, as UTF-8 and as the bytes of one that is not.
    let within = |inner: &[u8]| [b"\x1b[?1049h\x1b[1;1HQz", inner, b"Qz\x1b[?1049l"].concat();
    for control in (0..0x20).chain(0x7f..0xa0) {
        let control = char::from(control);
        let found = forbidden(&within(control.to_string().as_bytes()));
        assert!(!found.is_empty(), "{control:?}");
    }
    for byte in 0x80..=0xff {
        assert!(!forbidden(&within(&[byte])).is_empty(), "{byte:#x}");
    }
    assert!(forbidden(&within("é猫".as_bytes())).is_empty());
}
