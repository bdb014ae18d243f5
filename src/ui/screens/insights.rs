//! The insights as cells: the figures with a line of bars each, the table of the marked one, the rows behind a number.

mod audit;
mod backup;
mod rows;
mod settings;
mod table;

use ratatui::layout::Rect;

use crate::app::Model;
use crate::app::context::Context;
use crate::app::geometry;
use crate::app::house::Page;
use crate::app::requests::Want;
use crate::app::screens::insights::grid::{self, Figure, Label, Value};
use crate::app::screens::insights::{Depth, InsightWant, Insights, Range};
use crate::app::words;
use crate::domain::when;
use crate::ui::pen::{self, Pen};
use crate::ui::widgets::sparkline::sparkline;
use crate::ui::widgets::spinner;

/// Narrower than this, words are left out.
const NARROW: u16 = 70;

pub(crate) fn draw(pen: &mut Pen, model: &Model) {
    match model.page {
        Page::Numbers => numbers(pen, model),
        Page::Audit => audit::draw(pen, model),
        Page::Settings => settings::draw(pen, model),
    }
}

/// The pages of the screen; answers the column behind them.
pub(super) fn pages(pen: &mut Pen, model: &Model, row: Rect) -> u16 {
    let t = pen.theme;
    let mut x = row.x;
    for page in Page::of(model.cx.is_admin()).iter().copied() {
        let here = page == model.page;
        let style = if here { t.bold.patch(t.underline) } else { t.dim };
        x += pen.put(x, row.y, row.right().saturating_sub(x), page.title(), style) + 2;
    }
    x
}

fn numbers(pen: &mut Pen, model: &Model) {
    let (cx, state) = (&model.cx, &model.insights);
    let areas = geometry::insights(cx.setup.size, state.depth);
    title(pen, model, areas.title);
    pen.rule(areas.rule);
    if let (Depth::Rows, Some(of)) = (state.depth, &state.rows) {
        return rows::draw(pen, of, cx, &areas);
    }
    figures(pen, state, cx, areas.figures);
    counted(pen, state, cx, areas.state);
    backup::draw(pen, state, cx, areas.state);
    chart(pen, state, areas.chart);
    pen.rule(areas.table_rule);
    if let Some(x) = areas.divider {
        let body = geometry::frame(cx.setup.size).body;
        pen.divider(x, geometry::rows(body, 2, body.height));
    }
    table::draw(pen, state, cx, &areas);
}

/// A number as people read it.
pub(super) fn told(value: Value, cx: &Context) -> String {
    match value {
        Value::Count(count) => words::number(count),
        Value::Money(balance) => cx.currency().show_balance(balance),
        Value::Share(part, whole) => {
            grid::percent(part, whole).map_or_else(|| "–".to_owned(), |percent| format!("{percent} %"))
        }
    }
}

/// Which weeks, and how many of them there may be.
fn title(pen: &mut Pen, model: &Model, row: Rect) {
    let (cx, state) = (&model.cx, &model.insights);
    let t = pen.theme;
    let mut right = row.right();
    let age = spinner::age(&state.numbers, cx).or_else(|| spinner::age(&state.streaks, cx));
    let age = age.map(|age| (age, true)).or_else(|| spinner::copy_age(cx));
    if let Some((age, minded)) = age {
        // In a narrow window the age alone: what it is of stands on the leaderboard.
        let age = age
            .strip_prefix("copy, ")
            .filter(|_| row.width < NARROW)
            .unwrap_or(&age);
        let style = if minded { t.warn } else { t.dim };
        right = pen
            .put_right(right, row.y, row.width, age, style)
            .saturating_sub(2);
    }
    let (first, _) = state.weeks(cx);
    let last = state.last(cx) + chrono::TimeDelta::days(6);
    let today = cx.today();
    let span = format!(
        "{} – {}",
        when::plain_day(first, today),
        when::plain_day(last, today)
    );
    let mut x = pages(pen, model, row) + 1;
    let from = pen.put_right(right, row.y, right.saturating_sub(x), &span, t.text);
    // Where there is no room for all ranges, the one that holds.
    let all: u16 = Range::ALL.iter().map(|range| pen::width(range.title()) + 2).sum();
    let room = from.saturating_sub(x);
    for range in Range::ALL {
        let here = range == state.range;
        if here || all <= room {
            let style = if here { t.bold.patch(t.underline) } else { t.dim };
            x += pen.put(x, row.y, from.saturating_sub(x + 1), range.title(), style) + 2;
        }
    }
}

/// What stands beside a figure: its number, and what is to be known with it.
fn summary(figure: Figure, state: &Insights, cx: &Context) -> Option<(String, String)> {
    if figure.is_of_streaks() {
        let streaks = state.streaks.get()?;
        let last = streaks.weeks.last()?;
        return Some(if figure == Figure::Lengths {
            let long = grid::at_least(&streaks.lengths, 8);
            (words::number(long), "of 8 weeks or more".to_owned())
        } else {
            let told = if last.open > 0 {
                format!(
                    "{} kept, {} still open",
                    words::number(last.kept),
                    words::number(last.open)
                )
            } else {
                format!(
                    "{} kept, {} lost",
                    words::number(last.kept),
                    words::number(last.lost)
                )
            };
            (words::number(last.held), told)
        });
    }
    let numbers = state.numbers.get()?;
    let all = grid::sum(numbers);
    Some(match figure {
        Figure::Attendance => {
            let people = all.attended.iter().sum();
            let most = all
                .attended
                .iter()
                .zip(&numbers.types)
                .max_by_key(|(people, _)| **people);
            let told = match most {
                Some((most, name)) if *most > 0 => format!("most: {name}, {}", words::number(*most)),
                _ => "nobody was checked in".to_owned(),
            };
            (words::number(people), told)
        }
        Figure::Revenue => {
            let net = all.taken.without(all.refunded);
            let told = if all.refunded.is_positive() {
                format!("{} given back", cx.currency().show_balance(all.refunded))
            } else {
                "nothing given back".to_owned()
            };
            (cx.currency().show_balance(net), told)
        }
        Figure::FillRate => (
            told(Value::Share(all.seats_taken, all.seats), cx),
            format!(
                "{} of {} seats",
                words::number(all.seats_taken),
                words::number(all.seats)
            ),
        ),
        Figure::NoShows => {
            let share = told(Value::Share(all.missed, all.held), cx);
            let told = format!("{share} of {} seats held", words::number(all.held));
            (words::number(all.missed), told)
        }
        _ => (
            words::number(all.joined),
            format!("{} have come", words::number(all.came)),
        ),
    })
}

