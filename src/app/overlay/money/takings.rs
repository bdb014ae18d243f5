//! A day's takings: by channel, and by person and channel, net of what was given back; each row opens its payments.

use chrono::{Datelike, Days, NaiveDate};

use crate::app::action::{MoneyAction, MoveAction};
use crate::app::context::{Context, Tone, Wish};
use crate::app::cursor::Cursor;
use crate::app::effect::{Effect, Lane};
use crate::app::geometry;
use crate::app::remote::Remote;
use crate::app::requests::Want;
use crate::domain::money::channel_name;
use crate::domain::payment::{MoneyAnswer, MoneyCall, PaymentFilter, Takings, TakingsRow};
use crate::domain::{Call, Fault, when};

use super::channels::Channels;
use super::table::Table;
use super::{Money, MoneyWant, open};

/// The overlay.
#[derive(Debug)]
pub(crate) struct TakingsPage {
    pub(crate) day: NaiveDate,
    pub(crate) takings: Remote<Takings>,
    pub(crate) cursor: Cursor,
}

/// A line of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TakingsLine {
    /// A heading over what follows.
    Heading(&'static str),
    /// Sums of a channel, whoever it was.
    Channel(TakingsRow),
    /// Sums of a person and a channel.
    Person(TakingsRow),
}

impl TakingsPage {
    pub(crate) fn new(day: NaiveDate, cx: &mut Context) -> Self {
        let mut page = Self {
            day,
            takings: Remote::Nothing,
            cursor: Cursor::default(),
        };
        page.ask(cx);
        page
    }

    pub(crate) fn want(&self) -> Want {
        Want::Money(MoneyWant::Takings(self.day))
    }

    pub(crate) fn ask(&mut self, cx: &mut Context) {
        let (want, call) = (self.want(), Call::Money(MoneyCall::Takings(self.day)));
        cx.fetch(&mut self.takings, want, Lane::Search, call);
    }

    /// What the page shows, line by line; nothing on a day without money.
    pub(crate) fn lines(&self) -> Vec<TakingsLine> {
        let Some(takings) = self.takings.get().filter(|takings| !takings.rows.is_empty()) else {
            return Vec::new();
        };
        let mut lines = vec![TakingsLine::Heading("By channel")];
        lines.extend(takings.by_channel().into_iter().map(TakingsLine::Channel));
        lines.push(TakingsLine::Heading("By person"));
        lines.extend(takings.rows.iter().cloned().map(TakingsLine::Person));
        lines
    }

    pub(crate) fn fit(&mut self, cx: &Context) {
        let lines = self.lines();
        let (_, list) = geometry::takings(cx.setup.size);
        self.cursor.fit(lines.len(), usize::from(list.height));
        if matches!(lines.get(self.cursor.at), Some(TakingsLine::Heading(_))) {
            self.cursor.at += 1;
        }
        if self.cursor.at <= 1 {
            self.cursor.top = 0;
        }
    }

    pub(crate) fn step(&mut self, to: MoveAction, cx: &Context) {
        let lines = self.lines();
        let (_, list) = geometry::takings(cx.setup.size);
        self.cursor.step(to, lines.len(), usize::from(list.height));
        if matches!(lines.get(self.cursor.at), Some(TakingsLine::Heading(_))) {
            // A heading is stepped over, the way the step went.
            let back = matches!(to, MoveAction::Up | MoveAction::PageUp) && self.cursor.at > 0;
            self.cursor.at = if back {
                self.cursor.at - 1
            } else {
                self.cursor.at + 1
            };
        }
        self.fit(cx);
    }

    pub(crate) fn act(&mut self, action: MoneyAction, cx: &mut Context) {
        match action {
            MoneyAction::DayBack => self.go(self.day.checked_sub_days(Days::new(1)), cx),
            MoneyAction::DayOn => self.go(self.day.checked_add_days(Days::new(1)), cx),
            MoneyAction::Today => self.go(Some(cx.today()), cx),
            MoneyAction::Channels => {
                let channels = Channels::new(cx);
                open(Money::Channels(channels), cx);
            }
            MoneyAction::File => match self.takings.get() {
                Some(takings) => {
                    let name = format!("pine-time-takings-{}.csv", takings.day);
                    let text = takings.csv();
                    cx.effects.push(Effect::Export { name, text });
                }
                None => cx.say(Tone::Plain, "The day is not here yet."),
            },
            MoneyAction::Go => self.open_row(cx),
            MoneyAction::Close => cx.wish(Wish::Close),
            _ => {}
        }
    }

    fn go(&mut self, day: Option<NaiveDate>, cx: &mut Context) {
        let Some(day) = day.filter(|day| (1970..=9000).contains(&day.year()) && *day != self.day) else {
            return;
        };
        self.day = day;
        self.takings = Remote::Nothing;
        self.cursor = Cursor::default();
        self.ask(cx);
    }

    /// The payments behind a row.
    fn open_row(&mut self, cx: &mut Context) {
        let lines = self.lines();
        let (Some(takings), Some(line)) = (self.takings.get(), lines.get(self.cursor.at)) else {
            return cx.say(Tone::Plain, "No money came in or went out on this day.");
        };
        let (row, operator) = match line {
            TakingsLine::Heading(_) => return,
            TakingsLine::Channel(row) => (row, None),
            TakingsLine::Person(row) => (
                row,
                Some(row.operator.as_ref().map(ToString::to_string).unwrap_or_default()),
            ),
        };
        let filter = PaymentFilter {
            channel: Some(row.channel.to_string()),
            operator: operator.clone(),
            from: Some(takings.from),
            to: Some(takings.to),
            ..PaymentFilter::default()
        };
        let day = when::short_day(self.day, cx.today());
        let who = match operator.as_deref() {
            None => String::new(),
            Some("") => ", not known by whom".to_owned(),
            Some(name) => format!(", {name}"),
        };
        let title = format!("{day}, {}{who}", channel_name(row.channel.as_str()));
        let table = Table::new(title.into(), filter, cx);
        open(Money::Table(table), cx);
    }

    pub(crate) fn answered(
        &mut self,
        day: NaiveDate,
        result: &Result<MoneyAnswer, Fault>,
        cx: &Context,
    ) -> bool {
        if day != self.day {
            return false;
        }
        self.takings.answer(match result {
            Ok(MoneyAnswer::Takings(takings)) => Ok(takings.clone()),
            Ok(_) => Err(Fault::Internal),
            Err(fault) => Err(fault.clone()),
        });
        self.fit(cx);
        true
    }
}
