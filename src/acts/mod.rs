//! The use cases, one verb a file: authorise, load, let the domain decide, store, in one `Store::write`. An act leaves the
//! new state, an event in the history, and the letters it owes.

pub mod accept;
pub mod add_staff;
pub mod approve;
pub mod assign;
pub mod audit;
pub mod change_password;
pub mod clean;
pub mod close;
pub mod collect;
pub mod confirm;
pub mod correct_address;
pub mod delivered;
pub mod draft;
pub mod enter;
pub mod expire;
pub mod extend;
pub mod identity;
pub mod install;
pub mod keep_closed;
pub mod letter_posted;
pub mod look_up;
pub mod mark_posted;
pub mod no_action;
pub mod note;
pub mod policy_text;
pub mod rate;
pub mod record_told;
pub mod register;
pub mod remeasure;
pub mod remind;
pub mod reopen;
pub mod resend;
pub mod retry_letter;
pub mod return_reply;
pub mod seal;
pub mod set_policies;
pub mod sign_in;
pub mod submit;
pub mod submit_reply;
pub mod take;
pub mod transfer;
pub mod watch;
pub mod withdraw;
pub mod year_package;

mod counting;
mod ending;
mod gate;
mod office;
mod opening;
mod owing;
mod passwords;

pub use gate::{Gate, rights_of};
pub use office::Office;
pub use opening::Receipt;
