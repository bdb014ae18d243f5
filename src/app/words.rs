//! Sentences and text measures that state and drawing share: what came of a write, how long a page is, and how
//! text is folded for searching.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::domain::Timestamp;
use crate::domain::badge::Earned;
use crate::domain::event::{CancelOutcome, EventLine, EventPage, RegisterOutcome};
use crate::domain::seats::Attendees;
use crate::domain::when::{self, Zone};

use super::context::{Context, Tone};

/// Texts in lower case and without marks, one after the other, so that `nino` finds `Niño`.
pub(crate) fn fold(texts: &[impl AsRef<str>]) -> String {
    let mut out = String::new();
    for text in texts {
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(
            text.as_ref()
                .nfd()
                .filter(|c| !is_combining_mark(*c))
                .flat_map(char::to_lowercase),
        );
    }
    out
}

/// Breaks text into lines of at most `width` columns, between words where there are any.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<&str> {
    let width = width.max(1);
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let (mut start, mut end, mut used) = (0, 0, 0);
        for (at, word) in pieces(paragraph) {
            let wide = word.width();
            if used + wide > width && !word.trim().is_empty() {
                if used > 0 {
                    lines.push(paragraph[start..end].trim_end());
                    (start, used) = (at, 0);
                }
                if wide > width {
                    // One word longer than a line is broken between letters.
                    for (offset, letter) in word.grapheme_indices(true) {
                        if used + letter.width() > width {
                            lines.push(&paragraph[start..at + offset]);
                            (start, used) = (at + offset, 0);
                        }
                        used += letter.width();
                    }
                    end = at + word.len();
                    continue;
                }
            }
            if used == 0 && word.trim().is_empty() && start > 0 {
                // The space at which a line was broken does not begin the next.
                start = at + word.len();
                end = start;
                continue;
            }
            used += wide;
            end = at + word.len();
        }
        lines.push(paragraph[start..end].trim_end());
    }
    lines
}

/// `yours is Berlin, 7 h behind`: said where the viewer's clock shows another time than the community's.
pub(crate) fn other_clock(at: Timestamp, cx: &Context) -> Option<String> {
    let zone = cx.elsewhere(at)?;
    let minutes = (zone.wall(at) - cx.zone().wall(at)).num_minutes();
    let amount = match (minutes.abs() / 60, minutes.abs() % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    };
    let side = if minutes < 0 { "behind" } else { "ahead" };
    Some(format!("yours is {}, {amount} {side}", zone.city()))
}

/// Words and what stands between them; a stop or a comma belongs to the word before it.
fn pieces(paragraph: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut bounds = paragraph.split_word_bound_indices().peekable();
    std::iter::from_fn(move || {
        let (at, word) = bounds.next()?;
        let mut end = at + word.len();
        let is_blank = |text: &str| text.chars().all(char::is_whitespace);
        let is_sign = |text: &str| !is_blank(text) && !text.chars().any(char::is_alphanumeric);
        while let Some((_, sign)) = bounds.next_if(|(_, next)| !is_blank(word) && is_sign(next)) {
            end += sign.len();
        }
        Some((at, &paragraph[at..end]))
    })
}

/// The names of who will be there, one after the other.
pub(crate) fn names(attendees: &Attendees) -> String {
    let names: Vec<&str> = attendees
        .rows
        .iter()
        .map(|person| if person.is_me { "you" } else { person.name.as_str() })
        .collect();
    let others = attendees.total - i64::try_from(names.len()).unwrap_or(0);
    match (names.len(), others) {
        (_, ..=0) => names.join(", "),
        (0, others) => number(others),
        (_, others) => format!("{} and {} more", names.join(", "), number(others)),
    }
}

/// What stands below an event page's head: why it is cancelled, and what it is about.
pub(crate) fn page_body(page: &EventPage) -> String {
    let about = page.description.as_str();
    match (&page.cancel_reason, page.line.is_active) {
        (Some(why), false) if about.is_empty() => format!("Cancelled: {why}"),
        (Some(why), false) => format!("Cancelled: {why}\n\n{about}"),
        _ => about.to_owned(),
    }
}

/// `Trivia Night: Science, Fri 27 Nov 18:30`.
pub(crate) fn event_name(line: &EventLine, zone: Zone, now: Timestamp) -> String {
    format!(
        "{}, {}",
        line.title,
        when::day_and_time(line.start_time, zone, now)
    )
}

