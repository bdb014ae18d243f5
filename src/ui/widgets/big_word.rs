//! A word to be read from two metres: block letters on a coloured ground, as large as there is room for.

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::ui::pen::{self, Pen};

/// Five rows of pixels for a letter; none for what the font does not have.
#[rustfmt::skip]
fn letter(c: char) -> Option<[&'static str; 5]> {
    Some(match c {
        'A' => [".##.", "#..#", "####", "#..#", "#..#"],
        'B' => ["###.", "#..#", "###.", "#..#", "###."],
        'C' => [".###", "#...", "#...", "#...", ".###"],
        'D' => ["###.", "#..#", "#..#", "#..#", "###."],
        'E' => ["###", "#..", "##.", "#..", "###"],
        'F' => ["###", "#..", "##.", "#..", "#.."],
        'G' => [".###", "#...", "#.##", "#..#", ".###"],
        'H' => ["#..#", "#..#", "####", "#..#", "#..#"],
        'I' => ["#", "#", "#", "#", "#"],
        'J' => ["..##", "...#", "...#", "#..#", ".##."],
        'K' => ["#..#", "#.#.", "##..", "#.#.", "#..#"],
        'L' => ["#..", "#..", "#..", "#..", "###"],
        'M' => ["#...#", "##.##", "#.#.#", "#...#", "#...#"],
        'N' => ["#..#", "##.#", "#.##", "#..#", "#..#"],
        'O' => [".##.", "#..#", "#..#", "#..#", ".##."],
        'P' => ["###.", "#..#", "###.", "#...", "#..."],
        'Q' => [".##.", "#..#", "#..#", "#.#.", ".#.#"],
        'R' => ["###.", "#..#", "###.", "#.#.", "#..#"],
        'S' => [".###", "#...", ".##.", "...#", "###."],
        'T' => ["###", ".#.", ".#.", ".#.", ".#."],
        'U' => ["#..#", "#..#", "#..#", "#..#", ".##."],
        'V' => ["#..#", "#..#", "#..#", ".##.", ".##."],
        'W' => ["#...#", "#...#", "#.#.#", "##.##", "#...#"],
        'X' => ["#.#", "#.#", ".#.", "#.#", "#.#"],
        'Y' => ["#.#", "#.#", ".#.", ".#.", ".#."],
        'Z' => ["####", "..#.", ".#..", "#...", "####"],
        '0' => [".##.", "#..#", "#.##", "##.#", ".##."],
        '1' => [".#.", "##.", ".#.", ".#.", "###"],
        '2' => ["###.", "...#", ".##.", "#...", "####"],
        '3' => ["###.", "...#", ".##.", "...#", "###."],
        '4' => ["#..#", "#..#", "####", "...#", "...#"],
        '5' => ["####", "#...", "###.", "...#", "###."],
        '6' => [".##.", "#...", "###.", "#..#", ".##."],
        '7' => ["####", "...#", "..#.", ".#..", ".#.."],
        '8' => [".##.", "#..#", ".##.", "#..#", ".##."],
        '9' => [".##.", "#..#", ".###", "...#", ".##."],
        ' ' => ["..", "..", "..", "..", ".."],
        _ => return None,
    })
}

/// The word's pixels, row by row; none if the font misses a letter.
fn pixels(word: &str) -> Option<[Vec<bool>; 5]> {
    let mut rows: [Vec<bool>; 5] = Default::default();
    for c in word.chars() {
        let glyph = letter(c)?;
        for (row, line) in rows.iter_mut().zip(glyph) {
            if !row.is_empty() {
                row.push(false);
            }
            row.extend(line.bytes().map(|b| b == b'#'));
        }
    }
    Some(rows)
}

/// Draws the word in the middle of `area`, all of which gets the ground.
pub(crate) fn big_word(pen: &mut Pen, area: Rect, word: &str, ground: Style) {
    if area.is_empty() {
        return;
    }
    pen.tint(area, ground);
    let middle = |height: u16| Rect::new(area.x, area.y + (area.height - height) / 2, area.width, height);
    let Some(rows) = pixels(word) else {
        return pen.put_centred(middle(1), word, ground);
    };
    let across = u16::try_from(rows[0].len()).unwrap_or(u16::MAX);
    if area.height >= 5 && across.saturating_mul(2) + 2 <= area.width {
        let at = middle(5);
        let x = at.x + (at.width - across * 2) / 2;
        for (row, y) in rows.iter().zip(at.y..) {
            for (on, column) in row.iter().zip(0u16..) {
                if *on {
                    pen.put(x + column * 2, y, 2, "██", ground);
                }
            }
        }
    } else if area.height >= 3 && across + 2 <= area.width && !pen.theme.ascii {
        let at = middle(3);
        let x = at.x + (at.width - across) / 2;
        for y in 0..3 {
            for column in 0..across {
                // Six half rows hold five rows of pixels; the first half row stays empty.
                let pixel = |half: u16| half > 0 && rows[usize::from(half - 1)][usize::from(column)];
                let glyph = match (pixel(y * 2), pixel(y * 2 + 1)) {
                    (true, true) => "█",
                    (true, false) => "▀",
                    (false, true) => "▄",
                    (false, false) => continue,
                };
                pen.put(x + column, at.y + y, 1, glyph, ground);
            }
        }
    } else {
        let spaced: String = word.chars().flat_map(|c| [c, ' ']).collect();
        let spaced = spaced.trim_end();
        let text = if pen::width(spaced) <= area.width {
            spaced
        } else {
            word
        };
        pen.put_centred(middle(1), text, ground);
    }
}

#[cfg(test)]
mod tests {
    use super::pixels;
    use crate::domain::check_in::Outcome;

    #[test]
    fn every_outcome_has_its_letters_and_fits_eighty_columns() {
        let outcomes = Outcome::ALL.map(Outcome::word);
        for outcome in outcomes
            .into_iter()
            .chain([crate::ui::screens::check_in::card::FAILED])
        {
            let rows = pixels(outcome);
            let width = rows.as_ref().map(|rows| rows[0].len());
            assert!(
                width.is_some_and(|width| width + 2 <= 80),
                "{outcome:?}: {width:?}"
            );
            assert!(rows.is_some_and(|rows| rows.iter().all(|row| row.len() == rows[0].len())));
        }
    }
}
