//! The members' desk: pages from both ends and under every filter, what a search finds, one member in full, what may be
//! changed by whom, and whose sessions are ended.

use pine_time::db::{Db, Token};
use pine_time::domain::Fault;
use pine_time::domain::account::Proof;
use pine_time::domain::event::RegistrationStatus;
use pine_time::domain::member::{MemberId, UserType};
use pine_time::domain::members_desk::{MemberDraft, MembersFilter, NewAccount};
use pine_time::domain::{Nonce, Secret};

use crate::support::cluster::Role;
use crate::support::world::{World, fault, nonce, refused_field};

fn filter(query: &str, active: Option<bool>, user_type: Option<UserType>) -> MembersFilter {
    MembersFilter {
        query: query.to_owned(),
        active,
        user_type,
    }
}

/// Somebody with a name, perhaps deactivated.
async fn somebody(world: &World, username: &str, full_name: &str, active: Option<bool>) -> MemberId {
    let member = world.member(username).await;
    sqlx::query("UPDATE users SET full_name = $2, is_active = $3 WHERE id = $1")
        .bind(member.0)
        .bind(full_name)
        .bind(active)
        .execute(&world.owner)
        .await
        .unwrap();
    member
}

async fn admin(world: &World) -> Token {
    let boss = world.person("boss", "admin").await;
    world.session(boss).await
}

async fn names(db: &Db, token: &Token, filter: &MembersFilter) -> Vec<String> {
    let page = db.members_page(token, filter, false, None, 500).await.unwrap();
    assert!(page.next.is_none());
    page.rows
        .iter()
        .map(|row| row.line.username.to_string())
        .collect()
}

#[tokio::test]
async fn the_list_goes_by_name_page_by_page_and_from_its_end() {
    let world = World::new().await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    for at in 0..23 {
        // Two of each name: the number decides between them.
        somebody(&world, &format!("m{at}"), &format!("Élodie {:02}", at / 2), None).await;
    }
    let active = filter("", Some(true), Some(UserType::Regular));
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let page = db
            .members_page(&staff, &active, false, after.as_ref(), 5)
            .await
            .unwrap();
        seen.extend(page.rows.iter().map(|row| row.line.username.to_string()));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let expected: Vec<_> = (0..23).map(|at| format!("m{at}")).collect();
    assert_eq!(seen, expected);
    let end = db.members_page(&staff, &active, true, None, 5).await.unwrap();
    let last: Vec<_> = end.rows.iter().map(|row| row.line.username.to_string()).collect();
    assert_eq!(last, ["m22", "m21", "m20", "m19", "m18"]);
    let before = db
        .members_page(&staff, &active, true, end.next.as_ref(), 2)
        .await
        .unwrap();
    assert_eq!(before.rows[0].line.username.as_str(), "m17");
    let most = db
        .members_page(&staff, &active, false, None, i32::MAX)
        .await
        .unwrap();
    assert_eq!(
        most.rows.len(),
        23,
        "whatever is asked for, no more than five hundred"
    );
}

#[tokio::test]
async fn every_filter_lists_and_counts_the_same() {
    let world = World::new().await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    somebody(&world, "ana", "Ana Reyes", None).await;
    somebody(&world, "ben", "Ben Cruz", Some(false)).await;
    world.person("helper", "staff").await;
    world.person("boss", "admin").await;
    world
        .sql(
            // As an older database may have it: the flag alone makes the administrator.
            "INSERT INTO users (email, username, full_name, hashed_password, is_active, is_superuser, user_type)
             VALUES ('old@example.org', 'old', 'Old Boss', 'x', false, true, NULL)",
        )
        .await;
    let count = db.members_in_numbers(&staff).await.unwrap();
    for active in [None, Some(true), Some(false)] {
        for role in [
            None,
            Some(UserType::Regular),
            Some(UserType::Staff),
            Some(UserType::Admin),
        ] {
            let listed = names(&db, &staff, &filter("", active, role)).await;
            assert_eq!(
                i64::try_from(listed.len()).unwrap(),
                count.matching(active, role),
                "{active:?} {role:?}: {listed:?}"
            );
        }
    }
    assert_eq!(
        names(&db, &staff, &filter("", Some(false), None)).await,
        ["ben", "old"]
    );
    assert_eq!(
        names(&db, &staff, &filter("", None, Some(UserType::Admin))).await,
        ["boss", "old"]
    );
    let wrong = sqlx::query("SELECT pine.members_page('{\"user_type\": \"boss\"}', false, NULL, 10)")
        .execute(&world.owner)
        .await
        .unwrap_err();
    assert_eq!(wrong.as_database_error().unwrap().code().unwrap(), "PT422");
}

