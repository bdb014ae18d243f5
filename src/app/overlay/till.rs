//! The till: the small forms of the door for whoever does not come in by a plain check-in. A walk-in, a payment, an
//! admission with a reason. One form at a time, each sent as one call; what was typed stays until it is answered.

pub(crate) mod fill;

use crate::app::action::TillAction;
use crate::app::context::{Context, Tone, Wish};
use crate::app::effect::Lane;
use crate::app::keymap::{Chain, chains};
use crate::app::overlay::Overlay;
use crate::app::overlay::confirm::Confirm;
use crate::app::requests::Want;
use crate::app::text_field::TextField;
use crate::domain::admission::{Guest, MAX_REASON, Taking, WalkIn, username_of};
use crate::domain::check_in::Door;
use crate::domain::event::EventId;
use crate::domain::member::MemberName;
use crate::domain::money::{CASH, Money};
use crate::domain::{Call, Fault, Nonce, SafeText};

/// Longest name or address: the columns' limit.
const MAX_LINE: usize = 255;
/// Longest user name.
const MAX_USERNAME: usize = 64;
/// Longest amount that is worth reading.
const MAX_AMOUNT: usize = 20;

/// A field of one of the forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TillField {
    Name,
    Email,
    Username,
    Channel,
    Cash,
    Reason,
}

impl TillField {
    /// The field of a database column.
    fn of_column(column: &str) -> Option<Self> {
        Some(match column {
            "full_name" => Self::Name,
            "email" => Self::Email,
            "username" => Self::Username,
            "payment_channel" => Self::Channel,
            "reason" => Self::Reason,
            _ => return None,
        })
    }
}

/// What the form is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Task {
    /// Somebody who has not registered; none is somebody new.
    WalkIn { member: Option<MemberName> },
    /// Somebody who has not paid.
    Pay { member: MemberName, due: Money },
    /// Somebody whom a rule refused: which one, in words.
    Admit {
        member: MemberName,
        refused: &'static str,
    },
}

/// How it is paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Channel {
    /// Through one of the community's channels.
    Now(SafeText),
    /// Not today; that needs a reason.
    Later,
}

/// The form.
#[derive(Debug)]
pub(crate) struct Till {
    pub(crate) task: Task,
    event: EventId,
    pub(crate) focus: TillField,
    pub(crate) name: TextField,
    pub(crate) email: TextField,
    pub(crate) username: TextField,
    pub(crate) cash: TextField,
    pub(crate) reason: TextField,
    pub(crate) channel: Channel,
    pub(crate) errors: Vec<(TillField, String)>,
    /// What concerns the form as a whole.
    pub(crate) message: Option<SafeText>,
    /// Who has the e-mail address that was typed.
    pub(crate) offered: Option<MemberName>,
    /// What the field at the door held, for the log.
    typed: String,
    /// What is on its way.
    sent: Option<Call>,
    /// What was sent and not answered over a broken link: sent again unchanged, it is the same call.
    broken: Option<Call>,
}

impl Till {
    pub(crate) fn new(task: Task, event: EventId, typed: &str, cx: &Context) -> Self {
        let mut till = Self {
            task,
            event,
            focus: TillField::Name,
            name: TextField::new(MAX_LINE),
            email: TextField::new(MAX_LINE),
            username: TextField::new(MAX_USERNAME),
            cash: TextField::new(MAX_AMOUNT),
            reason: TextField::new(MAX_REASON),
            channel: till_channels(cx).into_iter().next().unwrap_or(Channel::Later),
            errors: Vec::new(),
            message: None,
            offered: None,
            typed: typed.to_owned(),
            sent: None,
            broken: None,
        };
        if till.task == (Task::WalkIn { member: None }) {
            // What was looked for and not found is most often the newcomer's name.
            if typed.contains('@') {
                till.email.set(typed);
            } else if !typed.chars().any(|c| c.is_ascii_digit()) {
                till.name.set(typed);
            }
        }
        till.focus = match till.task {
            Task::WalkIn { member: None } if till.name.is_empty() => TillField::Name,
            Task::WalkIn { member: None } => TillField::Email,
            Task::Pay { .. } => TillField::Channel,
            Task::WalkIn { .. } | Task::Admit { .. } => TillField::Reason,
        };
        till
    }

    /// A walk-in of a member starts where something is to be chosen.
    pub(crate) fn settled(mut self, door: Option<&Door>) -> Self {
        if let Some(first) = self.fields(door).first()
            && matches!(self.task, Task::WalkIn { member: Some(_) })
        {
            self.focus = *first;
        }
        self
    }

    pub(crate) fn is_sending(&self) -> bool {
        self.sent.is_some()
    }

