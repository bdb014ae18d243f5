//! A link that breaks when it is told to: TCP in front, the test PostgreSQL's socket behind. It stalls, loses answers,
//! resets and refuses, and counts what clients send; what the bytes mean is left to the two ends.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use sqlx::postgres::PgConnectOptions;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::cluster::{Role, TestDb};

/// What becomes of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Link {
    /// They pass.
    Flows,
    /// They lie where they are, both ways; new connections are made and hear nothing.
    Stalls,
    /// What the client sends passes; answers lie.
    KeepsAnswers,
}

#[derive(Debug, Clone, Copy)]
struct State {
    link: Link,
    /// Grows with every reset; connections of an older one are over.
    epoch: u64,
}

#[derive(Debug, Default)]
struct Counters {
    flushes: AtomicU64,
    syncs: AtomicU64,
    connections: AtomicU64,
    ended: AtomicU64,
}

/// What clients have sent so far, over all connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sent {
    /// Reads that brought bytes: for a client that waits for answers, its flushes.
    pub flushes: u64,
    /// Sync and simple Query messages: times that the client asked to be answered.
    pub syncs: u64,
    /// Connections made.
    pub connections: u64,
    /// Connections that are over, their goodbye read.
    pub ended: u64,
}

/// The link; it goes with its owner.
pub struct Proxy {
    address: SocketAddr,
    database: String,
    socket: Arc<Mutex<PathBuf>>,
    state: Arc<watch::Sender<State>>,
    counters: Arc<Counters>,
    listening: Option<JoinHandle<()>>,
}

impl Proxy {
    /// A link to a test's database, which flows.
    pub async fn start(database: &TestDb) -> Self {
        Self::to(&database.url(Role::Staff), &database.name).await
    }

    /// A link to the PostgreSQL whose socket this URL names.
    pub async fn to(url: &str, database: &str) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let (state, _) = watch::channel(State {
            link: Link::Flows,
            epoch: 0,
        });
        let mut proxy = Self {
            address: listener.local_addr().unwrap(),
            database: database.to_owned(),
            socket: Arc::new(Mutex::new(socket_of(url))),
            state: Arc::new(state),
            counters: Arc::default(),
            listening: None,
        };
        proxy.listen(listener);
        proxy
    }

    /// The database's URL over this link.
    pub fn url(&self, role: Role) -> String {
        let (login, address, database) = (role.login(), self.address, &self.database);
        format!("postgresql://{login}@{address}/{database}?sslmode=disable")
    }

    /// New connections lead to another server from now on.
    pub fn lead_to(&self, url: &str) {
        *self.socket.lock().unwrap() = socket_of(url);
    }

    /// What clients have sent so far.
    pub fn sent(&self) -> Sent {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Sent {
            flushes: read(&self.counters.flushes),
            syncs: read(&self.counters.syncs),
            connections: read(&self.counters.connections),
            ended: read(&self.counters.ended),
        }
    }

    /// Nothing passes any more, in either direction, and nobody is told: a cable that was pulled.
    pub fn stall(&self) {
        self.switch(Link::Stalls);
    }

    /// What is sent arrives, and its answer does not.
    pub fn keep_answers(&self) {
        self.switch(Link::KeepsAnswers);
    }

    /// Everything passes again, what had been held first. Ends [`Proxy::refuse`].
    pub async fn flow(&mut self) {
        self.switch(Link::Flows);
        if self.listening.is_some() {
            return;
        }
        let began = Instant::now();
        let listener = loop {
            match TcpListener::bind(self.address).await {
                Ok(listener) => break listener,
                Err(error) => assert!(
                    began.elapsed() < Duration::from_secs(10),
                    "the proxy's port is somebody else's: {error}"
                ),
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        };
        self.listen(listener);
    }

    /// Every open connection ends with a reset; what was under way is lost, what is sent after this call passes no
    /// more. New ones are taken.
    pub fn reset(&self) {
        self.state.send_modify(|state| state.epoch += 1);
    }

    /// Nothing listens any more, and every open connection has been reset: what is sent from here on arrives nowhere.
    pub async fn refuse(&mut self) {
        if let Some(listening) = self.listening.take() {
            listening.abort();
            // Only when it is over is the port closed.
            let _ = listening.await;
        }
        self.reset();
        // Every connection holds a receiver of the state for as long as it lives.
        self.state.closed().await;
    }

    fn switch(&self, link: Link) {
        self.state.send_modify(|state| state.link = link);
    }

    fn listen(&mut self, listener: TcpListener) {
        let (state, counters, socket) = (
            Arc::clone(&self.state),
            Arc::clone(&self.counters),
            Arc::clone(&self.socket),
        );
        self.listening = Some(tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                counters.connections.fetch_add(1, Ordering::Relaxed);
                let _ = client.set_nodelay(true);
                let (state, counters, socket) = (
                    state.subscribe(),
                    Arc::clone(&counters),
                    socket.lock().unwrap().clone(),
                );
                // Read here: a reset between this line and the task's first step is meant for this connection too.
                let epoch = state.borrow().epoch;
                tokio::spawn(async move {
                    carry(client, socket, state, epoch, &counters).await;
                    counters.ended.fetch_add(1, Ordering::Relaxed);
                });
            }
        }));
    }
}