#[tokio::test]
async fn a_search_finds_from_the_first_letter_whoever_is_meant() {
    let world = World::new().await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    somebody(&world, "nb", "Niño Bautista", None).await;
    somebody(&world, "tonyf", "Antonino Flores", None).await;
    somebody(&world, "gone", "Nina Cruz", Some(false)).await;
    let helper = world.person("nora", "staff").await;
    let any = |query: &str| filter(query, None, None);
    assert_eq!(names(&db, &staff, &any("n")).await, ["gone", "nb", "nora"]);
    assert_eq!(names(&db, &staff, &any("nino b")).await, ["nb"]);
    assert_eq!(names(&db, &staff, &any("NINO")).await, ["nb", "tonyf"]);
    assert_eq!(
        names(&db, &staff, &filter("n", Some(true), None)).await,
        ["nb", "nora"],
        "active ones"
    );
    assert_eq!(
        names(&db, &staff, &filter("cruz", Some(false), None)).await,
        ["gone"]
    );
    assert_eq!(
        names(&db, &staff, &filter("no", None, Some(UserType::Staff))).await,
        ["nora"]
    );
    assert!(names(&db, &staff, &filter("zzz", None, None)).await.is_empty());
    // What names somebody exactly finds them, whatever else is like it.
    assert_eq!(names(&db, &staff, &any("GONE@example.org")).await, ["gone"]);
    let pass = world.pass_code(helper).await;
    assert_eq!(names(&db, &staff, &any(&pass)).await, ["nora"]);
    for garbage in [
        "%",
        "_",
        "\\",
        "'; --",
        "\u{1f600}",
        &"x".repeat(5000),
        "a b c d e f g h",
    ] {
        names(&db, &staff, &any(garbage)).await;
    }
}

#[tokio::test]
async fn one_of_thousands_who_were_deactivated_is_found_by_any_word() {
    let world = World::new().await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    world
        .sql(
            "INSERT INTO users (email, username, full_name, hashed_password, is_active)
             SELECT 'former' || n || '@example.org', 'former' || n, 'Anna Former ' || n, '!', false
             FROM generate_series(1, 5200) AS n",
        )
        .await;
    somebody(&world, "zq", "Zoe Quimby-Adler", Some(false)).await;
    somebody(&world, "here", "Zara Quimby", None).await;
    for found in ["quim", "uimb", "adler", "zoe adl", "adler zoe", "quimby-a"] {
        assert_eq!(
            names(&db, &staff, &filter(found, Some(false), None)).await,
            ["zq"],
            "{found:?}"
        );
    }
    assert_eq!(
        names(&db, &staff, &filter("quimby", None, None)).await.len(),
        2,
        "and those who are active beside"
    );
    let many = names(&db, &staff, &filter("former", Some(false), None)).await;
    assert_eq!(many.len(), 40, "no more than a page of what matches everybody");
    assert!(
        names(&db, &staff, &filter("-", Some(false), None))
            .await
            .is_empty()
    );
}

