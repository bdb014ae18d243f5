//! The overlays as cells, one file each.

pub(crate) mod attendant;
pub(crate) mod badge_rules;
pub(crate) mod code;
pub(crate) mod connections;
pub(crate) mod differ;
pub(crate) mod door_log;
pub(crate) mod earned;
pub(crate) mod filter;
pub(crate) mod form;
pub(crate) mod lock;
pub(crate) mod money;
pub(crate) mod news;
pub(crate) mod note;
pub(crate) mod party;
pub(crate) mod pass;
pub(crate) mod sessions;
pub(crate) mod settle;
pub(crate) mod sheet;
pub(crate) mod small;
pub(crate) mod stop;
pub(crate) mod till;
pub(crate) mod types;
pub(crate) mod why;

use crate::app::Model;
use crate::app::overlay::Overlay;

use super::pen::Pen;

/// Draws the stack from the bottom up.
pub(crate) fn draw(pen: &mut Pen, model: &Model) {
    let top = model.overlays.len().saturating_sub(1);
    for (at, overlay) in model.overlays.iter().enumerate() {
        // Only the top one has the cursor.
        pen.cursor = None;
        match overlay {
            Overlay::Help(help) => small::help(pen, help, &model.cx),
            Overlay::Palette(palette) => small::palette(pen, palette, &model.cx, at == top),
            Overlay::Attendant(menu) => attendant::draw(pen, menu, &model.cx),
            Overlay::Confirm(confirm) => small::confirm(pen, confirm, &model.cx),
            Overlay::Connections(list) => connections::draw(pen, list, &model.cx),
            Overlay::Picker(picker) => small::picker(pen, picker, model),
            Overlay::BadgeRules(rules) => badge_rules::draw(pen, rules, &model.cx, at == top),
            Overlay::Sheet(sheet) => sheet::draw(pen, sheet, &model.cx, at == top),
            Overlay::Settle(settle) => settle::draw(pen, settle, &model.cx),
            Overlay::Form(form) => form::draw(pen, form, &model.cx, at == top),
            Overlay::Filter(panel) => filter::draw(pen, panel, model, at == top),
            Overlay::Differ(differ) => differ::draw(pen, differ, &model.cx),
            Overlay::Stop(stop) => stop::draw(pen, stop, &model.cx, at == top),
            Overlay::Types(types) => types::draw(pen, types, &model.cx, at == top),
            Overlay::Log(log) => door_log::draw(pen, log, &model.cx, at == top),
            Overlay::Note(form) => note::form(pen, form, &model.cx, at == top),
            Overlay::NoteReader(reader) => note::reader(pen, reader, &model.cx),
            Overlay::Money(money) => money::draw(pen, money, &model.cx, at == top),
            Overlay::News(card) => news::draw(pen, card, &model.cx),
            Overlay::Earned(card) => earned::draw(pen, card, &model.cx),
            Overlay::Party(party) => party::draw(pen, party, &model.check_in, &model.cx),
            Overlay::Code(card) => code::draw(pen, card, &model.cx),
            Overlay::Sessions(list) => sessions::draw(pen, list, &model.cx),
            Overlay::Pass(pass) => pass::draw(pen, pass, &model.cx),
            Overlay::Why(why) => why::draw(pen, why, &model.cx),
            Overlay::Till(till) => {
                till::draw(pen, till, model.check_in.door.get(), &model.cx, at == top);
            }
            // Drawn alone, with nothing beneath it.
            Overlay::Lock(_) => {}
        }
    }
}
