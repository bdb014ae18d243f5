//! The data layer and the api schema against a real PostgreSQL: every function, every refusal, every role, the
//! catalog's rules, and what happens when many come at once.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc
)]

#[path = "../support/mod.rs"]
mod support;

mod accounts;
mod admission;
mod audit;
mod backups;
mod calendar;
mod catalog;
mod check_in;
mod completion;
mod desk;
mod door_log;
mod door_notes;
mod event_people;
mod events;
mod game;
mod insights;
mod kiosk;
mod live;
mod members;
mod members_desk;
mod migrate;
mod my_registrations;
mod nulls;
mod passages;
mod payment_lists;
mod payments;
mod people;
mod plans;
mod points;
mod pool;
mod registration_desk;
mod registrations;
mod sample;
mod search;
mod search_model;
mod settings;
mod sign_in;
mod storms;
mod undo;
mod waitlist;
mod why;