#[tokio::test]
async fn a_member_in_full_tells_what_staff_need() {
    let world = World::new().await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    let now = world.event(-10, None).await;
    let later = world.event(300, None).await;
    let ana = world.guest("ana", now).await;
    let ben = world.member("ben").await;
    world.registration(ana, later, "waitlisted").await;
    db.check_in(&staff, nonce(), now, &crate::support::world::typed("ana"))
        .await
        .unwrap();
    sqlx::query("UPDATE users SET referred_by = $1, door_note = 'Ask for the key.' WHERE id = $2")
        .bind(ben.0)
        .bind(ana.0)
        .execute(&world.owner)
        .await
        .unwrap();
    world.session(ana).await;
    let page = db.member_page(&staff, ana).await.unwrap();
    assert_eq!(page.line.line.id, ana);
    assert_eq!(page.attended, 1);
    assert!(page.line.last_attended.is_some());
    assert_eq!((page.line.points, page.earned), (page.earned, page.line.points));
    assert!(page.earned > 0);
    assert_eq!(page.referred_by.as_ref().unwrap().username.as_str(), "ben");
    assert_eq!(page.draft.referred_by, "ben");
    assert_eq!(page.door_note.as_ref().unwrap().text.as_str(), "Ask for the key.");
    assert_eq!(page.sessions, 1);
    assert_eq!(page.code_until, None);
    let states: Vec<_> = page
        .upcoming
        .iter()
        .map(|seat| (seat.event_id, seat.status))
        .collect();
    assert_eq!(
        states,
        [
            (now, RegistrationStatus::Registered),
            (later, RegistrationStatus::Waitlisted)
        ]
    );
    world.move_clock("3 days").await;
    let staff = world.session(world.person("mate", "staff").await).await;
    let page = db.member_page(&staff, ana).await.unwrap();
    assert_eq!(
        (page.upcoming.len(), page.past.len(), page.registrations),
        (0, 2, 2)
    );
    assert_eq!(page.past[0].event_id, later, "the last one first");
    assert!(page.past[1].attended);
    assert_eq!(page.sessions, 0, "idle too long");
    let nobody = fault(db.member_page(&staff, MemberId(999_999)).await);
    assert!(matches!(nobody, Fault::NotFound(_)), "{nobody:?}");
}

#[tokio::test]
async fn a_member_made_at_the_desk_comes_in_with_the_code_alone() {
    let world = World::new().await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    world.member("ben").await;
    let who = NewAccount {
        username: "nina".to_owned(),
        email: "nina@example.org".to_owned(),
        full_name: "Nina Cruz".to_owned(),
        referrer: "BEN".to_owned(),
    };
    let press = nonce();
    let made = db.make_member(&staff, press, &who).await.unwrap();
    assert_eq!(
        db.make_member(&staff, press, &who).await.unwrap(),
        made,
        "sent twice, made once"
    );
    assert_eq!(world.count("audit_log WHERE action = 'member_add'").await, 1);
    let code = db.reset_code(&staff, made.id).await.unwrap();
    assert!(
        db.member_page(&staff, made.id)
            .await
            .unwrap()
            .code_until
            .is_some()
    );
    let password = Secret::new("moss otter quay 7".to_owned());
    let kiosk = world.db(Role::Kiosk);
    let proof = kiosk
        .reset_password(nonce(), "nina", code.code.as_str(), &password)
        .await
        .unwrap();
    assert_eq!(proof, Proof::Ok);
    assert!(kiosk.sign_in("nina", &password).await.unwrap().is_some());
    for (change, column) in [
        (
            (|who: &mut NewAccount| who.username = "NINA".to_owned()) as fn(&mut NewAccount),
            "username",
        ),
        (|who| who.email = "ben@example.org".to_owned(), "email"),
        (|who| who.full_name = " ".to_owned(), "full_name"),
        (|who| who.referrer = "nobody".to_owned(), "referred_by"),
    ] {
        let mut other = NewAccount {
            username: "other".to_owned(),
            email: "other@example.org".to_owned(),
            ..who.clone()
        };
        change(&mut other);
        assert_eq!(
            refused_field(db.make_member(&staff, nonce(), &other).await),
            column
        );
    }
}

