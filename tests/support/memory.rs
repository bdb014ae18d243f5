//! What a process still knows: its writable memory, read from outside as a debugger would, and searched for a text however
//! it is laid out: letter by letter in one piece, or each in a record of its own (keys as they wait, cells of a screen).

use std::fs::{self, File};
use std::io::BufRead as _;
use std::os::unix::fs::FileExt as _;

/// The widest record that a letter is looked for in, in bytes.
const WIDEST: usize = 96;
/// Read at once, in bytes.
const PIECE: usize = 1 << 22;

/// Where a text was found.
#[derive(Debug)]
#[allow(dead_code, reason = "printed when a test fails")]
pub struct Found {
    text: String,
    /// Bytes from one letter to the next.
    stride: usize,
    /// The part of memory, as `/proc/PID/maps` names it.
    region: String,
    /// What stands around it.
    around: String,
}

/// Everywhere that one of these stands in the writable memory of a child process. They are told apart from chance by their
/// length: at least eight bytes each.
pub fn find(pid: u32, texts: &[&str]) -> Vec<Found> {
    assert!(texts.iter().all(|text| text.len() >= 8 && text.is_ascii()));
    let memory = File::open(format!("/proc/{pid}/mem")).expect("a child's memory can be read");
    let maps = fs::read_to_string(format!("/proc/{pid}/maps")).expect("the process lives");
    let mut found = Vec::new();
    let mut read = 0;
    for line in maps.lines() {
        let mut words = line.split_whitespace();
        let (range, rights) = (words.next().unwrap(), words.next().unwrap());
        if !rights.starts_with("rw") {
            continue;
        }
        let (from, to) = range.split_once('-').unwrap();
        let number = |hex: &str| u64::from_str_radix(hex, 16).unwrap();
        let (mut at, to) = (number(from), number(to));
        let reach = WIDEST * texts.iter().map(|text| text.len()).max().unwrap_or_default();
        while at < to {
            let long = usize::try_from(to - at).unwrap().min(PIECE + reach);
            let mut bytes = vec![0; long];
            // What was given back meanwhile cannot be read any more.
            if memory.read_exact_at(&mut bytes, at).is_ok() {
                read += long;
                for text in texts {
                    found.extend(search(&bytes, text, line));
                }
            }
            at += PIECE as u64;
        }
    }
    assert!(read > 1 << 20, "the memory was read: {read} bytes");
    found
}

fn search(bytes: &[u8], text: &str, region: &str) -> Vec<Found> {
    let wanted = text.as_bytes();
    let mut found = Vec::new();
    let mut rest = bytes;
    // The standard library's own search for the first letter: a test's loop over all bytes would take minutes.
    while let Ok(1..) = rest.skip_until(wanted[0])
        && bytes[bytes.len() - rest.len() - 1] == wanted[0]
    {
        let at = bytes.len() - rest.len() - 1;
        let is_there = |stride: usize| {
            at + stride * (wanted.len() - 1) < bytes.len()
                && (1..wanted.len()).all(|n| bytes[at + n * stride] == wanted[n])
        };
        if let Some(stride) = (1..=WIDEST).find(|stride| is_there(*stride)) {
            let from = at.saturating_sub(32);
            let to = (at + stride * wanted.len() + 32).min(bytes.len());
            found.push(Found {
                text: text.to_owned(),
                stride,
                region: region.split_whitespace().last().unwrap_or_default().to_owned(),
                around: bytes[from..to].escape_ascii().to_string(),
            });
        }
    }
    found
}

#[test]
fn a_text_is_found_in_one_piece_and_letter_by_letter() {
    let text = "~findable";
    for stride in [1, 2, 4, 24, 40, WIDEST] {
        let mut bytes = vec![7; 2 * WIDEST * text.len()];
        for (n, letter) in text.bytes().enumerate() {
            bytes[100 + n * stride] = letter;
        }
        assert_eq!(search(&bytes, text, "x").len(), 1, "{stride}");
        bytes[100 + 3 * stride] = 0;
        assert!(search(&bytes, text, "x").is_empty(), "{stride}");
    }
}
