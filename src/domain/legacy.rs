//! What an older Pine Time's words mean here: which of its tables and columns become which of ours, which status, role and
//! kind of points. Adopting a database in place and importing files go by this one map. Pure; who reads the old rows, and
//! what is done where two of them say different things, stands in [`crate::ops`].
//!
//! Nobody becomes more than they were: whoever was no superuser is a regular member, whatever the old user type said, and
//! a word that nobody knows is the least that it could mean.

/// One of our tables, and what an older database calls it and its columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table {
    /// Its name here.
    pub ours: &'static str,
    /// Names it has had, besides ours.
    pub theirs: &'static [&'static str],
    /// A column of ours and the names it has had, the likeliest first.
    pub columns: &'static [(&'static str, &'static [&'static str])],
    /// Columns that have no place here: said elsewhere, or of no use.
    pub dropped: &'static [&'static str],
}

/// Every table that an older database may have, in an order in which each comes after those it refers to.
pub const TABLES: &[Table] = &[
    Table {
        ours: "users",
        theirs: &["user", "member", "members"],
        columns: &[
            ("hashed_password", &["password_hash", "password"]),
            ("full_name", &["name", "fullname"]),
            ("created_at", &["created_date", "date_joined"]),
            ("last_login", &["last_login_at"]),
        ],
        dropped: &[
            "updated_at",
            "is_verified",
            "avatar_url",
            "image_url",
            "points",
            "total_points",
        ],
    },
    Table {
        ours: "events",
        theirs: &["event"],
        columns: &[
            ("title", &["name"]),
            (
                "created_by",
                &["organizer_id", "creator_id", "created_by_id", "user_id"],
            ),
            ("created_at", &["created_date"]),
            ("event_type", &["type", "category"]),
            ("start_time", &["start_date", "starts_at"]),
            ("end_time", &["end_date", "ends_at"]),
            ("max_participants", &["capacity", "max_attendees"]),
            ("points_reward", &["points"]),
        ],
        dropped: &["updated_at", "image_url"],
    },
    Table {
        ours: "registrations",
        theirs: &["registration"],
        columns: &[
            (
                "registration_date",
                &["registered_at", "created_at", "created_date"],
            ),
            ("note", &["notes"]),
        ],
        dropped: &["updated_at", "payment_id"],
    },
    Table {
        ours: "payment",
        theirs: &["payments"],
        columns: &[
            ("amount_paid", &["amount"]),
            ("payment_channel", &["payment_method", "channel", "method"]),
            ("payment_date", &["paid_at", "created_at", "created_date"]),
        ],
        dropped: &["updated_at", "status", "payment_status", "currency"],
    },
    Table {
        ours: "badges",
        theirs: &["badge", "badge_types", "badge_type"],
        columns: &[
            ("icon_url", &["image_url", "icon"]),
            ("badge_type", &["type", "badge_type_id"]),
            ("created_at", &["created_date"]),
        ],
        dropped: &["updated_at", "max_level", "requirement", "requirements", "points"],
    },
    Table {
        ours: "user_badges",
        theirs: &["user_badge"],
        columns: &[
            ("badge_id", &["badge_type_id"]),
            ("earned_date", &["earned_at", "awarded_at", "created_at"]),
        ],
        dropped: &[
            "updated_at",
            "badge_type",
            "name",
            "description",
            "image_url",
            "icon_url",
            "category",
        ],
    },
    Table {
        ours: "points_transactions",
        theirs: &["points_transaction", "point_transactions", "point_transaction"],
        columns: &[
            ("transaction_date", &["created_at", "created_date"]),
            ("awarded_by", &["admin_id"]),
            ("transaction_type", &["type"]),
        ],
        dropped: &["updated_at"],
    },
    Table {
        ours: "event_attendees",
        theirs: &["event_attendee", "attendees", "attendee"],
        columns: &[
            (
                "check_in_time",
                &["checked_in_at", "check_in_at", "attended_at", "created_at"],
            ),
            ("check_out_time", &["checked_out_at", "check_out_at"]),
        ],
        dropped: &["updated_at", "registration_id", "points_earned"],
    },
];

/// Tables of an older application that hold nothing which is kept here.
pub const NOT_KEPT: &[&str] = &[
    "alembic_version",
    "sqlite_sequence",
    "sqlite_stat1",
    "user_streaks",
    "user_streak",
];

impl Table {
    /// The name here of one of its columns; itself when it has always been called so. `None` for one with no place here.
    pub fn column<'a>(&self, theirs: &'a str) -> Option<&'a str>
    where
        'static: 'a,
    {
        if self.dropped.contains(&theirs) {
            return None;
        }
        self.columns
            .iter()
            .find(|(_, names)| names.contains(&theirs))
            .map_or(Some(theirs), |(ours, _)| Some(*ours))
    }
}