    pub(crate) fn chain(&self) -> Chain {
        match (self.focus, &self.task) {
            (TillField::Channel, Task::WalkIn { .. }) => chains::WALK_IN_CHOICE,
            (TillField::Channel, _) => chains::TILL_CHOICE,
            (_, Task::WalkIn { .. }) => chains::WALK_IN,
            _ => chains::TILL,
        }
    }

    /// What is to be paid for what the form does; none when nothing is.
    pub(crate) fn due(&self, door: Option<&Door>) -> Option<Money> {
        match &self.task {
            Task::WalkIn { .. } => door.and_then(|door| door.price),
            Task::Pay { due, .. } => Some(*due),
            Task::Admit { .. } => None,
        }
    }

    /// The fields that are there now, in order.
    pub(crate) fn fields(&self, door: Option<&Door>) -> Vec<TillField> {
        let mut fields = Vec::new();
        if self.task == (Task::WalkIn { member: None }) {
            fields.extend([TillField::Name, TillField::Email, TillField::Username]);
        }
        if self.due(door).is_some() {
            fields.push(TillField::Channel);
            if self.is_cash() {
                fields.push(TillField::Cash);
            }
        }
        if !matches!(self.task, Task::Pay { .. }) || self.channel == Channel::Later {
            fields.push(TillField::Reason);
        }
        fields
    }

    /// Whether a field must be filled.
    pub(crate) fn is_required(&self, field: TillField, door: Option<&Door>) -> bool {
        match field {
            TillField::Name | TillField::Email => true,
            TillField::Username | TillField::Channel | TillField::Cash => false,
            TillField::Reason => match &self.task {
                Task::Admit { .. } | Task::Pay { .. } => true,
                Task::WalkIn { .. } => {
                    door.is_some_and(is_full) || (self.due(door).is_some() && self.channel == Channel::Later)
                }
            },
        }
    }

    pub(crate) fn is_cash(&self) -> bool {
        matches!(&self.channel, Channel::Now(channel) if channel.as_str() == CASH)
    }

    /// What goes back over the counter: of the cash given, what is not due. `Err` is what is missing, or a sentence.
    pub(crate) fn change(&self, door: Option<&Door>, cx: &Context) -> Option<Result<Money, String>> {
        let due = self.due(door).filter(|_| self.is_cash())?;
        if self.cash.text().trim().is_empty() {
            return None;
        }
        let currency = cx.currency();
        Some(currency.read(self.cash.text()).and_then(|given| {
            given.less(due).ok_or_else(|| {
                let short = due.less(given).unwrap_or_default();
                format!("{} short.", currency.show(short))
            })
        }))
    }

    /// The user name that the database will try first, while none is typed.
    pub(crate) fn proposed_username(&self) -> String {
        match username_of(self.name.text()) {
            name if name.len() < 2 => "member".to_owned(),
            name => name,
        }
    }

    pub(crate) fn error(&self, field: TillField) -> Option<&str> {
        self.errors
            .iter()
            .find(|(wrong, _)| *wrong == field)
            .map(|(_, why)| why.as_str())
    }

    // ---- actions ----

    /// Whether it lets in somebody who is no member yet.
    pub(crate) fn is_of_somebody_new(&self) -> bool {
        matches!(self.task, Task::WalkIn { member: None })
    }

    pub(crate) fn act(&mut self, action: TillAction, door: Option<&Door>, cx: &mut Context) {
        if self.is_sending() && action != TillAction::Close {
            return cx.say(Tone::Plain, "It is being sent.");
        }
        match action {
            TillAction::Go => self.go(door, cx),
            TillAction::Send => self.send(door, cx),
            TillAction::Next => self.leave(1, door),
            TillAction::Previous => self.leave(usize::MAX, door),
            TillAction::ChoiceOn => self.choose(1, cx),
            TillAction::ChoiceBack => self.choose(usize::MAX, cx),
            TillAction::SomebodyNew => {
                self.task = Task::WalkIn { member: None };
                self.forget_errors();
                self.focus = TillField::Name;
            }
            TillAction::Close => self.close(cx),
        }
    }

    fn close(&mut self, cx: &mut Context) {
        if self.offered.take().is_some() {
            self.focus = TillField::Email;
            return;
        }
        if self.is_sending() {
            cx.wish(Wish::Open(Box::new(Overlay::Confirm(Confirm::close_till()))));
        } else if self.is_empty() {
            cx.wish(Wish::Close);
        } else {
            cx.wish(Wish::Open(Box::new(Overlay::Confirm(Confirm::drop_form()))));
        }
    }

    // ---- sending ----

