//! One transaction or not at all: looking changes nothing, and whatever ends it in the middle leaves the old database.

use pine_time::ops::adopt::{self, AdoptError, Step};

use crate::old::{adopt, as_written, everything, killed_at, older, refused};
use crate::support::cluster::Role;

#[tokio::test]
async fn looking_changes_nothing_and_tells_what_adopting_does() {
    for world in [as_written().await, older().await] {
        let before = everything(&world).await;
        assert!(before.len() > 20, "the comparison sees something");
        let looked = adopt::look(&world.database.url(Role::Owner)).await.unwrap();
        assert_eq!(everything(&world).await, before);
        assert!(!looked.adopted);
        let done = adopt(&world).await;
        assert!(done.adopted && done.proved > 20, "{}", done.proved);
        assert_eq!(looked.notes, done.notes, "what was said is what is done");
        assert_eq!(looked.tables, done.tables);
        assert_eq!(looked.left, done.left);
        assert_eq!(looked.kept_in, done.kept_in);
        assert_ne!(everything(&world).await, before, "the comparison sees a change");
    }
}

#[tokio::test]
async fn killed_at_any_step_it_leaves_the_old_database() {
    let world = older().await;
    let before = everything(&world).await;
    for step in Step::ALL {
        let said = killed_at(&world, step).await;
        let told = match step {
            // It may just have been done, for all that the program knows.
            Step::Keep => "Adopt it once more: that tells whether it was",
            _ => "not adopted and is as it was",
        };
        assert!(said.contains(told), "{step}: {said}");
        assert_eq!(everything(&world).await, before, "killed when it began {step}");
    }
    // And it can be adopted after all that.
    assert!(adopt(&world).await.adopted);
}

#[tokio::test]
async fn a_second_time_there_is_nothing_to_adopt() {
    let world = as_written().await;
    let kept = adopt(&world).await.kept_in;
    let before = everything(&world).await;
    let said = refused(&world).await;
    assert!(said.contains("own already") && said.contains(&kept), "{said}");
    let looked = adopt::look(&world.database.url(Role::Owner)).await.unwrap_err();
    assert!(matches!(looked, AdoptError::Own(Some(name)) if name == kept));
    assert_eq!(everything(&world).await, before);
}

#[tokio::test]
async fn of_two_at_once_one_adopts() {
    let world = as_written().await;
    let url = world.database.url(Role::Owner);
    let (one, other) = tokio::join!(
        adopt::adopt(&url, "owner:one", |_| {}),
        adopt::adopt(&url, "owner:other", |_| {})
    );
    assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
    assert_eq!(world.count("users").await, 4);
    assert_eq!(world.count("audit_log WHERE action = 'adopt'").await, 1);
    assert_eq!(world.count("pg_namespace WHERE nspname LIKE 'adopted%'").await, 1);
}

/// Something in the database changes rows behind our back while they are taken over: it must show, and nothing be kept.
#[tokio::test]
async fn what_does_not_prove_to_be_the_same_is_taken_back() {
    for (harm, words) in [
        (
            "UPDATE public.users SET is_superuser = true WHERE id = 3",
            "is admin now",
        ),
        (
            "UPDATE public.users SET hashed_password = '$2b$12$x' WHERE id = 2",
            "users",
        ),
        (
            "UPDATE public.payment SET amount_paid = 1 WHERE id = 7",
            "payments come to",
        ),
        (
            "DELETE FROM public.event_attendees WHERE id = 1",
            "event_attendees",
        ),
    ] {
        let world = as_written().await;
        let mut admin = <sqlx::PgConnection as sqlx::Connection>::connect(&world.database.url(Role::Admin))
            .await
            .unwrap();
        let trap = format!(
            "CREATE SCHEMA harm;
             CREATE FUNCTION harm.harm() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
             BEGIN
                 -- Once the rows are in, and before what counts them.
                 IF to_regclass('public.payment') IS NOT NULL AND to_regclass('public.settings') IS NULL THEN
                     {harm};
                 END IF;
             END $$;
             CREATE EVENT TRIGGER harm ON ddl_command_end WHEN TAG IN ('CREATE SCHEMA') EXECUTE FUNCTION harm.harm()"
        );
        sqlx::raw_sql(sqlx::AssertSqlSafe(trap))
            .execute(&mut admin)
            .await
            .unwrap();
        let before = everything(&world).await;
        let error = adopt::adopt(&world.database.url(Role::Owner), "owner:test", |_| {})
            .await
            .unwrap_err();
        let said = error.to_string();
        assert!(matches!(error, AdoptError::NotProved(_)), "{harm}: {said}");
        assert!(said.contains(words), "{harm}: {said}");
        assert_eq!(everything(&world).await, before, "{harm}");
    }
}
