//! The integration tests: one binary, so that libtorch is linked once. Each module tests one part of the program.

mod annotations;
mod bad_input;
mod batch;
mod checkpoints;
mod commands;
mod common;
mod compare;
mod documents;
mod evaluation;
mod evaluation_data;
mod generators;
mod inputs;
mod layouts;
mod metrics;
mod models;
mod models_of_users;
mod names;
mod packs;
mod parity;
mod parsers;
mod readme;
mod rooms;
mod token_ids;
