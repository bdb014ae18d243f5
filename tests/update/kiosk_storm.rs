//! A hundred thousand things that happen to a kiosk, by a seed: keys, pastes, sizes, scans, answers of every kind and a
//! link that comes and goes. It stays a kiosk, and of whoever has gone nothing stays.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseEvent, MouseEventKind};
use pine_time::app::effect::{Effect, Timer};
use pine_time::app::msg::Msg;
use pine_time::domain::member::{Me, UserType};
use pine_time::domain::{Answer, Call};
use pine_time::ui::Theme;

use crate::dice::Dice;
use crate::fixtures::{Desk, community, me, offline, text_of};
use crate::garbage::{SPECIAL, answer};
use crate::kiosk_fixtures::{kiosk, pass};

const STEPS: u32 = 100_000;

fn key(dice: &mut Dice) -> KeyEvent {
    let letter = |dice: &mut Dice| {
        let letters: Vec<char> = "12345qrxnevtmygzNICFMX$DWT?/[]hjklapcswy日 ".chars().collect();
        dice.of(&letters)
    };
    match dice.roll(10) {
        0..=3 => dice.of(&SPECIAL).into(),
        4..=7 => KeyEvent::new(KeyCode::Char(letter(dice)), KeyModifiers::NONE),
        8 => KeyEvent::new(KeyCode::Char(letter(dice)), KeyModifiers::CONTROL),
        _ => KeyEvent::new(KeyCode::Char(letter(dice)), KeyModifiers::ALT),
    }
}

/// A member whom nobody can mistake for anything else.
fn somebody(number: usize) -> Me {
    Me {
        username: format!("wanderer{number}").as_str().into(),
        full_name: format!("Wanderer{number} Zabriskie").as_str().into(),
        points: 7_777_777,
        ..me(UserType::Regular)
    }
}

/// What only ever comes from somebody who has signed in, or typed it.
const THEIRS: [&str; 6] = [
    "wanderer",
    "Wanderer",
    "Zabriskie",
    "7777777",
    "7,777,777",
    "Ana Reyes",
];

/// Whether a kiosk may ask this.
fn is_a_kiosks(call: &Call) -> bool {
    matches!(
        call,
        Call::Community
            | Call::SignIn { .. }
            | Call::SignOut
            | Call::Kiosk(_)
            | Call::Events { .. }
            | Call::Event(_)
            | Call::Calendar(_)
            | Call::EventTypes
            | Call::Register { .. }
            | Call::CancelRegistration { .. }
            | Call::Seats(_)
            | Call::Account(_)
            | Call::Game(_)
            | Call::Profile
    )
}

#[derive(Default)]
struct Seen {
    sign_ins: usize,
    wipes: usize,
    scans: usize,
    cards: usize,
    /// Sign-ins when the memory was looked through last.
    looked: usize,
}

impl Seen {
    fn look(&mut self, effects: &[Effect], desk: &Desk, size: (u16, u16), step: u32) {
        let mut wiped = false;
        for effect in effects {
            match effect {
                Effect::Quit { .. } | Effect::Restart | Effect::Export { .. } | Effect::Listen(true) => {
                    panic!("step {step}: {effect:?}")
                }
                Effect::Run { call, .. } => {
                    assert!(is_a_kiosks(call), "step {step}: {call:?}");
                    self.scans += usize::from(matches!(
                        call,
                        Call::Kiosk(pine_time::domain::kiosk::KioskCall::Scan { .. })
                    ));
                }
                Effect::Wipe => wiped = true,
                _ => {}
            }
        }
        if wiped {
            self.wipes += 1;
            // Looking through all of it takes longer than a hundred steps.
            if self.sign_ins == self.looked && !self.wipes.is_multiple_of(20) {
                return;
            }
            self.looked = self.sign_ins;
            let memory = format!("{:?}", desk.model);
            for theirs in THEIRS {
                assert!(
                    !memory.contains(theirs),
                    "step {step}: {theirs} is in the memory: {memory}"
                );
            }
            if size.0 > 0 && size.1 > 0 {
                let screen = text_of(&desk.buffer(size.0, size.1, &Theme::terminal()));
                for theirs in THEIRS {
                    assert!(
                        !screen.contains(theirs),
                        "step {step}: {theirs} is on the screen:\n{screen}"
                    );
                }
                self.cards += usize::from(screen.contains("Scan your pass"));
            }
        }
    }
}

