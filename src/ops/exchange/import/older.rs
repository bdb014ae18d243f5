//! Rows of an older application, one by one: their words put into ours. What takes more than one row to decide is SQL, in
//! `sql/older_*.sql`.

use crate::domain::legacy;

use super::catalog::Table;
use super::stage::Cells;

/// What is wrong with a row: the column, and why.
pub(super) type Wrong = (&'static str, String);

/// Columns that get a value here although the older database had none.
pub(super) fn adds(table: &str) -> &'static [&'static str] {
    match table {
        "users" => &["full_name", "user_type", "is_superuser"],
        "badges" => &["badge_type", "category"],
        "user_badges" => &["level"],
        "payment" => &["user_id", "event_id", "voided_at", "void_reason"],
        "registrations" => &["price_due", "payment_status"],
        _ => &[],
    }
}

/// Puts one row into our words. Answers whether it says that somebody came.
pub(super) fn mend(table: &Table, cells: &mut Cells) -> Result<bool, Wrong> {
    match table.name.as_str() {
        "users" => {
            let was_superuser = cells
                .get(table, "is_superuser")
                .map(|text| matches!(text, "1" | "t" | "true" | "True" | "TRUE"));
            let (user_type, is_superuser) = legacy::role(was_superuser);
            cells.set(table, "user_type", user_type);
            cells.set(table, "is_superuser", if is_superuser { "t" } else { "f" });
            if cells
                .get(table, "full_name")
                .is_none_or(|name| name.trim().is_empty())
            {
                let name = cells.get(table, "username").unwrap_or_default().to_owned();
                cells.set(table, "full_name", &name);
            }
        }
        "events" => money(table, cells, "price")?,
        "payment" => money(table, cells, "amount_paid")?,
        "registrations" => {
            let mut came = false;
            if let Some(word) = cells.get(table, "status") {
                let standing = legacy::registration(word)
                    .ok_or_else(|| ("status", format!("“{word}” is no status of a registration")))?;
                came = standing.attended;
                cells.set(table, "status", standing.status);
            }
            if let Some(word) = cells.get(table, "payment_status") {
                let status = legacy::payment_status(word)
                    .ok_or_else(|| ("payment_status", format!("“{word}” is no payment status")))?;
                cells.set(table, "payment_status", status);
            }
            return Ok(came);
        }
        "event_attendees" => {
            if let Some(word) = cells.get(table, "status") {
                let status = legacy::attendance(word)
                    .ok_or_else(|| ("status", format!("“{word}” is no status of an attendance")))?;
                cells.set(table, "status", status);
            }
        }
        "points_transactions" => {
            let points = cells
                .get(table, "points")
                .and_then(|text| text.parse().ok())
                .unwrap_or(0);
            let has_event = cells.get(table, "event_id").is_some();
            let word = cells.get(table, "transaction_type").unwrap_or_default();
            let kind = legacy::transaction_type(word, points, has_event);
            cells.set(table, "transaction_type", kind);
        }
        "user_badges" if cells.get(table, "level").is_none() => cells.set(table, "level", "1"),
        "badges" => {
            let name = cells.get(table, "name").unwrap_or_default().to_owned();
            cells.set(table, "badge_type", &name.to_lowercase().replace(' ', "_"));
            if cells.get(table, "category").is_none() {
                cells.set(table, "category", "community");
            }
        }
        _ => {}
    }
    Ok(false)
}

/// An amount that was kept as a float.
fn money(table: &Table, cells: &mut Cells, column: &'static str) -> Result<(), Wrong> {
    let Some(text) = cells.get(table, column) else {
        return Ok(());
    };
    let exact =
        legacy::price(text).ok_or_else(|| (column, format!("“{text}” is no amount with two decimals")))?;
    cells.set(table, column, &exact);
    Ok(())
}
