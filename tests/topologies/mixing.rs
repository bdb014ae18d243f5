//! A pooler that lends its few server connections to all clients, for a transaction each time, and keeps nothing of theirs
//! apart: what PgBouncer before 1.21 is with `pool_mode = transaction`. Whose turn a connection is, a test decides.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use sqlx::postgres::PgConnectOptions;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::{Mutex, OwnedMutexGuard};
use tokio::task::JoinHandle;

/// Which server connection is lent for which turn.
pub(crate) type Lend = fn(turn: usize) -> usize;

/// What a client is greeted with, and the connection that was greeted so.
type Server = (UnixStream, Vec<u8>);

struct Shared {
    socket: PathBuf,
    servers: Vec<Arc<Mutex<Option<Server>>>>,
    lend: Lend,
    turns: AtomicUsize,
}

/// See the module; it goes with its owner.
pub(crate) struct Mixing {
    address: SocketAddr,
    listening: JoinHandle<()>,
}

impl Mixing {
    /// In front of the PostgreSQL whose socket this URL names.
    pub(crate) async fn start(url: &str, servers: usize, lend: Lend) -> Self {
        let options: PgConnectOptions = url.parse().unwrap();
        let folder = options.get_socket().expect("the private PostgreSQL has a socket");
        let shared = Arc::new(Shared {
            socket: folder.join(format!(".s.PGSQL.{}", options.get_port())),
            servers: (0..servers).map(|_| Arc::default()).collect(),
            lend,
            turns: AtomicUsize::new(0),
        });
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let listening = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(serve(client, Arc::clone(&shared)));
            }
        });
        Self { address, listening }
    }

    /// A URL of the server's, over this way.
    pub(crate) fn through(&self, url: &str) -> String {
        let (login, rest) = url.split_once('@').unwrap();
        let (_, database) = rest.split_once('/').unwrap();
        format!("{login}@{}/{database}", self.address)
    }
}

impl Drop for Mixing {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

/// One client, until it leaves.
async fn serve(mut client: TcpStream, shared: Arc<Shared>) -> Option<()> {
    let hello = packet(&mut client).await?;
    for server in &shared.servers {
        let mut server = server.lock().await;
        if server.is_none() {
            let mut stream = UnixStream::connect(&shared.socket).await.ok()?;
            stream.write_all(&hello).await.ok()?;
            let greeting = answer(&mut stream).await?.0;
            *server = Some((stream, greeting));
        }
    }
    let greeting = shared.servers[0].lock().await.as_ref()?.1.clone();
    client.write_all(&greeting).await.ok()?;
    let mut held: Option<OwnedMutexGuard<Option<Server>>> = None;
    let mut asked = Vec::new();
    loop {
        let message = typed(&mut client).await?;
        let kind = message[0];
        if kind == b'X' {
            return Some(());
        }
        asked.extend(message);
        if !matches!(kind, b'S' | b'Q') {
            continue;
        }
        let mut server = if let Some(server) = held.take() {
            server
        } else {
            let turn = shared.turns.fetch_add(1, Ordering::Relaxed);
            let at = (shared.lend)(turn) % shared.servers.len();
            Arc::clone(&shared.servers[at]).lock_owned().await
        };
        let stream = &mut server.as_mut()?.0;
        stream.write_all(&asked).await.ok()?;
        asked.clear();
        let (said, in_transaction) = answer(stream).await?;
        held = in_transaction.then_some(server);
        client.write_all(&said).await.ok()?;
    }
}

/// Everything that a server says until it is ready again, and whether a transaction is open then.
async fn answer(server: &mut UnixStream) -> Option<(Vec<u8>, bool)> {
    let mut said = Vec::new();
    loop {
        let message = typed(server).await?;
        let (kind, status) = (message[0], message[message.len() - 1]);
        said.extend(message);
        if kind == b'Z' {
            return Some((said, status != b'I'));
        }
    }
}

/// A message with its type and length in front (PostgreSQL manual, 54.7 "Message Formats").
async fn typed<R: AsyncReadExt + Unpin>(from: &mut R) -> Option<Vec<u8>> {
    let mut message = vec![from.read_u8().await.ok()?];
    message.extend(packet(from).await?);
    Some(message)
}

/// What begins with its length, which counts itself.
async fn packet<R: AsyncReadExt + Unpin>(from: &mut R) -> Option<Vec<u8>> {
    let length = from.read_u32().await.ok()?;
    let mut packet = length.to_be_bytes().to_vec();
    packet.resize(length as usize, 0);
    from.read_exact(&mut packet[4..]).await.ok()?;
    Some(packet)
}
