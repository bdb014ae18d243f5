//! A member's page as lines: everything that staff see of one of them, in the order in which it is read.

use crate::app::context::Context;
use crate::app::words;
use crate::domain::event::RegistrationStatus as Status;
use crate::domain::member::UserType;
use crate::domain::members_desk::{MOST_TOLD, MemberPage, MemberSeat};
use crate::domain::{Timestamp, pass_code, when};

/// Columns of the names of facts.
pub(crate) const LABELS: usize = 13;

/// How a line is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    Text,
    Dim,
    Good,
    Warn,
    Accent,
    /// Above what follows.
    Heading,
}

/// A line: what it is about, and what there is to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PageLine {
    pub(crate) label: String,
    pub(crate) text: String,
    /// At the end of the line.
    pub(crate) end: &'static str,
    pub(crate) manner: Manner,
}

/// Lines under way.
struct Lines {
    all: Vec<PageLine>,
    width: usize,
}

impl Lines {
    fn put(&mut self, label: &str, text: &str, manner: Manner) {
        self.all.push(PageLine {
            label: label.to_owned(),
            text: text.to_owned(),
            end: "",
            manner,
        });
    }

    /// A name, and what there is to say, on as many lines as it takes.
    fn fact(&mut self, label: &str, text: &str, manner: Manner) {
        let room = self.width.saturating_sub(LABELS).max(1);
        for (at, part) in words::wrap(text, room).into_iter().enumerate() {
            self.put(if at == 0 { label } else { "" }, part, manner);
        }
    }

    fn heading(&mut self, text: &str) {
        self.put("", "", Manner::Text);
        self.put(text, "", Manner::Heading);
    }
}

/// What a role is called on the page.
fn role(user_type: UserType) -> (&'static str, Manner) {
    match user_type {
        UserType::Regular => ("member", Manner::Text),
        UserType::Staff => ("staff", Manner::Accent),
        UserType::Admin => ("administrator", Manner::Accent),
    }
}

/// `how many things`, with the right ending.
fn count(many: i64, one: &str, more: &str) -> String {
    format!("{} {}", words::number(many), if many == 1 { one } else { more })
}

/// The lines below the name, for so many columns.
pub(crate) fn lines(page: &MemberPage, cx: &Context, width: usize) -> Vec<PageLine> {
    let mut lines = Lines {
        all: Vec::new(),
        width,
    };
    let line = &page.line.line;
    let at = |moment: Timestamp| when::day_and_time(moment, cx.zone(), cx.now());
    let day = |moment: Timestamp| when::short_day(cx.zone().day(moment), cx.today());
    if !line.is_active {
        lines.fact(
            "",
            "Deactivated: signs in nowhere. X brings them back.",
            Manner::Warn,
        );
    }
    let (word, manner) = role(line.user_type);
    lines.fact("Role", word, manner);
    if let Some(note) = &page.door_note {
        lines.fact("Door note", note.text.as_str(), Manner::Warn);
    }
    let points = if page.earned == page.line.points {
        words::number(page.earned)
    } else {
        let (earned, left) = (words::number(page.earned), words::number(page.line.points));
        format!("{earned} earned, {left} to spend")
    };
    lines.fact("Points", &points, Manner::Text);
    let came = match page.line.last_attended {
        Some(last) => format!("{}, last {}", count(page.attended, "event", "events"), day(last)),
        None => "not yet".to_owned(),
    };
    lines.fact("Came", &came, Manner::Text);
    if let Some(since) = line.created_at {
        lines.fact("Member since", &day(since), Manner::Text);
    }
    if let Some(by) = &page.referred_by {
        let text = format!("{} ({})", by.full_name, by.username);
        lines.fact("Brought by", &text, Manner::Text);
    }
    let signed_in = line.last_login.map_or_else(|| "never".to_owned(), at);
    lines.fact("Last sign-in", &signed_in, Manner::Text);
    let sessions = match page.sessions {
        0 => "signed in nowhere".to_owned(),
        many => format!("signed in at {}", count(many, "terminal", "terminals")),
    };
    lines.fact("Sessions", &sessions, Manner::Text);
    if let Some(until) = page.code_until {
        let text = format!("lies ready until {}", at(until));
        lines.fact("Code", &text, Manner::Accent);
    }
    lines.fact("Pass", &pass_code::show(page.pass_code.as_str()), Manner::Text);
    if !page.show_on_leaderboard {
        lines.fact("Leaderboard", "hidden from others", Manner::Dim);
    }
    seats(&mut lines, false, page, cx);
    seats(&mut lines, true, page, cx);
    if page.registrations == 0 {
        lines.heading("Registrations");
        lines.put("", "none yet", Manner::Dim);
    }
    lines.all
}

fn seats(lines: &mut Lines, are_over: bool, page: &MemberPage, cx: &Context) {
    let (title, seats, most) = if are_over {
        ("Was registered for", &page.past, MOST_TOLD.1)
    } else {
        ("Registered for", &page.upcoming, MOST_TOLD.0)
    };
    if seats.is_empty() {
        return;
    }
    lines.heading(title);
    for seat in seats {
        let (end, manner) = standing(seat, are_over);
        lines.all.push(PageLine {
            label: when::short_day(cx.zone().day(seat.start_time), cx.today()),
            text: seat.title.to_string(),
            end,
            manner,
        });
    }
    if seats.len() >= most {
        lines.put("", "more than are listed here", Manner::Dim);
    }
}

fn standing(seat: &MemberSeat, is_over: bool) -> (&'static str, Manner) {
    match seat.status {
        _ if seat.attended => ("came", Manner::Good),
        _ if !seat.is_active => ("off", Manner::Dim),
        Status::Registered if is_over => ("absent", Manner::Warn),
        Status::Registered => ("", Manner::Text),
        Status::Pending => ("pending", Manner::Accent),
        Status::Waitlisted => ("in line", Manner::Accent),
        Status::Cancelled => ("cancelled", Manner::Dim),
        Status::Rejected => ("refused", Manner::Dim),
    }
}
