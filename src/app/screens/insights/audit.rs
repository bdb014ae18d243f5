//! The audit log: its rows, which grow page by page as they are read, one of them in full, the filter, and files of what
//! is listed.

use chrono::NaiveDate;

use crate::app::action::{AuditAction, MoveAction};
use crate::app::context::{Context, Tone};
use crate::app::cursor::{self, Cursor};
use crate::app::effect::{Effect, Lane};
use crate::app::geometry;
use crate::app::keymap::{Chain, Key, chains};
use crate::app::mouse::row_at;
use crate::app::remote::Remote;
use crate::app::requests::Want;
use crate::app::text_field::{Edit, TextField};
use crate::domain::audit::{AuditCall, AuditFilter, AuditPage, AuditRow};
use crate::domain::{Call, Fault, Timestamp, audit_csv, when};

/// Rows asked for at once.
const ROWS: i32 = 200;
/// Rows of a file asked for at once: the most there are.
const MOST: i32 = 500;
/// So many rows before the end of what is here, more is asked for.
const AHEAD: usize = 40;

/// The fields of the filter, in their order.
pub(crate) const FIELDS: [(&str, &str, usize); 5] = [
    ("who", "user name", 64),
    ("whom", "user name, e-mail or pass", 80),
    ("action", "as in: role", 40),
    ("from", "27 Nov", 20),
    ("to", "today", 20),
];

/// What an answer about the audit log is for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum AuditWant {
    /// Rows behind this one.
    Page(AuditFilter, Option<i64>),
    /// The next rows of a file.
    File(AuditFilter, Option<i64>),
}

/// A file on its way.
#[derive(Debug)]
struct FileJob {
    filter: AuditFilter,
    is_json: bool,
    text: String,
    rows: usize,
    behind: Option<i64>,
}

/// The page.
#[derive(Debug)]
pub(crate) struct Audit {
    pub(crate) filter: AuditFilter,
    pub(crate) fields: Vec<TextField>,
    /// Which field has the keys.
    pub(crate) focus: Option<usize>,
    /// What is wrong with what is typed, and in which field.
    pub(crate) wrong: Option<(usize, String)>,
    pub(crate) page: Remote<AuditPage>,
    pub(crate) cursor: Cursor,
    /// One row is shown in full; in a wide window it always is.
    pub(crate) open: bool,
    /// The first of its lines in view.
    pub(crate) top: usize,
    file: Option<FileJob>,
}

impl Default for Audit {
    fn default() -> Self {
        Self {
            filter: AuditFilter::default(),
            fields: FIELDS
                .iter()
                .map(|(_, _, limit)| TextField::new(*limit))
                .collect(),
            focus: None,
            wrong: None,
            page: Remote::default(),
            cursor: Cursor::default(),
            open: false,
            top: 0,
            file: None,
        }
    }
}

impl Audit {
    pub(crate) fn chain(&self) -> Chain {
        match (self.focus, self.open) {
            (Some(_), _) => chains::AUDIT_FILTER,
            _ => chains::AUDIT,
        }
    }

    pub(crate) fn is_typing(&self) -> bool {
        self.focus.is_some()
    }

    pub(crate) fn rows(&self) -> &[AuditRow] {
        self.page.get().map_or(&[], |page| page.rows.as_slice())
    }

    pub(crate) fn marked(&self) -> Option<&AuditRow> {
        self.rows().get(self.cursor.at)
    }

    // ---- asking ----

    pub(crate) fn enter(&mut self, cx: &mut Context) {
        self.ask(None, cx);
    }

    fn ask(&mut self, behind: Option<i64>, cx: &mut Context) {
        let call = Call::Audit(AuditCall {
            filter: self.filter.clone(),
            behind,
            most: ROWS,
        });
        let want = Want::Audit(AuditWant::Page(self.filter.clone(), behind));
        cx.fetch(&mut self.page, want, Lane::Page, call);
    }

    /// New rows come on top while the first are in view; whoever reads further down is left alone.
    pub(crate) fn poll(&mut self, cx: &mut Context) {
        let at_the_top = self.cursor.at == 0 && !self.open && self.focus.is_none();
        let is_stale = !matches!(self.page, Remote::Here(_));
        if (at_the_top || is_stale) && cx.requests.on(Lane::Page).is_none() {
            self.ask(None, cx);
        }
        self.go_on_with_the_file(cx);
    }

    pub(crate) fn age(&mut self) {
        self.page.age();
    }

