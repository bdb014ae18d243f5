//! What the mouse does: a click goes to what was drawn there, the wheel moves the cursor.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};

use super::action::MoveAction;
use super::geometry::{self, Fit};
use super::model::Model;
use super::overlay::Overlay;
use super::screens::Tab;
use super::screens::calendar::{Pane, View};

impl Model {
    pub(super) fn mouse(&mut self, event: MouseEvent) {
        if !self.cx.setup.mouse {
            return;
        }
        self.last_key = self.cx.setup.now;
        match event.kind {
            MouseEventKind::ScrollUp => self.wheel(MoveAction::Up),
            MouseEventKind::ScrollDown => self.wheel(MoveAction::Down),
            MouseEventKind::Down(MouseButton::Left) => self.click(event.column, event.row),
            _ => {}
        }
    }

    fn wheel(&mut self, to: MoveAction) {
        self.cx.dirty = true;
        for _ in 0..3 {
            self.step(to);
        }
    }

    fn click(&mut self, x: u16, y: u16) {
        let door = self.tab == Tab::CheckIn;
        if self.cx.me.is_none() || geometry::fit(self.cx.setup.size, door) != Fit::Full {
            return;
        }
        self.cx.dirty = true;
        let size = self.cx.setup.size;
        match self.overlays.last_mut() {
            Some(Overlay::Picker(picker)) => {
                let (_, list) = geometry::picker(size, picker.rows.len());
                if let Some(at) =
                    row_at(list, 1, picker.cursor.top, x, y).filter(|at| *at < picker.rows.len())
                {
                    picker.cursor.at = at;
                }
                return;
            }
            Some(Overlay::Palette(palette)) => {
                let list = geometry::palette_list(size);
                if let Some(at) =
                    row_at(list, 1, palette.cursor.top, x, y).filter(|at| *at < palette.shown.len())
                {
                    palette.cursor.at = at;
                }
                return;
            }
            Some(_) => return,
            None => {}
        }
        if y == 0 {
            let hit = geometry::tabs(size.0, self.cx.is_staff(), self.tab);
            let hit = hit.iter().find(|(_, _, area)| area.contains((x, y).into()));
            if let Some((tab, ..)) = hit {
                self.go(*tab);
            }
            return;
        }
        if self.has_visit() {
            return self.click_visit(x, y);
        }
        if self.has_people() {
            return self.click_people(x, y);
        }
        match self.tab {
            Tab::Calendar => self.click_calendar(x, y),
            Tab::CheckIn => {
                let list = geometry::door(size).candidates;
                let found = self.check_in.candidates.get().map_or(0, Vec::len);
                if let Some(at) = row_at(list, 1, self.check_in.cursor.top, x, y).filter(|at| *at < found) {
                    self.check_in.pick(at);
                }
            }
            Tab::Registrations => self.registrations.click(x, y, &mut self.cx),
            Tab::Profile => {
                let list = geometry::profile(size, self.profile.face).ledger;
                if let Some(at) = row_at(list, 1, self.profile.top(), x, y) {
                    self.profile.pick(at, &mut self.cx);
                }
            }
            Tab::Members => {
                let list = geometry::members(size).list;
                if let Some(at) = row_at(list, 1, self.members.table.cursor.top, x, y) {
                    self.members.pick(at, &mut self.cx);
                }
            }
            Tab::Leaderboard => {
                let list = geometry::board(size).list;
                if let Some(at) = row_at(list, 1, self.board.top(), x, y) {
                    self.board.pick(at, &mut self.cx);
                }
            }
            Tab::Insights => self.click_page(x, y),
        }
    }

    fn click_calendar(&mut self, x: u16, y: u16) {
        let cx = &mut self.cx;
        let areas = self.calendar.areas(cx);
        if let Some(day) = self.calendar.day_at(x, y, cx) {
            self.calendar.pane = Pane::Grid;
            self.calendar.detail.open = false;
            return self.calendar.go(Some(day), cx);
        }
        if self.calendar.view == View::Week {
            if let Some((day, row)) = self.calendar.week_at(x, y, cx) {
                self.calendar.go_to_row(day, row, cx);
            }
            return;
        }
        let Some(at) = row_at(areas.list, areas.item_height, self.calendar.cursor.top, x, y) else {
            return;
        };
        if at < self.calendar.rows().len() {
            self.calendar.detail.open = false;
            if self.calendar.view == View::Month {
                self.calendar.pane = Pane::List;
            }
            self.calendar.pick(at, cx);
        }
    }
}

/// The row of a list that a cell belongs to.
pub(super) fn row_at(list: ratatui::layout::Rect, item: u16, top: usize, x: u16, y: u16) -> Option<usize> {
    list.contains((x, y).into())
        .then(|| top + usize::from((y - list.y) / item.max(1)))
}