#[test]
fn a_hundred_thousand_things_leave_it_a_kiosk_that_knows_nobody() {
    let mut dice = Dice(2026);
    let mut desk = kiosk(80, 24);
    desk.waiting.clear();
    let (mut size, mut seen) = ((80, 24), Seen::default());
    for step in 0..STEPS {
        let effects = match dice.roll(100) {
            0..=49 => desk.send(Msg::Key(key(&mut dice))),
            50..=55 => desk.send(Msg::Quick(key(&mut dice))),
            56..=61 => {
                let code = if dice.roll(3) == 0 {
                    "4006381333931".to_owned()
                } else {
                    pass()
                };
                desk.scan(&code)
            }
            62..=63 => {
                let text = dice.of(&[
                    "\u{1b}]52;c;aGk=\u{7}evil",
                    "Zabriskie",
                    "QRXYN-E4VJ1",
                    "",
                    "a\nb\tc\u{202e}",
                ]);
                desk.send(Msg::Paste(text.repeat(1 + dice.roll(40))))
            }
            64 => {
                let sizes = [(80, 24), (120, 40), (60, 16), (200, 60), (20, 5), (1, 1), (0, 0)];
                size = dice.of(&sizes);
                let (width, height) = size;
                desk.send(Msg::Resize { width, height })
            }
            65 => desk.send(Msg::Mouse(MouseEvent {
                kind: MouseEventKind::ScrollUp,
                column: 1,
                row: 1,
                modifiers: KeyModifiers::NONE,
            })),
            66..=67 if !desk.waiting.is_empty() => {
                let (request, _) = desk.waiting[dice.roll(desk.waiting.len())].clone();
                desk.reply_to(request, Err(offline()))
            }
            68..=83 if !desk.waiting.is_empty() => {
                let (request, call) = desk.waiting[dice.roll(desk.waiting.len())].clone();
                let how = dice.byte();
                let result = match call {
                    Call::SignIn { .. } if how > 40 => Ok(Answer::SignIn(Some(somebody(seen.sign_ins)))),
                    call => answer(&call, how),
                };
                desk.reply_to(request, result)
            }
            84..=93 if !desk.timers.is_empty() => {
                let (_, timer) = desk.timers[dice.roll(desk.timers.len())];
                if timer == Timer::Idle {
                    desk.pass(i64::try_from(dice.roll(130)).unwrap());
                }
                desk.fire(timer)
            }
            94..=95 => {
                // Somebody sits down and signs in.
                for step_back in ["Esc", "Esc"] {
                    let effects = desk.press(step_back);
                    seen.look(&effects, &desk, size, step);
                }
                let mut effects = desk.press("Enter");
                effects.extend(desk.write("wanderer"));
                effects.extend(desk.press("Enter"));
                effects.extend(desk.write("Zabriskie"));
                effects.extend(desk.press("Enter"));
                seen.look(&effects, &desk, size, step);
                match desk.newest(|call| matches!(call, Call::SignIn { .. })) {
                    Some((request, _)) => {
                        seen.sign_ins += 1;
                        desk.reply_to(request, Ok(Answer::SignIn(Some(somebody(seen.sign_ins)))))
                    }
                    None => Vec::new(),
                }
            }
            96..=97 => {
                // Somebody walks away.
                desk.pass(125);
                desk.fire(Timer::Idle)
            }
            98 => {
                // The link comes back.
                let mut effects = desk.fire(Timer::Heartbeat);
                if let Some((request, _)) = desk.newest(|call| matches!(call, Call::Community)) {
                    effects.extend(desk.reply_to(request, Ok(Answer::Community(community()))));
                }
                effects
            }
            _ => {
                desk.pass(1);
                Vec::new()
            }
        };
        seen.look(&effects, &desk, size, step);
        // Answers that nobody will ever give.
        let stale = desk.waiting.len().saturating_sub(40);
        desk.waiting.drain(..stale);
        if step % 32 == 0 {
            // A window that has shrunk before the model heard of it.
            desk.buffer(20, 6, &Theme::plain().ascii(true));
            if size.0 > 0 && size.1 > 0 {
                desk.buffer(size.0, size.1, &Theme::terminal());
            }
        }
    }
    // The storm is over: two minutes later nobody was ever here.
    desk.pass(121);
    let effects = desk.fire(Timer::Idle);
    seen.look(&effects, &desk, size, STEPS);
    desk.send(Msg::Resize {
        width: 80,
        height: 24,
    });
    let screen = desk.screen(80, 24);
    for theirs in THEIRS {
        assert!(!screen.contains(theirs), "{theirs}:\n{screen}");
    }
    println!(
        "{STEPS} steps: {} sign-ins, {} times forgotten, {} passes sent, {} times seen at the start",
        seen.sign_ins, seen.wipes, seen.scans, seen.cards
    );
    assert!(
        seen.sign_ins > 300 && seen.wipes > 300 && seen.scans > 300,
        "the storm was no storm"
    );
}
