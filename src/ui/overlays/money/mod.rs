//! The overlays of money as cells, one file each.

mod channels;
mod form;
mod receipt;
mod table;
mod takings;

use crate::app::context::Context;
use crate::app::overlay::money::Money;
use crate::ui::pen::Pen;

pub(crate) fn draw(pen: &mut Pen, money: &Money, cx: &Context, top: bool) {
    match money {
        Money::Table(page) => table::draw(pen, page, cx, top),
        Money::Form(page) => form::draw(pen, page, cx, top),
        Money::Receipt(page) => receipt::draw(pen, page, cx),
        Money::Takings(page) => takings::draw(pen, page, cx),
        Money::Channels(page) => channels::draw(pen, page, cx, top),
    }
}
