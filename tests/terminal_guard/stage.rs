//! The stage: a small face with one key for each misfortune, and somebody behind it who answers calls in the ways that
//! a database has no key for.

use std::time::Duration;

use crossterm::event::KeyCode;
use pine_time::app::effect::{Effect, Lane, RequestId, Timer};
use pine_time::app::msg::Msg;
use pine_time::domain::event::EventId;
use pine_time::domain::{Answer, Call, Fault, Nonce, SafeText, Timestamp};
use pine_time::term::{self, Answering, Face, Manner};
use ratatui::Frame;
use ratatui::layout::Size;
use tokio::sync::mpsc;

/// The face: shows what it was told last, and how often.
struct Stage {
    size: Size,
    keys: u64,
    line: String,
    replies: Vec<String>,
    requests: u64,
    fill: char,
    panic_in_draw: bool,
}

impl Stage {
    fn ask(&mut self, lane: Lane, call: Call) -> Vec<Effect> {
        self.requests += 1;
        vec![Effect::Run {
            request: RequestId(self.requests),
            lane,
            call,
        }]
    }

    fn key(&mut self, code: KeyCode) -> Vec<Effect> {
        self.keys += 1;
        match code {
            KeyCode::Char('q') => return vec![Effect::Quit { drain: true }],
            KeyCode::Char('p') => panic!("the stage panics in update"),
            KeyCode::Char('d') => self.panic_in_draw = true,
            KeyCode::Char('b') => {
                tracing::info!("hangs from now on");
                loop {
                    std::thread::park();
                }
            }
            KeyCode::Char('w') => {
                let nonce = Nonce::from_u128(0xbeef);
                return self.ask(
                    Lane::Write,
                    Call::Register {
                        nonce,
                        event: EventId(7),
                    },
                );
            }
            KeyCode::Char('s') => {
                let nonce = Nonce::from_u128(0xcafe);
                return self.ask(
                    Lane::Write,
                    Call::CancelRegistration {
                        nonce,
                        event: EventId(7),
                    },
                );
            }
            KeyCode::Char('c') => return self.ask(Lane::Page, Call::Profile),
            KeyCode::Char('r') => return vec![Effect::Repaint],
            KeyCode::Char('t') => {
                return vec![Effect::After {
                    delay: Duration::from_millis(20),
                    timer: Timer::Toast(5),
                }];
            }
            KeyCode::Char('f') => self.fill = if self.fill == 'x' { 'o' } else { 'x' },
            _ => {}
        }
        Vec::new()
    }
}

impl Face for Stage {
    fn start(&mut self) -> Vec<Effect> {
        self.ask(Lane::Link, Call::Community)
    }

    fn set_now(&mut self, _now: Timestamp) {}

    fn update(&mut self, msg: Msg) -> Vec<Effect> {
        match msg {
            Msg::Key(key) | Msg::Quick(key) => return self.key(key.code),
            Msg::Paste(text) => self.line = format!("pasted {} bytes", text.len()),
            Msg::Resize { width, height } => self.size = Size::new(width, height),
            Msg::Reply { request, result, .. } => {
                let result = result.map_or_else(|fault| fault.to_string(), |_| "answered".to_owned());
                self.replies.push(format!("{}: {result}", request.0));
            }
            Msg::Timer(timer) => self.line = format!("{timer:?}"),
            Msg::Opening(line) => self.line = line.to_string(),
            _ => {}
        }
        Vec::new()
    }

    fn take_dirty(&mut self) -> bool {
        true
    }

    fn draw(&self, frame: &mut Frame) {
        assert!(!self.panic_in_draw, "the stage panics in draw");
        let mut lines = vec![
            format!("stage {}x{}", self.size.width, self.size.height),
            format!("keys {}", self.keys),
            self.line.clone(),
        ];
        lines.extend(self.replies.iter().cloned());
        while lines.len() < usize::from(frame.area().height) - 2 {
            lines.push(self.fill.to_string().repeat(usize::from(frame.area().width)));
        }
        frame.render_widget(ratatui::widgets::Paragraph::new(lines.join("\n")), frame.area());
    }
}

/// Answers in the ways that a database has no key for: never, late, or with a panic.
#[derive(Clone)]
struct Backstage;

impl Answering for Backstage {
    async fn answer(
        &self,
        call: Call,
        _told: impl FnMut(u32, &Fault) + Send,
    ) -> (Result<Answer, Fault>, Duration) {
        match call {
            Call::Profile => panic!("the call panics"),
            Call::Register { .. } => std::future::pending().await,
            Call::CancelRegistration { .. } => {
                tokio::time::sleep(Duration::from_millis(700)).await;
                (Ok(Answer::SignedOut), Duration::from_millis(700))
            }
            _ => (Ok(Answer::SignedOut), Duration::ZERO),
        }
    }

    async fn close(&self) {
        // A good-bye that is never answered must not hold anybody up.
        std::future::pending::<()>().await;
    }
}

/// Plays, in a process of its own, until the stage is left.
pub(super) fn act() -> ! {
    if let Some(log) = std::env::var_os("STAGE_LOG") {
        let log = std::fs::File::create(log).unwrap();
        tracing_subscriber::fmt().with_writer(log).with_ansi(false).init();
    }
    // As the program does: a panic goes to the log, the screen belongs to the stage.
    std::panic::set_hook(Box::new(|panic| tracing::error!("{panic}")));
    let (stage, stages) = mpsc::unbounded_channel();
    let face = |size| Stage {
        size,
        keys: 0,
        line: String::new(),
        replies: Vec::new(),
        requests: 0,
        fill: ' ',
        panic_in_draw: false,
    };
    let mouse = std::env::var_os("STAGE_MOUSE").is_some();
    let open = async move || {
        let _ = stage.send(SafeText::from("opening"));
        Ok(Backstage)
    };
    let parting = term::run_face(
        face,
        Manner {
            mouse,
            kiosk: std::env::var_os("STAGE_KIOSK").is_some(),
        },
        open,
        stages,
    );
    match parting {
        Ok(parting) => {
            println!("left: {parting:?}");
            std::process::exit(if parting.exit_code() == std::process::ExitCode::SUCCESS {
                0
            } else {
                44
            })
        }
        Err(refused) => {
            println!("refused: {refused}");
            std::process::exit(45)
        }
    }
}
