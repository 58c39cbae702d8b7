//! Chenqing (陳情): the petition-case service that a government agency runs its director's mailbox on.
//!
//! A case is a state machine fed by acts. Data go `web → acts → (domain, store)` and come back as values; letters go
//! `store → post → SMTP`; the clock enters like any other actor, through `jobs → acts`. Nothing calls upward.

pub mod acts;
pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
pub mod demo;
pub mod domain;
pub mod error;
pub mod files;
pub mod jobs;
pub mod keys;
pub mod letters;
pub mod post;
pub mod reports;
pub mod seed;
pub mod store;
pub mod web;