/// What came of `r`.
pub(crate) fn registered(
    outcome: RegisterOutcome,
    line: &EventLine,
    zone: Zone,
    now: Timestamp,
) -> (Tone, String) {
    let name = event_name(line, zone, now);
    match outcome {
        RegisterOutcome::Registered => (Tone::Good, format!("You are in: {name}.")),
        RegisterOutcome::Pending => (Tone::Good, format!("Sent; the staff will approve it: {name}.")),
        RegisterOutcome::Waitlisted => (
            Tone::Good,
            match line.my_place {
                Some(place) => format!("You are number {place} in line: {name}."),
                None => format!("You are in line: {name}."),
            },
        ),
        RegisterOutcome::Already => (Tone::Plain, format!("You were in already: {name}.")),
        RegisterOutcome::Full if line.offers_waitlist(now) => {
            (Tone::Warn, format!("Seats are full: {name}. r puts you in line."))
        }
        RegisterOutcome::Full => (Tone::Warn, format!("Seats are full: {name}.")),
        RegisterOutcome::EventInactive => (Tone::Warn, format!("Cancelled by the organisers: {name}.")),
        RegisterOutcome::Over => (Tone::Warn, format!("It is over: {name}.")),
        RegisterOutcome::Closed => (
            Tone::Warn,
            format!("Registration has closed: {name}. Staff can still register you."),
        ),
        RegisterOutcome::Rejected => (
            Tone::Warn,
            format!("Your registration was refused; ask the staff: {name}."),
        ),
    }
}

/// What came of `x`.
pub(crate) fn seat_cancelled(
    outcome: CancelOutcome,
    line: &EventLine,
    zone: Zone,
    now: Timestamp,
) -> (Tone, String) {
    let name = event_name(line, zone, now);
    match outcome {
        CancelOutcome::Cancelled => (Tone::Good, format!("Your registration is cancelled: {name}.")),
        CancelOutcome::NotRegistered => (Tone::Plain, format!("You were not registered: {name}.")),
        CancelOutcome::TooLate => (Tone::Warn, format!("It has begun; ask the staff: {name}.")),
        CancelOutcome::CheckedIn => (Tone::Warn, format!("You were checked in; ask the staff: {name}.")),
    }
}

/// `1st`, `2nd`, `3rd`, `4th`, `11th`.
pub(crate) fn ordinal(value: i64) -> String {
    let ending = match (value % 10, value % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{}{ending}", number(value))
}

/// A number with thin marks between thousands, for reading.
pub(crate) fn number(value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if value < 0 {
        out.push('−');
    }
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// What a check-in brought or an undo took: `+15 points · week 6 streak +25 · Event Explorer Gold +30`. `own` are the
/// event's own points.
pub(crate) fn points(own: i32, earned: &[Earned]) -> String {
    let mut text = format!("{} points", signed(i64::from(own)));
    for one in earned {
        if let Some(words) = one.words() {
            text.push_str(" · ");
            text.push_str(&words);
            if one.points() != 0 {
                text.push(' ');
                text.push_str(&signed(i64::from(one.points())));
            }
        }
    }
    text
}

/// The same with its sign, for what was won or taken.
pub(crate) fn signed(value: i64) -> String {
    if value > 0 {
        format!("+{}", number(value))
    } else {
        number(value)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{fold, number, signed, wrap};

    #[test]
    fn words_stay_whole_and_spaces_at_a_break_go() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("a\n\nb", 10), ["a", "", "b"]);
        assert_eq!(wrap("abcdefgh ij", 3), ["abc", "def", "gh", "ij"]);
        assert_eq!(wrap("日本語", 4), ["日本", "語"]);
        assert_eq!(wrap("at the desk; ask", 11), ["at the", "desk; ask"]);
        assert_eq!(wrap("to the kitchen.", 14), ["to the", "kitchen."]);
    }

    #[test]
    fn searching_knows_no_case_and_no_marks() {
        assert_eq!(fold(&["Niño", "CAFÉ"]), "nino cafe");
    }

    #[test]
    fn numbers_are_read_in_thousands() {
        assert_eq!(number(1_234_567), "1,234,567");
        assert_eq!(
            (signed(15), signed(0), signed(-1500)),
            ("+15".into(), "0".into(), "−1,500".into())
        );
    }

    proptest! {
        #[test]
        fn no_line_is_too_long_and_no_letter_is_lost(text in "[a-z日é ,.\n]{0,200}", width in 2usize..40) {
            let lines = wrap(&text, width);
            for line in &lines {
                prop_assert!(unicode_width::UnicodeWidthStr::width(*line) <= width, "{line:?}");
            }
            let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(letters(&lines.concat()), letters(&text));
        }
    }
}