    fn check(&mut self, door: Option<&Door>, cx: &Context) -> bool {
        self.forget_errors();
        for field in self.fields(door) {
            let text = |field: &TextField| field.text().trim().is_empty();
            let why = match field {
                TillField::Name if text(&self.name) => "Type the name.".to_owned(),
                TillField::Email if text(&self.email) => "Type the e-mail address.".to_owned(),
                TillField::Email if !looks_like_email(self.email.text()) => {
                    "Like name@example.org.".to_owned()
                }
                TillField::Reason if text(&self.reason) && self.is_required(field, door) => {
                    "Type why they come in.".to_owned()
                }
                TillField::Cash => match self.change(door, cx) {
                    Some(Err(why)) => why,
                    _ => continue,
                },
                _ => continue,
            };
            self.errors.push((field, why));
        }
        if let Some((field, _)) = self.errors.first() {
            self.focus = *field;
        }
        self.errors.is_empty()
    }

    fn send(&mut self, door: Option<&Door>, cx: &mut Context) {
        if !self.check(door, cx) {
            return;
        }
        let nonce = cx.nonce();
        let mut call = self.call(nonce, door);
        if let Some(mut same) = self.broken.take()
            && let Some(first) = same.nonce()
        {
            same.set_nonce(nonce);
            if same == call {
                call.set_nonce(first);
            }
        }
        let nonce = call.nonce().unwrap_or(nonce);
        cx.ask_and_wait(Want::Till(nonce), Lane::Write, call.clone());
        self.sent = Some(call);
    }

    fn call(&self, nonce: Nonce, door: Option<&Door>) -> Call {
        let event = self.event;
        let typed = self.typed.clone();
        let reason = self.reason.text().trim().to_owned();
        let taking = self.due(door).and_then(|amount| match &self.channel {
            Channel::Now(channel) => Some(Taking {
                amount,
                channel: channel.to_string(),
            }),
            Channel::Later => None,
        });
        match &self.task {
            Task::WalkIn { member } => {
                let guest = match member {
                    Some(member) => Guest::Member(member.id),
                    None => Guest::New {
                        full_name: self.name.text().trim().to_owned(),
                        email: self.email.text().trim().to_owned(),
                        username: Some(self.username.text().trim().to_owned())
                            .filter(|name| !name.is_empty()),
                    },
                };
                let reason = Some(reason).filter(|reason| !reason.is_empty());
                Call::WalkIn {
                    nonce,
                    event,
                    walk_in: WalkIn {
                        guest,
                        taking,
                        reason,
                    },
                }
            }
            Task::Pay { member, .. } => match taking {
                Some(taking) => Call::TakePayment {
                    nonce,
                    event,
                    member: member.id,
                    typed,
                    taking,
                },
                None => Call::AdmitAnyway {
                    nonce,
                    event,
                    member: member.id,
                    typed,
                    reason,
                },
            },
            Task::Admit { member, .. } => Call::AdmitAnyway {
                nonce,
                event,
                member: member.id,
                typed,
                reason,
            },
        }
    }

    // ---- answers ----

    /// Whether this form waits for the answer to that press.
    pub(crate) fn awaits(&self, nonce: Nonce) -> bool {
        self.sent.as_ref().and_then(Call::nonce) == Some(nonce)
    }

    /// Somebody has the e-mail address.
    pub(crate) fn offer(&mut self, member: MemberName) {
        self.sent = None;
        self.forget_errors();
        self.offered = Some(member);
    }

    pub(crate) fn failed(&mut self, fault: &Fault) {
        let sent = self.sent.take();
        if fault.is_link() {
            self.broken = sent;
        }
        match fault {
            Fault::Invalid { field, why } if TillField::of_column(field).is_some() => {
                let field = TillField::of_column(field).unwrap_or(TillField::Reason);
                self.errors = vec![(field, why.to_string())];
                self.focus = field;
            }
            fault => self.message = Some(format!("Not checked in. {fault}").into()),
        }
    }
}

/// The ways to pay, as they stand in the choice.
pub(crate) fn till_channels(cx: &Context) -> Vec<Channel> {
    let channels = cx.community.as_ref().map(|c| c.payment_channels.as_slice());
    let now = channels.unwrap_or_default().iter().cloned().map(Channel::Now);
    now.chain([Channel::Later]).collect()
}

/// Whether every seat is taken.
pub(crate) fn is_full(door: &Door) -> bool {
    door.max_participants
        .is_some_and(|seats| door.registered >= i64::from(seats))
}

fn looks_like_email(text: &str) -> bool {
    let text = text.trim();
    !text.contains(char::is_whitespace)
        && text
            .split_once('@')
            .is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'))
}
