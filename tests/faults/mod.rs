//! Faults that lose nothing: the real program as its own process, killed or told to stop in the middle of what
//! it does.

mod digest;
mod kills;
mod stops;