#[tokio::test]
async fn what_is_written_down_of_a_member_is_changed_once_and_never_over_another_change() {
    let world = World::new().await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    let ana = world.member("ana").await;
    let ben = world.member("ben").await;
    let page = db.member_page(&staff, ana).await.unwrap();
    let draft = MemberDraft {
        full_name: " Ana Reyes ".to_owned(),
        username: "ana.r".to_owned(),
        email: "ana.r@example.org".to_owned(),
        referred_by: "ben".to_owned(),
    };
    let press = nonce();
    for _ in 0..2 {
        let row = db
            .save_member(&staff, press, ana, &page.version, &draft)
            .await
            .unwrap();
        assert_eq!(row.line.full_name.as_str(), "Ana Reyes");
    }
    let (before, after): (String, String) = sqlx::query_as(
        "SELECT before->>'username', after->>'username' FROM audit_log WHERE action = 'member_save'",
    )
    .fetch_one(&world.owner)
    .await
    .unwrap();
    assert_eq!((before.as_str(), after.as_str()), ("ana", "ana.r"));
    let brought: i32 = world
        .value("SELECT referred_by FROM users WHERE username = 'ana.r'")
        .await;
    assert_eq!(brought, ben.0);
    // Over what somebody else wrote meanwhile nothing is written.
    let late = fault(db.save_member(&staff, nonce(), ana, &page.version, &draft).await);
    assert!(matches!(late, Fault::Conflict(_)), "{late:?}");

    let seen = db.member_page(&staff, ana).await.unwrap().version;
    let with = |change: fn(&mut MemberDraft)| {
        let mut draft = draft.clone();
        change(&mut draft);
        draft
    };
    for (draft, column) in [
        (with(|draft| draft.username = "BEN".to_owned()), "username"),
        (with(|draft| draft.username = "a b".to_owned()), "username"),
        (with(|draft| draft.username = String::new()), "username"),
        (with(|draft| draft.email = "ben@example.org".to_owned()), "email"),
        (with(|draft| draft.full_name = String::new()), "full_name"),
        (
            with(|draft| draft.referred_by = "nobody".to_owned()),
            "referred_by",
        ),
        (
            with(|draft| draft.referred_by = "ana.r".to_owned()),
            "referred_by",
        ),
    ] {
        let refused = db.save_member(&staff, nonce(), ana, &seen, &draft).await;
        assert_eq!(refused_field(refused), column, "{draft:?}");
    }
    // Case alone is a change; an old name that would not do today stays as it is.
    world
        .sql("UPDATE users SET username = 'an old name' WHERE username = 'ben'")
        .await;
    let page = db.member_page(&staff, ben).await.unwrap();
    let draft = MemberDraft {
        full_name: "Ben".to_owned(),
        ..page.draft
    };
    db.save_member(&staff, nonce(), ben, &page.version, &draft)
        .await
        .unwrap();
    let nobody = fault(
        db.save_member(&staff, nonce(), MemberId(999_999), "", &draft)
            .await,
    );
    assert!(matches!(nobody, Fault::NotFound(_)), "{nobody:?}");
}

#[tokio::test]
async fn staff_do_not_change_staff() {
    let world = World::new().await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    let mate = world.person("mate", "staff").await;
    let page = db.member_page(&staff, mate).await.unwrap();
    let refused = fault(
        db.save_member(&staff, nonce(), mate, &page.version, &page.draft)
            .await,
    );
    assert!(matches!(refused, Fault::NotAllowed(_)), "{refused:?}");
    let boss = admin(&world).await;
    db.save_member(&boss, nonce(), mate, &page.version, &page.draft)
        .await
        .unwrap();
}

#[tokio::test]
async fn sessions_are_seen_and_ended_by_their_owner_and_by_administrators() {
    let world = World::new().await;
    let db = world.db(Role::Staff);
    let (ana, staff_member) = (world.member("ana").await, world.person("mate", "staff").await);
    let (here, there) = (world.session(ana).await, world.session(ana).await);
    let staff = world.session(staff_member).await;
    for refused in [
        fault(db.member_sessions(&staff, ana).await),
        fault(db.end_sessions(&staff, nonce(), Some(ana)).await),
        fault(db.end_sessions(&here, nonce(), Some(staff_member)).await),
        fault(db.member_sessions(&here, ana).await),
    ] {
        assert!(matches!(refused, Fault::NotAllowed(_)), "{refused:?}");
    }
    assert_eq!(db.member_sessions(&staff, staff_member).await.unwrap().len(), 1);

    // One's own: all but the one that asks.
    let press = nonce();
    for _ in 0..2 {
        assert_eq!(db.end_sessions(&here, press, None).await.unwrap(), 1);
    }
    assert_eq!(fault(db.my_account(&there).await), Fault::NotSignedIn);
    assert!(db.my_account(&here).await.is_ok());
    assert_eq!(db.end_sessions(&here, nonce(), Some(ana)).await.unwrap(), 0);

    let boss = admin(&world).await;
    let seen = db.member_sessions(&boss, ana).await.unwrap();
    assert_eq!(seen.len(), 1);
    assert!(!seen[0].is_here);
    assert_eq!(db.end_sessions(&boss, nonce(), Some(ana)).await.unwrap(), 1);
    assert_eq!(fault(db.my_account(&here).await), Fault::NotSignedIn);
    assert!(db.member_sessions(&boss, ana).await.unwrap().is_empty());
    let nobody = fault(db.end_sessions(&boss, nonce(), Some(MemberId(999_999))).await);
    assert!(matches!(nobody, Fault::NotFound(_)), "{nobody:?}");
    // Only what ended anything is in the log.
    assert_eq!(world.count("audit_log WHERE action = 'sessions_end'").await, 2);
    // An owner's session on the command line is nobody's.
    let owner = world.db(Role::Owner);
    let session = owner.owner_session("root").await.unwrap();
    assert!(matches!(
        fault(owner.end_sessions(&session, nonce(), None).await),
        Fault::NotFound(_)
    ));
}

