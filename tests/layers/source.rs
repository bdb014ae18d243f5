//! Rust source as far as the floors need it: tokens, without comments, strings and test items, and the paths that
//! are named in them. Not a parser; what it does not understand it passes over.

/// How deep below the crate's root the file's module is.
pub(crate) fn depth(path: &str) -> usize {
    let steps = path.trim_end_matches(".rs").split('/');
    steps.filter(|step| *step != "mod").count()
}

#[derive(Debug, Clone)]
pub(crate) struct Token {
    pub(crate) text: String,
    pub(crate) line: usize,
}

/// The identifiers and punctuation of a Rust source; comments, strings, characters and lifetimes are left out.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let (mut at, mut line) = (0, 1);
    let peek = |at: usize| chars.get(at).copied().unwrap_or('\0');
    while at < chars.len() {
        let from = at;
        match chars[at] {
            '/' if peek(at + 1) == '/' => {
                while at < chars.len() && chars[at] != '\n' {
                    at += 1;
                }
            }
            '/' if peek(at + 1) == '*' => {
                let mut open = 1;
                at += 2;
                while at < chars.len() && open > 0 {
                    match (peek(at), peek(at + 1)) {
                        ('/', '*') => (open, at) = (open + 1, at + 2),
                        ('*', '/') => (open, at) = (open - 1, at + 2),
                        _ => at += 1,
                    }
                }
            }
            '"' => at = after_string(&chars, at),
            '\'' => {
                // A character ('x', '\n', '\u{1b}') closes; a lifetime does not.
                if peek(at + 1) == '\\' {
                    at += 3;
                    while at < chars.len() && chars[at] != '\'' {
                        at += 1;
                    }
                    at += 1;
                } else if peek(at + 2) == '\'' {
                    at += 3;
                } else {
                    at += 1;
                    while peek(at).is_alphanumeric() || peek(at) == '_' {
                        at += 1;
                    }
                }
            }
            c if c.is_alphanumeric() || c == '_' => {
                while peek(at).is_alphanumeric() || peek(at) == '_' {
                    at += 1;
                }
                let word: String = chars[from..at].iter().collect();
                let raw = matches!(word.as_str(), "r" | "br" | "cr") && matches!(peek(at), '"' | '#');
                let hashes = chars[at..].iter().take_while(|c| **c == '#').count();
                if raw && peek(at + hashes) == '"' {
                    let close: Vec<char> = std::iter::once('"')
                        .chain(std::iter::repeat_n('#', hashes))
                        .collect();
                    at += hashes + 1;
                    while at < chars.len() && !chars[at..].starts_with(&close) {
                        at += 1;
                    }
                    at += close.len();
                } else if !(matches!(word.as_str(), "b" | "c") && matches!(peek(at), '"' | '\'')) {
                    found.push(Token { text: word, line });
                }
            }
            ':' if peek(at + 1) == ':' => {
                found.push(Token {
                    text: "::".to_owned(),
                    line,
                });
                at += 2;
            }
            c => {
                if !c.is_whitespace() {
                    found.push(Token {
                        text: c.to_string(),
                        line,
                    });
                }
                at += 1;
            }
        }
        let end = at.min(chars.len());
        line += chars[from..end].iter().filter(|c| **c == '\n').count();
    }
    found
}

/// The index behind a string that begins at `at`.
fn after_string(chars: &[char], mut at: usize) -> usize {
    at += 1;
    while at < chars.len() && chars[at] != '"' {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    at + 1
}

/// Drops every item under `#[cfg(test)]`.
pub(crate) fn without_tests(tokens: &[Token]) -> Vec<Token> {
    const MARK: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let is = |at: usize, text: &str| tokens.get(at).is_some_and(|token| token.text == text);
    let mut kept = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if !MARK.iter().enumerate().all(|(ahead, text)| is(at + ahead, text)) {
            kept.push(tokens[at].clone());
            at += 1;
            continue;
        }
        at += MARK.len();
        // The item ends with its first `;` outside of brackets, or with the brace that closes its body.
        let mut open = 0;
        while at < tokens.len() {
            match tokens[at].text.as_str() {
                "{" | "(" | "[" => open += 1,
                ")" | "]" => open -= 1,
                "}" => {
                    open -= 1;
                    if open == 0 {
                        at += 1;
                        break;
                    }
                }
                ";" if open == 0 => {
                    at += 1;
                    break;
                }
                _ => {}
            }
            at += 1;
        }
    }
    kept
}

pub(crate) struct PathUse {
    /// From the crate's root when it begins with `crate` or climbs there by `super`.
    pub(crate) segments: Vec<String>,
    pub(crate) line: usize,
}

/// Every path that is named, use-trees taken apart.
pub(crate) fn paths(tokens: &[Token], depth: usize) -> Vec<PathUse> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let before = |back: usize| {
            if at >= back {
                tokens[at - back].text.as_str()
            } else {
                ""
            }
        };
        let is_word = tokens[at].text.chars().all(|c| c.is_alphanumeric() || c == '_');
        // `x.tokio::<T>()` and the middle of a path start no path; `::tokio` does.
        let leading = before(1) == "::"
            && !before(2)
                .chars()
                .all(|c| c.is_alphanumeric() || c == '_' || c == '>');
        if is_word && before(1) != "." && (before(1) != "::" || leading) {
            let single_import = before(1) == "use" || (leading && before(2) == "use");
            let mut leaves = Vec::new();
            at = path(tokens, at, &mut Vec::new(), &mut leaves);
            found.extend(
                leaves
                    .into_iter()
                    .filter(|leaf| leaf.segments.len() > 1 || single_import),
            );
        } else {
            at += 1;
        }
    }
    for path_use in &mut found {
        let climbs = path_use
            .segments
            .iter()
            .take_while(|segment| *segment == "super")
            .count();
        if climbs > 0 && climbs >= depth {
            path_use.segments.splice(..climbs, ["crate".to_owned()]);
        }
    }
    found
}

/// Reads one path or use-tree from `at`; answers the index behind it.
fn path(tokens: &[Token], mut at: usize, front: &mut Vec<String>, leaves: &mut Vec<PathUse>) -> usize {
    let line = tokens.get(at).map_or(0, |token| token.line);
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    let kept = front.len();
    loop {
        if text(at) == "{" {
            at += 1;
            while at < tokens.len() && text(at) != "}" {
                let next = path(tokens, at, front, leaves);
                at = next.max(at + 1);
                while !matches!(text(at), "," | "}" | "") {
                    at += 1; // `as name`
                }
                if text(at) == "," {
                    at += 1;
                }
            }
            front.truncate(kept);
            return at + 1;
        }
        let is_segment = text(at) == "*" || text(at).chars().all(|c| c.is_alphanumeric() || c == '_');
        if !is_segment || text(at).is_empty() {
            break;
        }
        front.push(text(at).to_owned());
        at += 1;
        if text(at) != "::" {
            break;
        }
        at += 1;
    }
    leaves.push(PathUse {
        segments: front.clone(),
        line,
    });
    front.truncate(kept);
    at
}