/// What a table of an older database is here, by its name and columns; none for one that was never there. Of a table
/// `badges` that has a `user_id`, each row is a badge that somebody holds: the badges themselves are in `badge_types`.
pub fn table<S: AsRef<str>>(name: &str, columns: &[S]) -> Option<&'static Table> {
    let name = name.to_lowercase();
    let has = |column: &str| {
        columns
            .iter()
            .any(|own| own.as_ref().eq_ignore_ascii_case(column))
    };
    let wanted = match name.as_str() {
        "badges" | "badge" if has("user_id") => "user_badges",
        other => other,
    };
    TABLES
        .iter()
        .find(|table| table.ours == wanted || table.theirs.contains(&wanted))
}

/// What an old registration's status means, and whether it says that the member came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The status here.
    pub status: &'static str,
    /// Whether there is to be an attendance, if none is noted elsewhere.
    pub attended: bool,
}

/// Every known status of a registration: the old word, ours, and whether the member came.
pub const REGISTRATION_STATUS: &[(&str, &str, bool)] = &[
    ("registered", "registered", false),
    ("approved", "registered", false),
    ("confirmed", "registered", false),
    ("checked_in", "registered", true),
    ("attended", "registered", true),
    ("pending", "pending", false),
    ("waitlisted", "waitlisted", false),
    ("waitlist", "waitlisted", false),
    ("cancelled", "cancelled", false),
    ("canceled", "cancelled", false),
    ("rejected", "rejected", false),
];

/// What a registration's status means, however it is cased. None for a word that nobody knows: whoever reads it decides
/// whether that is an error or `pending`, which takes no seat.
pub fn registration(word: &str) -> Option<Standing> {
    let word = word.trim().to_lowercase().replace([' ', '-'], "_");
    REGISTRATION_STATUS
        .iter()
        .find(|(old, ..)| *old == word)
        .map(|(_, status, attended)| Standing {
            status,
            attended: *attended,
        })
}

/// Every known status of an attendance: the old word and ours.
pub const ATTENDANCE_STATUS: &[(&str, &str)] = &[
    ("attended", "attended"),
    ("checked_in", "attended"),
    ("present", "attended"),
    ("registered", "undone"),
    ("left", "left"),
    ("checked_out", "left"),
    ("undone", "undone"),
    ("cancelled", "undone"),
    ("canceled", "undone"),
    ("absent", "undone"),
    ("no_show", "undone"),
];

/// What an attendance's status means; none for a word that nobody knows.
pub fn attendance(word: &str) -> Option<&'static str> {
    let word = word.trim().to_lowercase().replace([' ', '-'], "_");
    ATTENDANCE_STATUS
        .iter()
        .find(|(old, _)| *old == word)
        .map(|(_, ours)| *ours)
}

/// Every known payment status: the old word and ours.
pub const PAYMENT_STATUS: &[(&str, &str)] = &[
    ("pending", "pending"),
    ("unpaid", "pending"),
    ("failed", "pending"),
    ("paid", "paid"),
    ("completed", "paid"),
    ("not_required", "not_required"),
    ("free", "not_required"),
    ("refunded", "refunded"),
];

/// What a payment status means; none for a word that nobody knows.
pub fn payment_status(word: &str) -> Option<&'static str> {
    let word = word.trim().to_lowercase().replace([' ', '-'], "_");
    PAYMENT_STATUS
        .iter()
        .find(|(old, _)| *old == word)
        .map(|(_, ours)| *ours)
}

/// Who a member is here: the user type, and whether they are a superuser, which go together.
pub type Role = (&'static str, bool);

/// What an old account may do here. Only a superuser could do more than other members; user types (business, user,
/// admin without being a superuser) gave no rights.
pub fn role(was_superuser: Option<bool>) -> Role {
    if was_superuser == Some(true) {
        ("admin", true)
    } else {
        ("regular", false)
    }
}

/// Every known kind of a ledger row: the old word and ours.
pub const TRANSACTION_TYPE: &[(&str, &str)] = &[
    ("event_attendance", "event_attendance"),
    ("attendance", "event_attendance"),
    ("check_in", "event_attendance"),
    ("earned", "event_attendance"),
    ("streak_bonus", "streak_bonus"),
    ("streak", "streak_bonus"),
    ("badge_award", "badge_award"),
    ("badge", "badge_award"),
    ("badge_earned", "badge_award"),
    ("special_activity", "special_activity"),
    ("awarded", "special_activity"),
    ("bonus", "special_activity"),
    ("redemption", "redemption"),
    ("redeemed", "redemption"),
    ("redeem", "redemption"),
    ("adjustment", "adjustment"),
    ("expired", "adjustment"),
];

/// What kind of ledger row an old one is. Points for an attendance need an event. A word that nobody knows is a special
/// activity when it gave points and an adjustment when it took some, and so is an old reversal, of which nobody can tell
/// any more what it reversed.
pub fn transaction_type(word: &str, points: i64, has_event: bool) -> &'static str {
    let word = word.trim().to_lowercase().replace([' ', '-'], "_");
    let known = TRANSACTION_TYPE
        .iter()
        .find(|(old, _)| *old == word)
        .map(|(_, ours)| *ours);
    match known {
        Some("event_attendance") if !has_event => "special_activity",
        Some("redemption") if points > 0 => "adjustment",
        Some(ours) => ours,
        None if points < 0 => "adjustment",
        None => "special_activity",
    }
}

