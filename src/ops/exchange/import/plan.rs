//! Which table and column of a source becomes which of ours. What has no place is refused in files, where it can be taken
//! out, and left out and told of a SQLite file, where it cannot.

use crate::domain::legacy;

use super::super::KEPT_IN;
use super::catalog::Table;
use super::source::Found;
use super::{ImportError, SourceForm};

/// One table's way from there to here.
#[derive(Debug)]
pub(super) struct Step {
    /// Its place in the source.
    pub(super) source: usize,
    /// Its place in the catalog.
    pub(super) target: usize,
    /// The column of ours that each of its columns is; none is passed over.
    pub(super) columns: Vec<Option<usize>>,
}

/// What is to be read, and how.
#[derive(Debug)]
pub(super) struct Plan {
    /// The tables, each after those that it refers to.
    pub(super) steps: Vec<Step>,
    /// Whether it is from before this schema, and its words mean something else.
    pub(super) older: bool,
    /// What is not read, as people call it.
    pub(super) left_out: Vec<String>,
}

/// Columns that no older database had: whoever has one of them wrote in this form.
const OUR_OWN: [&str; 8] = [
    "pass_code",
    "price_due",
    "counts_at",
    "source_key",
    "generation",
    "celebrated_through",
    "requires_approval",
    "series_id",
];

/// Columns that are filled in when there are none.
const FILLED: [(&str, &str); 1] = [("registrations", "search_text")];
const FILLED_OF_OLDER: [(&str, &str); 5] = [
    ("users", "full_name"),
    ("badges", "badge_type"),
    ("badges", "category"),
    ("payment", "user_id"),
    ("payment", "event_id"),
];

/// Whether a column is filled in here.
pub(super) fn is_filled(table: &str, column: &str, older: bool) -> bool {
    FILLED.contains(&(table, column)) || older && FILLED_OF_OLDER.contains(&(table, column))
}

/// Plans the reading of what was found. `is_ours` says that an export of this program is meant.
pub(super) fn plan(
    form: SourceForm,
    found: &[Found],
    tables: &[Table],
    is_ours: bool,
) -> Result<Plan, ImportError> {
    let older = !is_ours
        && !found.iter().any(|table| {
            table
                .columns
                .iter()
                .any(|column| OUR_OWN.contains(&column.as_str()))
        });
    let mut plan = Plan {
        steps: Vec::new(),
        older,
        left_out: Vec::new(),
    };
    for (source, table) in found.iter().enumerate() {
        let Some(name) = name_here(table, older) else {
            if form != SourceForm::Sqlite && !legacy::NOT_KEPT.contains(&table.name.to_lowercase().as_str()) {
                return Err(ImportError::Source(format!(
                    "{} is no table of Pine Time; move it out of the folder",
                    table.called
                )));
            }
            plan.left_out.push(table.called.clone());
            continue;
        };
        let Some(target) = tables.iter().position(|own| own.name == name) else {
            plan.left_out.push(table.called.clone());
            continue;
        };
        let columns = columns_here(form, table, &tables[target], &mut plan)?;
        let step = Step {
            source,
            target,
            columns,
        };
        match plan.steps.iter_mut().find(|other| other.target == target) {
            None => plan.steps.push(step),
            // Two tables that are one here: the one that is called so stands.
            Some(other) if table.name.eq_ignore_ascii_case(&name) => {
                plan.left_out.push(found[other.source].called.clone());
                *other = step;
            }
            Some(_) => plan.left_out.push(table.called.clone()),
        }
    }
    for step in &plan.steps {
        is_whole(&found[step.source], &tables[step.target], step, older)?;
    }
    plan.steps.sort_by_key(|step| step.target);
    Ok(plan)
}

/// What a table is called here; none for one that is not ours.
fn name_here(table: &Found, older: bool) -> Option<String> {
    if older {
        return legacy::table(&table.name, &table.columns).map(|own| own.ours.to_owned());
    }
    let is_known = KEPT_IN.contains(&table.name.as_str()) || OURS.contains(&table.name.as_str());
    is_known.then(|| table.name.clone())
}

/// Every table that an export has had.
const OURS: [&str; 22] = [
    "audit_log",
    "badge_awards",
    "badge_levels",
    "badges",
    "check_in_log",
    "connections",
    "door_note_reads",
    "event_attendees",
    "event_results",
    "event_seats",
    "event_types",
    "events",
    "payment",
    "points_transactions",
    "refunds",
    "registrations",
    "settings",
    "user_badges",
    "user_totals",
    "users",
    "verified_backups",
    "week_bonuses",
];

fn columns_here(
    form: SourceForm,
    found: &Found,
    table: &Table,
    plan: &mut Plan,
) -> Result<Vec<Option<usize>>, ImportError> {
    let lower: Vec<String> = found.columns.iter().map(|name| name.to_lowercase()).collect();
    let map = legacy::TABLES
        .iter()
        .find(|own| plan.older && own.ours == table.name);
    let mut columns: Vec<Option<usize>> = lower
        .iter()
        .map(|name| {
            let dropped = map.is_some_and(|map| map.dropped.contains(&name.as_str()));
            if dropped { None } else { table.place(name) }
        })
        .collect();
    for (place, name) in lower.iter().enumerate() {
        if columns[place].is_some() {
            continue;
        }
        let ours = map.and_then(|map| map.column(name));
        if let Some(wanted) = ours.and_then(|ours| table.place(ours)) {
            if !columns.contains(&Some(wanted)) {
                columns[place] = Some(wanted);
            }
            continue;
        }
        if map.is_some_and(|map| map.dropped.contains(&name.as_str())) {
            continue;
        }
        if form == SourceForm::Sqlite {
            plan.left_out
                .push(format!("{}.{}", found.called, found.columns[place]));
            continue;
        }
        let known: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
        return Err(ImportError::Source(format!(
            "{}, line 1: there is no column “{}” here; {} has {}",
            found.called,
            found.columns[place],
            table.name,
            known.join(", ")
        )));
    }
    Ok(columns)
}

/// Whether a table has all that a row needs.
fn is_whole(found: &Found, table: &Table, step: &Step, older: bool) -> Result<(), ImportError> {
    if step.columns.is_empty() {
        // A file without a row, which has no header to say so.
        return Ok(());
    }
    for (place, column) in table.columns.iter().enumerate() {
        let is_missing = !step.columns.contains(&Some(place)) && !is_filled(&table.name, &column.name, older);
        let is_key = table.primary().contains(&column.name);
        if is_missing && (is_key || column.needed && !column.comes_by_itself) {
            return Err(ImportError::Source(format!(
                "{} has no column “{}”, and no row of {} is without",
                found.called, column.name, table.name
            )));
        }
    }
    Ok(())
}