/// Every act of the desk, once, as an administrator.
async fn all_acts(db: &Db, boss: &Token, ana: MemberId) {
    let page = db.member_page(boss, ana).await.unwrap();
    let draft = MemberDraft {
        full_name: "Ana Maria Reyes".to_owned(),
        ..page.draft
    };
    db.save_member(boss, nonce(), ana, &page.version, &draft)
        .await
        .unwrap();
    db.set_active(boss, nonce(), ana, false, "moved").await.unwrap();
    db.set_active(boss, nonce(), ana, true, "back").await.unwrap();
    db.set_role(boss, nonce(), "ana", UserType::Staff).await.unwrap();
    db.reset_code(boss, ana).await.unwrap();
    let note = pine_time::domain::door_note::NoteCall::Set {
        nonce: nonce(),
        member: ana,
        note: Some("Ask for the key.".to_owned()),
        number: None,
    };
    db.door_note(boss, &note).await.unwrap();
}

#[tokio::test]
async fn every_change_is_in_the_audit_log_with_who_and_on_whom() {
    let world = World::new().await;
    let db = world.db(Role::Staff);
    let ana = world.member("ana").await;
    let boss = admin(&world).await;
    all_acts(&db, &boss, ana).await;
    for one in [world.session(ana).await, world.session(ana).await] {
        db.touch(&one).await.unwrap();
    }
    db.end_sessions(&boss, nonce(), Some(ana)).await.unwrap();
    let actions: Vec<String> = sqlx::query_scalar(
        "SELECT action FROM audit_log
         WHERE actor = 'boss' AND subject = 'member' AND subject_id = $1 AND device IS NOT NULL ORDER BY id",
    )
    .bind(ana.0)
    .fetch_all(&world.owner)
    .await
    .unwrap();
    assert_eq!(
        actions,
        [
            "member_save",
            "member_set_active",
            "member_set_active",
            "member_set_role",
            "member_reset_code",
            "set_door_note",
            "sessions_end",
        ]
    );
}

#[tokio::test]
async fn without_a_session_of_staff_nothing_of_it_is_open() {
    let world = World::new().await;
    let ana = world.member("ana").await;
    let (regular, staff) = (world.session(ana).await, world.staff().await);
    let nobody = Token::from_hex(&"ab".repeat(32)).unwrap();
    let draft = MemberDraft::default();
    let any = filter("", None, None);
    let asks = async |db: &Db, token: &Token, press: Nonce| {
        [
            db.members_page(token, &any, false, None, 10).await.err(),
            db.members_in_numbers(token).await.err(),
            db.member_page(token, ana).await.err(),
            db.member_sessions(token, ana).await.err(),
            db.save_member(token, press, ana, "", &draft).await.err(),
        ]
        .map(|error| error.expect("refused").fault)
    };
    let db = world.db(Role::Staff);
    for why in asks(&db, &nobody, nonce()).await {
        assert_eq!(why, Fault::NotSignedIn);
    }
    for why in asks(&db, &regular, nonce()).await {
        assert!(matches!(why, Fault::NotAllowed(_)), "{why:?}");
    }
    let kiosk = world.db(Role::Kiosk);
    for token in [&regular, &staff, &nobody] {
        for why in asks(&kiosk, token, nonce()).await {
            assert_eq!(why, Fault::Login, "a kiosk's login has none of it");
        }
    }
    assert_eq!(
        fault(db.end_sessions(&nobody, nonce(), None).await),
        Fault::NotSignedIn
    );
    // A kiosk's member may end their own.
    assert_eq!(kiosk.end_sessions(&regular, nonce(), None).await.unwrap(), 0);
}
