//! What staff do with an event from the calendar: forms that begin from it, reopening it; and calendar files.

use super::{Calendar, View};
use crate::app::context::{Context, Tone, Wish};
use crate::app::effect::Lane;
use crate::app::overlay::Overlay;
use crate::app::overlay::form::{FormOverlay, Kind};
use crate::app::plan_words;
use crate::app::remote::Remote;
use crate::app::requests::Want;
use crate::domain::event::{EventId, EventPage};
use crate::domain::plan::{FileOf, PlanCall, Stopped};
use crate::domain::{Call, Fault, when};

/// Most events of one file.
const MOST_IN_FILE: usize = 10_000;

impl Calendar {
    /// Asks for the event that a form begins from, as it is now.
    pub(super) fn ask_form(id: EventId, kind: Kind, cx: &mut Context) {
        cx.ask_and_wait(Want::OpenForm(id, kind), Lane::Detail, Call::Event(id));
    }

    /// The event that a form begins from is here.
    pub(crate) fn form_answered(kind: Kind, result: Result<EventPage, Fault>, cx: &mut Context) {
        match result {
            Ok(page) => {
                let form = FormOverlay::from_event(kind, &page, cx);
                cx.wish(Wish::Open(Box::new(Overlay::Form(Box::new(form)))));
            }
            Err(fault) => cx.say(Tone::Bad, fault.to_string()),
        }
    }

    /// Takes a cancellation back, as confirmed.
    pub(crate) fn reopen(id: EventId, cx: &mut Context) {
        let call = Call::Plan(PlanCall::Reopen {
            nonce: cx.nonce(),
            event: id,
        });
        cx.ask_and_wait(Want::Reopen(id), Lane::Write, call);
    }

    /// An event was cancelled or reopened.
    pub(crate) fn stopped(&mut self, result: Result<Stopped, Fault>, cx: &mut Context) {
        match result {
            Ok(stopped) => {
                let (tone, text) = plan_words::stopped(&stopped, cx.zone(), cx.now(), cx.currency());
                cx.say(tone, text);
                let page = stopped.event;
                if self.detail.id == Some(page.line.id) {
                    self.detail.page = Remote::Here(page.clone());
                }
                self.take_line(page.line, cx);
            }
            Err(fault) => cx.say(Tone::Bad, format!("Not changed. {fault}")),
        }
    }

    /// Asks for what goes into a calendar file with this title.
    pub(crate) fn ask_file(title: &str, of: FileOf, cx: &mut Context) {
        let want = Want::CalendarFile(title.to_owned());
        if !cx.requests.awaits(&want) {
            cx.ask_and_wait(want, Lane::Detail, Call::Plan(PlanCall::File(of)));
        }
    }

    /// The events on the screen as a file: the month's, the week's, or the agenda's.
    pub(super) fn file_shown(&self, cx: &mut Context) {
        let zone = cx.zone();
        let (month, monday) = (self.month(), self.monday());
        let (first, next) = match self.view {
            View::Week => (monday, monday.checked_add_days(chrono::Days::new(7))),
            View::Month | View::Agenda => (month, month.checked_add_months(chrono::Months::new(1))),
        };
        let (from, to) = (zone.midnight(first), zone.midnight(next.unwrap_or(first)));
        let lines = self.events.get().map_or(&[][..], |events| &events.lines[..]);
        let events: Vec<EventId> = self
            .shown
            .iter()
            .filter_map(|index| lines.get(*index))
            .filter(|line| self.view == View::Agenda || (line.start_time < to && line.end_time > from))
            .map(|line| line.id)
            .take(MOST_IN_FILE)
            .collect();
        if events.is_empty() {
            return cx.say(Tone::Plain, "There are no events to write into a file.");
        }
        let title = match self.view {
            View::Month => format!("{} {}", when::month_name(month), month.format("%Y")),
            View::Week => format!("week of {monday}"),
            View::Agenda => "events".to_owned(),
        };
        let of = FileOf {
            events: Some(events),
            ..FileOf::default()
        };
        Self::ask_file(&title, of, cx);
    }
}
