//! The laws of the house that the compiler does not know: who may import whom, which library is named where, how long a
//! file may be, and that both databases have the same schema.

mod files;
mod imports;
mod schema;
mod source;
