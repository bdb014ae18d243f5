//! An administrator's work on a database: roles, migrations, backups, sequences, the sample community. Runs as the database's owner;
//! its SQL stands in `.sql` files beside it. What members, staff and doors do goes through [`crate::db`] instead.

pub mod adopt;
pub mod backup;
pub mod doctor;
pub mod exchange;
pub mod game;
pub mod migrate;
pub mod owner;
pub mod roles;
pub mod sample;
pub mod sequences;
