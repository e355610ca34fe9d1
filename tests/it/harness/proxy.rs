//! A network between Lobby and its database that can be cut silently: what listens gets no byte more, and no error.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream, UnixStream},
    sync::Notify,
};

use super::cluster::Database;

/// The network, and the database as it is reached through it.
pub struct Network {
    pub database: Database,
    port: u16,
    cut: Arc<AtomicBool>,
    mended: Arc<Notify>,
}

impl Network {
    /// Lays a network to the cluster of `database`.
    pub async fn to(database: &Database) -> Self {
        let url = reqwest::Url::parse(&database.url).unwrap();
        let folder = url.query_pairs().find(|(name, _)| name == "host").unwrap().1.into_owned();
        let socket = PathBuf::from(folder).join(".s.PGSQL.5432");
        let port = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let number = port.local_addr().unwrap().port();
        let (cut, mended) = (Arc::new(AtomicBool::new(false)), Arc::new(Notify::new()));
        let network = Self {
            database: Database { url: through(number, &database.name), name: database.name.clone() },
            port: number,
            cut: Arc::clone(&cut),
            mended: Arc::clone(&mended),
        };
        tokio::spawn(async move {
            while let Ok((client, _)) = port.accept().await {
                let server = UnixStream::connect(&socket).await.unwrap();
                tokio::spawn(carry(client, server, Arc::clone(&cut), Arc::clone(&mended)));
            }
        });
        network
    }

    /// The modules that have databases of their own, as settings, through it as well.
    pub fn modules(&self) -> Vec<(String, String)> {
        let named = self.database.apart().into_iter().zip(self.database.modules());
        named.map(|((_, own), (variable, _))| (variable, through(self.port, &own.name))).collect()
    }

    /// Lets nothing more through to or from connections that listen, present and future.
    pub fn cut_listeners(&self) {
        self.cut.store(true, Ordering::SeqCst);
    }

    /// Lets everything through again.
    pub fn mend(&self) {
        self.cut.store(false, Ordering::SeqCst);
        self.mended.notify_waiters();
    }
}

fn through(port: u16, database: &str) -> String {
    format!("postgres://lobby@127.0.0.1:{port}/{database}")
}

async fn carry(client: TcpStream, server: UnixStream, cut: Arc<AtomicBool>, mended: Arc<Notify>) {
    let listens = Arc::new(AtomicBool::new(false));
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let out = one_way(from_client, to_server, Arc::clone(&listens), true, Arc::clone(&cut), Arc::clone(&mended));
    let back = one_way(from_server, to_client, listens, false, cut, mended);
    tokio::select! { () = out => {} () = back => {} }
}

async fn one_way(
    mut from: impl AsyncReadExt + Unpin,
    mut to: impl AsyncWriteExt + Unpin,
    listens: Arc<AtomicBool>,
    is_asking: bool,
    cut: Arc<AtomicBool>,
    mended: Arc<Notify>,
) {
    let mut bytes = vec![0; 16 * 1024];
    loop {
        let Ok(length @ 1..) = from.read(&mut bytes).await else { return };
        if is_asking && bytes[..length].windows(6).any(|word| word == b"LISTEN") {
            listens.store(true, Ordering::SeqCst);
        }
        while listens.load(Ordering::SeqCst) && cut.load(Ordering::SeqCst) {
            let again = mended.notified();
            if cut.load(Ordering::SeqCst) {
                again.await;
            }
        }
        if to.write_all(&bytes[..length]).await.is_err() {
            return;
        }
    }
}
