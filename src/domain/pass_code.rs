//! Pass codes: ten characters of Crockford's base 32 (<https://www.crockford.com/base32.html>), the last a check
//! character, shown as `XXXXX-XXXXX`. The database makes them (`pine.new_pass_code`); here they are read.

/// The alphabet, in order of value: no I, L, O, U.
pub const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Characters of a code, the check character included.
pub const LENGTH: usize = 10;

/// Why a text is no pass code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotACode {
    /// Too short, too long, or with other characters: probably a name.
    Shape,
    /// Shaped like a code, but the check character does not fit: misread or mistyped.
    CheckCharacter,
}

/// Reads a code as people and scanners give it: case, `O/0`, `I/L/1`, dashes and spaces do not matter.
/// Answers the ten canonical characters.
pub fn read(typed: &str) -> Result<String, NotACode> {
    let mut code = String::with_capacity(LENGTH);
    for c in typed.trim().chars() {
        let c = match c.to_ascii_uppercase() {
            '-' | ' ' => continue,
            'O' => '0',
            'I' | 'L' => '1',
            c => c,
        };
        if code.len() == LENGTH || value(c).is_none() {
            return Err(NotACode::Shape);
        }
        code.push(c);
    }
    if code.len() != LENGTH {
        return Err(NotACode::Shape);
    }
    let (body, check) = code.split_at(LENGTH - 1);
    if check_character(body) == check.chars().next() {
        Ok(code)
    } else {
        Err(NotACode::CheckCharacter)
    }
}

/// `R6K2F9TQ4M` as `R6K2F-9TQ4M`.
pub fn show(code: &str) -> String {
    match code.split_at_checked(LENGTH / 2) {
        Some((front, back)) if !back.is_empty() => format!("{front}-{back}"),
        _ => code.to_owned(),
    }
}

/// The check character of nine: the sum of the values, weighted 1, 3, 5 …, modulo 32. The weights are odd, so
/// that every single wrong character shows; neighbours swapped show unless their values are 16 apart.
/// `None` if a character is not of the alphabet.
pub fn check_character(body: &str) -> Option<char> {
    let mut sum = 0;
    for (place, c) in body.chars().enumerate() {
        sum += (2 * place + 1) * value(c)?;
    }
    Some(char::from(ALPHABET[sum % 32]))
}

fn value(c: char) -> Option<usize> {
    ALPHABET.iter().position(|&known| char::from(known) == c)
}