    pub(crate) fn settle(&mut self, cx: &mut Context) {
        let areas = geometry::audit(cx.setup.size, self.open);
        let height = usize::from(areas.list.height.max(1));
        self.cursor.fit(self.rows().len(), height);
        let Remote::Here(page) = &self.page else { return };
        let near = self.cursor.top + height + AHEAD >= page.rows.len();
        if let (true, Some(behind), None) = (near, page.next, cx.requests.on(Lane::Page)) {
            self.ask(Some(behind), cx);
        }
    }

    // ---- answers ----

    pub(crate) fn answered(&mut self, want: AuditWant, result: Result<AuditPage, Fault>, cx: &mut Context) {
        match want {
            AuditWant::Page(filter, _) if filter != self.filter => {}
            AuditWant::Page(_, None) => {
                // The cursor stays on its row when others have come on top.
                let on = self
                    .marked()
                    .map(|row| row.id)
                    .filter(|_| self.cursor.at > 0 || self.open);
                self.page.answer(result);
                if let Some(at) = on.and_then(|on| self.rows().iter().position(|row| row.id == on)) {
                    self.cursor.at = at;
                }
            }
            AuditWant::Page(_, Some(behind)) => match (result, self.page.get_mut()) {
                (Ok(more), Some(page)) if page.next == Some(behind) => {
                    page.rows.extend(more.rows);
                    page.next = more.next;
                }
                (Err(fault), Some(_)) if fault.is_link() => self.page.age(),
                (Err(fault), _) => self.page.answer(Err(fault)),
                (Ok(_), _) => {}
            },
            AuditWant::File(filter, behind) => self.file_answered(&filter, behind, result, cx),
        }
        self.settle(cx);
    }

    // ---- keys ----

    pub(crate) fn why_not(&self, action: AuditAction, cx: &Context) -> Option<String> {
        match action {
            AuditAction::Open | AuditAction::Csv | AuditAction::Json if self.rows().is_empty() => {
                Some("There are no rows.".to_owned())
            }
            AuditAction::Csv | AuditAction::Json => cx.needs_link("A file"),
            AuditAction::Back if !self.open && self.filter.is_empty() => {
                Some("These are all rows.".to_owned())
            }
            _ => None,
        }
    }

    pub(crate) fn act(&mut self, action: AuditAction, cx: &mut Context) {
        match action {
            AuditAction::Open => (self.open, self.top) = (true, 0),
            AuditAction::Back if self.open => self.open = false,
            AuditAction::Back => {
                self.clear();
                self.filter_by(AuditFilter::default(), cx);
            }
            AuditAction::Filter => (self.focus, self.open) = (Some(0), false),
            AuditAction::Apply => self.apply(cx),
            AuditAction::Drop => {
                (self.focus, self.wrong) = (None, None);
                self.restore(cx);
            }
            AuditAction::Next => self.focus = self.focus.map(|at| (at + 1) % FIELDS.len()),
            AuditAction::Previous => {
                self.focus = self.focus.map(|at| (at + FIELDS.len() - 1) % FIELDS.len());
            }
            AuditAction::Reset => self.clear(),
            AuditAction::Csv => self.begin_file(false, cx),
            AuditAction::Json => self.begin_file(true, cx),
        }
        self.settle(cx);
    }

    fn clear(&mut self) {
        self.wrong = None;
        self.fields.iter_mut().for_each(TextField::clear);
    }

    /// The fields as the filter is.
    fn restore(&mut self, cx: &Context) {
        let day = |at: Option<Timestamp>, back: i64| {
            let at = at.map(|at| at - chrono::TimeDelta::seconds(back));
            at.map_or_else(String::new, |at| cx.zone().day(at).to_string())
        };
        let texts = [
            self.filter.who.clone(),
            self.filter.whom.clone(),
            self.filter.action.clone(),
            day(self.filter.since, 0),
            day(self.filter.until, 1),
        ];
        for (field, text) in self.fields.iter_mut().zip(texts) {
            field.set(&text);
        }
    }

    fn apply(&mut self, cx: &mut Context) {
        let text = |at: usize| self.fields[at].text().trim().to_owned();
        let mut days = [None, None];
        for (at, day) in days.iter_mut().enumerate() {
            let typed = text(3 + at);
            if typed.is_empty() {
                continue;
            }
            match when::read_past_date(&typed, cx.today()) {
                Ok(typed) => *day = Some(typed),
                Err(why) => return self.refuse(3 + at, why),
            }
        }
        let [from, to] = days;
        if from.is_some_and(|from| from > cx.today()) {
            return self.refuse(3, "That day is still to come.".to_owned());
        }
        if from.zip(to).is_some_and(|(from, to)| to < from) {
            return self.refuse(4, "The last day is before the first.".to_owned());
        }
        let midnight = |day: NaiveDate| cx.zone().midnight(day);
        let filter = AuditFilter {
            who: text(0),
            whom: text(1),
            action: text(2),
            since: from.map(midnight),
            until: to.and_then(|day| day.succ_opt()).map(midnight),
        };
        (self.focus, self.wrong) = (None, None);
        self.filter_by(filter, cx);
    }

