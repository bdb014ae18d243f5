//! What the search without a database reads: words of a query, texts that they are looked for in, and the folding that
//! makes accents and case not matter. Who is found in which order stands in `roster.rs`.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A folded word of a query, as `pine.search_pattern` reads it.
pub(super) struct Word<'a> {
    text: &'a str,
    place: Place,
}

/// Where a word may stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// At the beginning of a word: one or two plain letters or digits.
    Begins,
    /// Anywhere.
    Anywhere,
    /// At the beginning of the e-mail address: it has an `@`.
    Address,
}

impl<'a> Word<'a> {
    pub(super) fn read(text: &'a str) -> Self {
        let place = if text.contains('@') {
            Place::Address
        } else if text.len() <= 2 && text.bytes().all(|letter| letter.is_ascii_alphanumeric()) {
            Place::Begins
        } else {
            Place::Anywhere
        };
        Self { text, place }
    }

    fn begins_one_of(&self, words: &str) -> bool {
        self.place != Place::Address && words.split(' ').any(|own| own.starts_with(self.text))
    }
}

/// What somebody is found by: [`super::Person::folded`].
#[derive(Clone, Copy)]
pub(super) struct Folded<'a>(pub(super) &'a str);

impl<'a> Folded<'a> {
    /// Name, user name and e-mail address but for its domain.
    fn search_text(self) -> &'a str {
        self.0.rsplit_once('@').map_or(self.0, |(text, _)| text)
    }

    /// Whether a word finds them.
    pub(super) fn has(self, word: &Word) -> bool {
        match word.place {
            Place::Begins => word.begins_one_of(self.search_text()),
            Place::Anywhere => self.search_text().contains(word.text),
            Place::Address => {
                let address = self.0.rsplit(' ').next();
                address.is_some_and(|address| address.starts_with(word.text))
            }
        }
    }

    /// How well the words that find them do: 0 when all of them begin a word of the name, 1 when they begin any word,
    /// 2 otherwise.
    pub(super) fn fit(self, words: &[Word]) -> u8 {
        // Behind the name stand the user name and the address, which have no blanks.
        let name = self.0.rsplitn(3, ' ').nth(2).unwrap_or_default();
        if words.iter().all(|word| word.begins_one_of(name)) {
            0
        } else if words
            .iter()
            .all(|word| word.place == Place::Address || word.begins_one_of(self.search_text()))
        {
            1
        } else {
            2
        }
    }
}

/// A text without accents and case, as near to `pine.fold` as Unicode's decompositions come; the letters that have
/// none are those of the dictionary of PostgreSQL's `unaccent`.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text
        .nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
    {
        match c {
            'ø' => folded.push('o'),
            'đ' | 'ð' => folded.push('d'),
            'ł' => folded.push('l'),
            'ħ' => folded.push('h'),
            'ı' => folded.push('i'),
            'ŧ' => folded.push('t'),
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'þ' => folded.push_str("th"),
            '‘' | '’' | '‛' | '′' => folded.push('\''),
            '“' | '”' | '‟' => folded.push('"'),
            '‐'..='―' | '−' => folded.push('-'),
            // Lower-casing may leave a mark of its own, as İ does.
            c if is_combining_mark(c) => {}
            c => folded.push(c),
        }
    }
    folded
}