fn socket_of(url: &str) -> PathBuf {
    let options: PgConnectOptions = url.parse().unwrap();
    let folder = options.get_socket().expect("the private PostgreSQL has a socket");
    folder.join(format!(".s.PGSQL.{}", options.get_port()))
}

impl Drop for Proxy {
    fn drop(&mut self) {
        if let Some(listening) = self.listening.take() {
            listening.abort();
        }
        self.reset();
    }
}

/// One connection, until an end closes it or it is reset.
async fn carry(
    mut client: TcpStream,
    socket: PathBuf,
    mut state: watch::Receiver<State>,
    epoch: u64,
    counters: &Counters,
) {
    let (there, back) = (state.clone(), state.clone());
    let whole = async {
        // A server that is down ends the connection, as a link through a router would.
        let mut server = UnixStream::connect(&socket).await.ok()?;
        let (mut from_client, mut to_client) = client.split();
        let (mut from_server, mut to_server) = server.split();
        let mut messages = Messages::default();
        let (asks, hears) = (|link| link != Link::Stalls, |link| link == Link::Flows);
        tokio::select! {
            () = pump(&mut from_client, &mut to_server, there, epoch, asks, |bytes| {
                counters.flushes.fetch_add(1, Ordering::Relaxed);
                counters.syncs.fetch_add(messages.syncs_in(bytes), Ordering::Relaxed);
            }) => {}
            () = pump(&mut from_server, &mut to_client, back, epoch, hears, |_| ()) => {}
        }
        Some(())
    };
    tokio::select! {
        _ = whole => {}
        _ = state.wait_for(|state| state.epoch != epoch) => {
            // With nothing to linger for, closing is a reset.
            let _ = client.set_zero_linger();
        }
    }
}

/// Bytes in one direction, as long as the link lets them pass and until it is reset: bytes that were read after a reset
/// go nowhere, even when this task sees them before it hears of the reset.
async fn pump<R: AsyncReadExt + Unpin, W: AsyncWriteExt + Unpin>(
    from: &mut R,
    to: &mut W,
    mut state: watch::Receiver<State>,
    epoch: u64,
    passes: impl Fn(Link) -> bool,
    mut seen: impl FnMut(&[u8]),
) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        seen(&buffer[..read]);
        match state
            .wait_for(|state| state.epoch != epoch || passes(state.link))
            .await
        {
            Ok(state) if state.epoch == epoch => {}
            _ => return,
        }
        if to.write_all(&buffer[..read]).await.is_err() {
            return;
        }
    }
    // An end that was closed while the link stalls is heard of when it flows again, like everything else.
    let _ = state.wait_for(|state| passes(state.link)).await;
}

/// The borders of a client's messages (PostgreSQL manual, 54.7 "Message Formats"): after the start-up packet, a byte of
/// type and a length that counts itself.
#[derive(Default)]
struct Messages {
    started: bool,
    pending: Vec<u8>,
}

impl Messages {
    fn syncs_in(&mut self, bytes: &[u8]) -> u64 {
        self.pending.extend_from_slice(bytes);
        let mut syncs = 0;
        loop {
            let typed = usize::from(self.started);
            let Some(length) = self.pending.get(typed..typed + 4) else {
                return syncs;
            };
            let length = usize::try_from(u32::from_be_bytes(length.try_into().unwrap())).unwrap() + typed;
            if self.pending.len() < length {
                return syncs;
            }
            if self.started && matches!(self.pending[0], b'S' | b'Q') {
                syncs += 1;
            }
            self.started = true;
            self.pending.drain(..length);
        }
    }
}