/// The first column by week, oldest first.
fn over_time(figure: Figure, state: &Insights) -> Vec<i64> {
    let Some(grid) = state.grid_of(figure) else {
        return Vec::new();
    };
    let weeks = grid.rows.iter().filter(|row| matches!(row.label, Label::Week(_)));
    let sizes = weeks
        .filter_map(|row| row.cells.first())
        .map(|cell| cell.value.size().max(0));
    let mut sizes: Vec<i64> = sizes.collect();
    sizes.reverse();
    sizes
}

/// As many bars as there is room for; where there are more weeks than columns each is of several.
fn fitted(sizes: &[i64], width: u16) -> Vec<i64> {
    let each = sizes.len().div_ceil(usize::from(width.max(1))).max(1);
    sizes
        .rchunks(each)
        .map(|weeks| weeks.iter().sum::<i64>() / i64::try_from(weeks.len()).unwrap_or(1))
        .rev()
        .collect()
}

fn figures(pen: &mut Pen, state: &Insights, cx: &Context, list: Rect) {
    let t = pen.theme;
    let weeks = state.weeks(cx);
    let shown = Figure::ALL.into_iter().enumerate().skip(state.cursor.top);
    for ((at, figure), y) in shown.zip(list.top()..list.bottom()) {
        let row = Rect::new(list.x, y, list.width, 1);
        let here = at == state.cursor.at;
        pen.put(row.x + 1, y, 15, figure.title(), t.text);
        let from = Rect::new(row.x + 18, y, row.width.saturating_sub(18), 1);
        let missing = if figure.is_of_streaks() {
            spinner::instead(
                pen,
                from,
                &state.streaks,
                &Want::Insight(InsightWant::Streaks(weeks)),
                cx,
            )
        } else {
            spinner::instead(
                pen,
                from,
                &state.numbers,
                &Want::Insight(InsightWant::Numbers(weeks)),
                cx,
            )
        };
        if !missing && let Some((number, told)) = summary(figure, state, cx) {
            pen.put_right(row.x + 28, y, 12, &number, t.bold);
            pen.put(
                row.x + 30,
                y,
                row.right().saturating_sub(row.x + 30).min(30),
                &told,
                t.dim,
            );
            let bars = Rect::new(row.x + 60, y, row.width.saturating_sub(61), 1);
            if bars.width >= 8 {
                let sizes = fitted(&over_time(figure, state), bars.width);
                let wide = u16::try_from(sizes.len()).unwrap_or(bars.width).min(bars.width);
                if wide > 0 {
                    sparkline(pen, Rect { width: wide, ..bars }, &sizes, 1, t.accent);
                }
            }
        }
        if here {
            let style = if state.depth == Depth::Figures {
                t.selection
            } else {
                t.resting
            };
            pen.tint(row, style);
        }
        // A refusal is said once, over the rows that it concerns.
        if matches!(state.numbers, crate::app::remote::Remote::Failed(_)) && missing {
            break;
        }
    }
}

/// When they were counted. What else is to be known of the house, such as the last backup's age, stands beside it.
fn counted(pen: &mut Pen, state: &Insights, cx: &Context, row: Rect) {
    if let (Some(at), Some(_)) = (state.counted_at(), state.numbers.get()) {
        let text = format!("counted at {}", when::clock_time(at, cx.zone()));
        pen.put(row.x + 1, row.y, row.width, &text, pen.theme.dim);
    }
}

/// The marked figure week by week, large.
fn chart(pen: &mut Pen, state: &Insights, area: Rect) {
    let t = pen.theme;
    if area.height < 4 {
        return;
    }
    let sizes = over_time(state.figure(), state);
    if sizes.iter().all(|size| *size == 0) {
        return;
    }
    // Wide bars where there are few weeks.
    let weeks = sizes.len();
    let sizes = fitted(&sizes, area.width.saturating_sub(2));
    let each = if sizes.len() < weeks {
        "two weeks a bar"
    } else {
        "week by week"
    };
    pen.put(area.x + 1, area.y, area.width, each, t.dim);
    let each = (usize::from(area.width.saturating_sub(2)) / sizes.len().max(1)).clamp(1, 4);
    let bars: Vec<i64> = sizes
        .iter()
        .flat_map(|size| std::iter::repeat_n(*size, each))
        .collect();
    let wide = u16::try_from(bars.len()).unwrap_or(area.width);
    let high = area.height.saturating_sub(2).min(10);
    let bars_area = Rect::new(area.x + 1, area.y + 1, wide.min(area.width), high);
    sparkline(pen, bars_area, &bars, 1, t.accent);
}