/// The family that an old badge is one of, by its name or type: the rule that counts it here. None for one that is given
/// by hand.
pub fn badge_rule(name: &str) -> Option<&'static str> {
    match name.trim().to_lowercase().replace(['_', '-'], " ").as_str() {
        "event explorer" => Some("types"),
        "social butterfly" => Some("connections"),
        "trivia master" => Some("wins"),
        "consistent attendee" => Some("weeks"),
        "community builder" => Some("referrals"),
        _ => None,
    }
}

/// A price that was kept as a float, exact to the cent: `12.5` and `12.499999999999998` are `12.50`. None for what is no
/// amount, is negative, or is not within a thousandth of a cent of one: somebody has to look at that.
pub fn price(text: &str) -> Option<String> {
    let value: f64 = text.trim().parse().ok()?;
    if !(0.0..1e10).contains(&value) {
        return None;
    }
    let cents = (value * 100.0).round();
    ((value * 100.0 - cents).abs() < 1e-3).then(|| format!("{:.2}", cents / 100.0))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// What our own constraints allow.
    const STATUSES: [&str; 5] = ["registered", "pending", "waitlisted", "cancelled", "rejected"];

    #[test]
    fn tables_are_found_by_any_name_they_had() {
        for (name, columns, ours) in [
            ("users", &["id"][..], "users"),
            ("User", &["id"], "users"),
            ("event", &["id"], "events"),
            ("registration", &["id"], "registrations"),
            ("points_transaction", &["id"], "points_transactions"),
            ("badges", &["id", "name"], "badges"),
            ("badges", &["id", "user_id"], "user_badges"),
            ("badge_types", &["id", "name"], "badges"),
            ("payments", &["id"], "payment"),
            ("event_attendees", &["id"], "event_attendees"),
        ] {
            assert_eq!(table(name, columns).unwrap().ours, ours, "{name}");
        }
        assert_eq!(table("spatial_ref_sys", &["id"]), None);
    }

    #[test]
    fn columns_are_found_by_any_name_they_had() {
        let column = |of: &str, name: &'static str| table(of, &["id"]).unwrap().column(name);
        assert_eq!(column("event", "organizer_id"), Some("created_by"));
        assert_eq!(column("event", "title"), Some("title"));
        assert_eq!(column("event", "updated_at"), None);
        assert_eq!(column("points_transaction", "admin_id"), Some("awarded_by"));
        assert_eq!(column("users", "anything"), Some("anything"));
        for table in TABLES {
            for (ours, theirs) in table.columns {
                assert!(!theirs.contains(ours), "{}.{ours}", table.ours);
                for name in *theirs {
                    assert_eq!(
                        table.column(name),
                        Some(*ours),
                        "{}.{name} means two things",
                        table.ours
                    );
                }
            }
        }
    }

    #[test]
    fn every_old_status_is_one_of_ours() {
        for (old, ours, attended) in REGISTRATION_STATUS {
            assert!(STATUSES.contains(ours), "{old}");
            let standing = registration(old).unwrap();
            assert_eq!((standing.status, standing.attended), (*ours, *attended));
        }
        assert_eq!(registration(" Checked-In ").unwrap().status, "registered");
        assert!(registration(" Checked-In ").unwrap().attended);
        assert_eq!(registration("maybe"), None);
        for (old, ours) in ATTENDANCE_STATUS {
            assert!(["attended", "left", "undone"].contains(ours), "{old}");
            assert_eq!(attendance(old), Some(*ours));
        }
        for (old, ours) in PAYMENT_STATUS {
            assert!(
                ["pending", "paid", "not_required", "refunded"].contains(ours),
                "{old}"
            );
            assert_eq!(payment_status(old), Some(*ours));
        }
    }

    #[test]
    fn nobody_becomes_more_than_they_were() {
        assert_eq!(role(Some(true)), ("admin", true));
        for was in [Some(false), None] {
            assert_eq!(role(was), ("regular", false));
        }
    }

    #[test]
    fn old_points_have_a_kind_of_ours() {
        assert_eq!(transaction_type("earned", 10, true), "event_attendance");
        assert_eq!(transaction_type("earned", 10, false), "special_activity");
        assert_eq!(transaction_type("Redeemed", -10, false), "redemption");
        assert_eq!(transaction_type("redeemed", 10, false), "adjustment");
        assert_eq!(transaction_type("reversal", -10, true), "adjustment");
        assert_eq!(transaction_type("whatever", 10, false), "special_activity");
    }

    #[test]
    fn prices_are_exact_to_the_cent() {
        for (text, exact) in [
            ("0", Some("0.00")),
            ("12.5", Some("12.50")),
            ("12.499999999999998", Some("12.50")),
            ("19.99", Some("19.99")),
            ("1e3", Some("1000.00")),
            ("12.345", None),
            ("-1", None),
            ("NaN", None),
            ("inf", None),
            ("", None),
            ("ten", None),
        ] {
            assert_eq!(price(text).as_deref(), exact, "{text}");
        }
    }
}
