//! The pages of the insights screen, and which of them is in view: numbers, audit log, and, for administrators,
//! settings.

use super::action::MoveAction;
use super::keymap::{Chain, Key, chains};
use super::model::Model;
use super::screens::Tab;
use super::screens::insights::Insights;
use super::text_field::Edit;

/// One page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Page {
    #[default]
    Numbers,
    Audit,
    Settings,
}

impl Page {
    pub(crate) const ALL: [Self; 3] = [Self::Numbers, Self::Audit, Self::Settings];

    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Numbers => "Numbers",
            Self::Audit => "Audit log",
            Self::Settings => "Settings",
        }
    }

    /// The pages that there are for somebody.
    pub(crate) fn of(admin: bool) -> &'static [Self] {
        if admin { &Self::ALL } else { &Self::ALL[..2] }
    }
}

impl Model {
    /// Turns to the next page, or the one before.
    pub(super) fn turn_page(&mut self, on: bool) {
        let pages = Page::of(self.cx.is_admin());
        let at = pages.iter().position(|page| *page == self.page).unwrap_or(0);
        let by = if on { 1 } else { pages.len() - 1 };
        self.page = pages[(at + by) % pages.len()];
        self.enter_page();
        self.settle_page();
    }

    /// The settings, from wherever.
    pub(super) fn go_to_settings(&mut self) {
        self.page = Page::Settings;
        if self.tab == Tab::Insights {
            self.enter_page();
        } else {
            self.go(Tab::Insights);
        }
    }

    pub(super) fn page_chain(&self) -> Chain {
        match self.page {
            Page::Numbers => Insights::chain(),
            Page::Audit => self.audit.chain(),
            Page::Settings => chains::SETTINGS,
        }
    }

    pub(super) fn page_is_typing(&self) -> bool {
        match self.page {
            Page::Numbers | Page::Settings => false,
            Page::Audit => self.audit.is_typing(),
        }
    }

    pub(super) fn page_hint(&self) -> Option<String> {
        match self.page {
            Page::Numbers => self.insights.hint(),
            Page::Audit => None,
            Page::Settings => self.settings.hint(&self.cx),
        }
    }

    pub(super) fn enter_page(&mut self) {
        match self.page {
            Page::Numbers => self.insights.enter(&mut self.cx),
            Page::Audit => self.audit.enter(&mut self.cx),
            Page::Settings => self.settings.enter(&mut self.cx),
        }
    }

    pub(super) fn poll_page(&mut self) {
        match self.page {
            Page::Numbers => self.insights.poll(&mut self.cx),
            Page::Audit => self.audit.poll(&mut self.cx),
            Page::Settings => self.settings.poll(&mut self.cx),
        }
    }

    pub(super) fn settle_page(&mut self) {
        match self.page {
            Page::Numbers => self.insights.settle(&mut self.cx),
            Page::Audit => self.audit.settle(&mut self.cx),
            Page::Settings => self.settings.settle(&self.cx),
        }
    }

    pub(super) fn age_pages(&mut self) {
        self.insights.age();
        self.audit.age();
        self.settings.age();
    }

    pub(super) fn step_page(&mut self, to: MoveAction) {
        match self.page {
            Page::Numbers => self.insights.step(to, &mut self.cx),
            Page::Audit => self.audit.step(to, &mut self.cx),
            Page::Settings => self.settings.step(to, &self.cx),
        }
    }

    pub(super) fn click_page(&mut self, x: u16, y: u16) {
        match self.page {
            Page::Numbers => self.insights.click(x, y, &mut self.cx),
            Page::Audit => self.audit.click(x, y, &mut self.cx),
            Page::Settings => self.settings.click(x, y, &self.cx),
        }
    }

    pub(super) fn key_of_page(&mut self, key: Key) -> Edit {
        match self.page {
            Page::Numbers | Page::Settings => Edit::Ignored,
            Page::Audit => self.audit.key(key),
        }
    }

    pub(super) fn paste_on_page(&mut self, raw: &str) -> Edit {
        match self.page {
            Page::Numbers | Page::Settings => Edit::Ignored,
            Page::Audit => self.audit.paste(raw),
        }
    }
}