    /// Tells what is wrong at its field; what was typed stays.
    fn refuse(&mut self, at: usize, why: String) {
        (self.focus, self.wrong) = (Some(at), Some((at, why)));
    }

    fn filter_by(&mut self, filter: AuditFilter, cx: &mut Context) {
        self.filter = filter;
        self.page = Remote::Nothing;
        self.cursor = Cursor::default();
        self.restore(cx);
        self.ask(None, cx);
    }

    fn edit(&mut self, edit: impl FnOnce(&mut TextField) -> Edit) -> Edit {
        let Some(field) = self.focus.and_then(|at| self.fields.get_mut(at)) else {
            return Edit::Ignored;
        };
        let edit = edit(field);
        if matches!(edit, Edit::Changed | Edit::Cut) {
            self.wrong = None;
        }
        edit
    }

    pub(crate) fn key(&mut self, key: Key) -> Edit {
        self.edit(|field| field.key(key))
    }

    pub(crate) fn paste(&mut self, raw: &str) -> Edit {
        self.edit(|field| field.paste(raw))
    }

    pub(crate) fn step(&mut self, to: MoveAction, cx: &mut Context) {
        let areas = geometry::audit(cx.setup.size, self.open);
        if self.open {
            let lines = self.marked().map_or(0, |row| row.differences().len()) + 7;
            self.top = cursor::scroll(self.top, to, lines, usize::from(areas.detail.height));
            return;
        }
        let rows = self.rows().len();
        self.cursor.step(to, rows, usize::from(areas.list.height));
        self.top = 0;
        self.settle(cx);
    }

    pub(crate) fn click(&mut self, x: u16, y: u16, cx: &mut Context) {
        let areas = geometry::audit(cx.setup.size, self.open);
        let rows = self.rows().len();
        if let Some(at) = row_at(areas.list, 1, self.cursor.top, x, y).filter(|at| *at < rows) {
            (self.cursor.at, self.open, self.top) = (at, false, 0);
            self.settle(cx);
        }
    }

    // ---- files ----

    fn begin_file(&mut self, is_json: bool, cx: &mut Context) {
        if self.file.is_some() {
            return cx.say(Tone::Plain, "The file is on its way.");
        }
        self.file = Some(FileJob {
            filter: self.filter.clone(),
            is_json,
            text: if is_json {
                "[\n".to_owned()
            } else {
                audit_csv::heading()
            },
            rows: 0,
            behind: None,
        });
        self.go_on_with_the_file(cx);
    }

    fn go_on_with_the_file(&mut self, cx: &mut Context) {
        let Some(job) = &self.file else { return };
        let want = Want::Audit(AuditWant::File(job.filter.clone(), job.behind));
        if cx.requests.awaits(&want) {
            return;
        }
        let call = AuditCall {
            filter: job.filter.clone(),
            behind: job.behind,
            most: MOST,
        };
        cx.ask_and_wait(want, Lane::Poll, Call::Audit(call));
    }

    fn file_answered(
        &mut self,
        filter: &AuditFilter,
        behind: Option<i64>,
        result: Result<AuditPage, Fault>,
        cx: &mut Context,
    ) {
        let awaited = |job: &&mut FileJob| job.filter == *filter && job.behind == behind;
        let Some(job) = self.file.as_mut().filter(awaited) else {
            return;
        };
        let page = match result {
            Ok(page) => page,
            Err(fault) => {
                self.file = None;
                return cx.say(Tone::Bad, format!("Nothing is written. {fault}"));
            }
        };
        job.text.push_str(&if job.is_json {
            audit_csv::objects(&page.rows, job.rows == 0)
        } else {
            audit_csv::rows(&page.rows)
        });
        job.rows += page.rows.len();
        if page.next.is_some() {
            job.behind = page.next;
            return self.go_on_with_the_file(cx);
        }
        let mut text = std::mem::take(&mut job.text);
        let ending = if job.is_json { "json" } else { "csv" };
        if job.is_json {
            text.push_str("\n]\n");
        }
        self.file = None;
        let name = format!("pine-time-audit-{}.{ending}", cx.today());
        cx.effects.push(Effect::Export { name, text });
    }
}
