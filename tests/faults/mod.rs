//! Faults that lose nothing: the real program as its own process, killed in the middle of what it does.

mod actors;
mod kills;
