//! The audit log as staff read it: who did what to whom, when, from which terminal, and what was before and after.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::member::MemberName;
use super::{SafeText, Timestamp};

/// Which rows; empty texts and none ask for all.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct AuditFilter {
    /// The name of who did it, as it stands in the log.
    pub who: String,
    /// Whom it is about: a user name, an e-mail address or a pass code.
    pub whom: String,
    /// A part of the action's word.
    pub action: String,
    /// The first moment.
    pub since: Option<Timestamp>,
    /// The first moment after the last.
    pub until: Option<Timestamp>,
}

impl AuditFilter {
    /// Whether it asks for all rows.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// One row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AuditRow {
    /// `audit_log.id`.
    pub id: i64,
    /// When.
    pub at: Timestamp,
    /// Who: a user name, or `owner:` and the name of a system user.
    pub actor: SafeText,
    /// What, in the database's word.
    pub action: SafeText,
    /// What kind of thing it was done to: `event`, `member`, `settings` …
    pub subject: SafeText,
    /// Which one.
    pub subject_id: Option<i32>,
    /// The event's title, if it is one.
    pub title: Option<SafeText>,
    /// Whom it is about.
    pub member: Option<MemberName>,
    /// The terminal's name.
    pub device: SafeText,
    /// The address from which the terminal said that it was used; nobody has checked it.
    pub client_told: Option<SafeText>,
    /// What it was before, where something was changed.
    pub before: Option<Value>,
    /// What it was after, or what was done.
    pub after: Option<Value>,
}

/// What one row says of one value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The value's name.
    pub key: SafeText,
    /// What it was.
    pub before: Option<SafeText>,
    /// What it is.
    pub after: Option<SafeText>,
}

impl Difference {
    /// Whether the value was changed, and not only mentioned.
    pub fn is_change(&self) -> bool {
        self.before != self.after && self.before.is_some() && self.after.is_some()
    }
}

impl AuditRow {
    /// The action as people say it: `member set role`.
    pub fn deed(&self) -> String {
        self.action.as_str().replace('_', " ")
    }

    /// What it was done to: the member, the event, the settings that were changed, else the kind of thing.
    pub fn about(&self) -> String {
        match (&self.member, &self.title) {
            (Some(who), Some(title)) => format!("{} · {title}", who.full_name),
            (Some(who), None) => who.full_name.to_string(),
            (None, Some(title)) => title.to_string(),
            (None, None) => {
                let changed = self.differences().into_iter().filter(Difference::is_change);
                let of_value = |one: &Difference| one.key.as_str() != "value";
                let keys: Vec<String> = changed
                    .filter(|one| self.subject.as_str() == "settings" && of_value(one))
                    .map(|one| one.key.as_str().replace('_', " "))
                    .collect();
                if keys.is_empty() {
                    self.subject.as_str().replace('_', " ")
                } else {
                    keys.join(", ")
                }
            }
        }
    }

    /// Before and after, value by value: what was changed first, then by name.
    pub fn differences(&self) -> Vec<Difference> {
        let mut keys: Vec<&str> = Vec::new();
        for side in [&self.before, &self.after].into_iter().flatten() {
            match side {
                Value::Object(values) => keys.extend(values.keys().map(String::as_str)),
                _ => keys.push(""),
            }
        }
        keys.sort_unstable();
        keys.dedup();
        let value = |side: &Option<Value>, key: &str| match side {
            Some(Value::Object(values)) => values.get(key).map(told),
            Some(other) if key.is_empty() => Some(told(other)),
            _ => None,
        };
        let mut all: Vec<Difference> = keys
            .into_iter()
            .map(|key| Difference {
                key: SafeText::line(if key.is_empty() { "value" } else { key }),
                before: value(&self.before, key),
                after: value(&self.after, key),
            })
            .collect();
        all.sort_by_key(|difference| !difference.is_change());
        all
    }
}

fn told(value: &Value) -> SafeText {
    match value {
        Value::Null => SafeText::line("–"),
        Value::String(text) => SafeText::line(text),
        other => SafeText::line(&other.to_string()),
    }
}

/// A page of rows, newest first.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct AuditPage {
    /// The rows.
    pub rows: Vec<AuditRow>,
    /// Behind which row the next page begins; none at the end.
    pub next: Option<i64>,
}

/// A page of the audit log (staff). → [`AuditPage`]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditCall {
    /// Which rows.
    pub filter: AuditFilter,
    /// Behind this row, [`AuditPage::next`] of the page before.
    pub behind: Option<i64>,
    /// Rows, at most 500.
    pub most: i32,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{AuditRow, Difference};
    use crate::domain::SafeText;

    fn row(before: serde_json::Value, after: serde_json::Value) -> Vec<Difference> {
        whole(before, after).differences()
    }

    fn whole(before: serde_json::Value, after: serde_json::Value) -> AuditRow {
        AuditRow {
            id: 1,
            at: "2026-11-27T10:30:00Z".parse().unwrap_or_default(),
            actor: "staff".into(),
            action: "member_set_role".into(),
            subject: "member".into(),
            subject_id: Some(7),
            title: None,
            member: None,
            device: "desk".into(),
            client_told: None,
            before: Some(before).filter(|value| !value.is_null()),
            after: Some(after).filter(|value| !value.is_null()),
        }
    }

    #[test]
    fn a_change_of_settings_is_about_those_that_were_changed() {
        let about = |before, after| {
            AuditRow {
                subject: "settings".into(),
                ..whole(before, after)
            }
            .about()
        };
        assert_eq!(
            about(
                json!({"streak_step": 5, "streak_most": 50}),
                json!({"streak_step": 6, "streak_most": 50})
            ),
            "streak step"
        );
        assert_eq!(about(json!(["cash"]), json!(["cash", "card"])), "settings");
    }

    #[test]
    fn changed_values_come_first_and_nothing_foreign_gets_through() {
        let all = row(
            json!({"a": 1, "b": "x\u{1b}[2J", "gone": true}),
            json!({"a": 1, "b": "y", "new": [1, 2]}),
        );
        let keys: Vec<&str> = all.iter().map(|one| one.key.as_str()).collect();
        assert_eq!(keys, ["b", "a", "gone", "new"]);
        assert_eq!(all[0].before.as_ref().map(SafeText::as_str), Some("x[2J"));
        assert!(all[0].is_change() && !all[1].is_change() && !all[2].is_change());
        // Lists are one value.
        let all = row(json!(["cash"]), json!(["cash", "card"]));
        assert_eq!(all.len(), 1);
        assert_eq!(
            all[0].after.as_ref().map(SafeText::as_str),
            Some("[\"cash\",\"card\"]")
        );
        assert!(row(serde_json::Value::Null, serde_json::Value::Null).is_empty());
    }
}
