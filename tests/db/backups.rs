//! The age of the last verified backup, as terminals see it.

use chrono::{TimeDelta, Utc};
use pine_time::domain::Fault;

use crate::support::cluster::Role;
use crate::support::world::{World, fault};

async fn verified(world: &World, name: &str, hours_old: i64) {
    world
        .sql(&format!(
            "INSERT INTO verified_backups (name, made_at, verified_at, bytes, sha256, verified_by)
             VALUES ('{name}', now() - interval '{hours_old} hours', now(), 7, repeat('ab', 32), 'owner:root')"
        ))
        .await;
}

#[tokio::test]
async fn staff_see_how_old_the_newest_verified_state_is() {
    let world = World::new().await;
    let db = world.db(Role::Staff);
    let staff = world.staff().await;
    assert_eq!(db.backup_age(&staff).await.unwrap(), None);
    verified(&world, "newer", 3).await;
    // An older backup that is looked at later does not make the community any safer.
    verified(&world, "older", 90).await;
    let seen = db.backup_age(&staff).await.unwrap().unwrap();
    assert_eq!((seen.name.as_str(), seen.bytes), ("newer", 7));
    assert_eq!(seen.age().num_hours(), 3);
    assert!(Utc::now() - seen.made_at >= TimeDelta::hours(3));
    assert!(!seen.is_old());
    verified(&world, "newest", 2).await;
    assert_eq!(
        db.backup_age(&staff).await.unwrap().unwrap().name.as_str(),
        "newest"
    );
    // The rules' clock is moved for rehearsals; backups grow no older by it.
    world.move_clock("30 days").await;
    let staff = world.staff().await;
    assert_eq!(db.backup_age(&staff).await.unwrap().unwrap().age().num_hours(), 2);
}

#[tokio::test]
async fn after_two_days_it_is_old() {
    let world = World::new().await;
    verified(&world, "old", 49).await;
    let staff = world.staff().await;
    let seen = world.db(Role::Staff).backup_age(&staff).await.unwrap().unwrap();
    assert!(seen.is_old());
}

#[tokio::test]
async fn it_is_for_staff_only_and_its_rows_stay() {
    let world = World::new().await;
    verified(&world, "one", 1).await;
    let ana = world.member("ana").await;
    let token = world.session(ana).await;
    let refused = fault(world.db(Role::Staff).backup_age(&token).await);
    assert!(matches!(refused, Fault::NotAllowed(_)), "{refused:?}");
    let staff = world.staff().await;
    let refused = fault(world.db(Role::Kiosk).backup_age(&staff).await);
    assert!(
        matches!(refused, Fault::Login | Fault::NotSignedIn | Fault::NotAllowed(_)),
        "{refused:?}"
    );
    for statement in [
        "UPDATE verified_backups SET made_at = now()",
        "DELETE FROM verified_backups",
    ] {
        let error = sqlx::raw_sql(statement)
            .execute(&world.owner)
            .await
            .expect_err(statement);
        assert!(error.to_string().contains("never changed or removed"), "{error}");
    }
}
