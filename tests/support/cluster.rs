//! provisional
pub use pine_time::cluster::Role;
use pine_time::cluster::{Cluster, Options};
use sqlx::{Connection, PgConnection};
use tokio::sync::OnceCell;

static CLUSTER: OnceCell<Cluster> = OnceCell::const_new();

pub struct TestDb {
    pub name: String,
}

impl TestDb {
    pub fn url(&self, role: Role) -> String {
        CLUSTER.get().unwrap().url(role, &self.name)
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {}
}

pub async fn fresh_database() -> TestDb {
    let cluster = CLUSTER
        .get_or_init(|| async {
            let options = Options {
                data_dir: Some("/var/lib/pine-time/tests-provisional".into()),
                durable: false,
                max_connections: 300,
                linger: std::time::Duration::from_secs(10),
                reaper: Some(env!("CARGO_BIN_EXE_pine-time").into()),
                watch: true,
                ..Options::default()
            };
            Cluster::join(&options).await.unwrap()
        })
        .await;
    let mut admin = PgConnection::connect(&cluster.url(Role::Admin, "postgres"))
        .await
        .unwrap();
    let template = format!("template_{}", pine_time::db::schema::fingerprint());
    sqlx::raw_sql("SELECT pg_advisory_lock(1)")
        .execute(&mut admin)
        .await
        .unwrap();
    let there: bool =
        sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1 AND NOT datallowconn)")
            .bind(&template)
            .fetch_one(&mut admin)
            .await
            .unwrap();
    if !there {
        sqlx::raw_sql(sqlx::AssertSqlSafe(format!(
            "CREATE DATABASE {template} OWNER pine_owner"
        )))
        .execute(&mut admin)
        .await
        .unwrap();
        pine_time::ops::migrate::migrate(&cluster.url(Role::Owner, &template))
            .await
            .unwrap();
        sqlx::raw_sql(sqlx::AssertSqlSafe(format!(
            "ALTER DATABASE {template} ALLOW_CONNECTIONS false"
        )))
        .execute(&mut admin)
        .await
        .unwrap();
    }
    let name = format!("t_{}", uuid::Uuid::new_v4().simple());
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!(
        "CREATE DATABASE {name} TEMPLATE {template} OWNER pine_owner"
    )))
    .execute(&mut admin)
    .await
    .unwrap();
    sqlx::raw_sql("SELECT pg_advisory_unlock(1)")
        .execute(&mut admin)
        .await
        .unwrap();
    TestDb { name }
}
