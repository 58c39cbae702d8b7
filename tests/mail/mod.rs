//! Incoming mail: a corpus of hard messages, each with what is expected of it; what holds of any bytes whatever; HTML made
//! safe; and `chenqing mail explain` as it is typed.

mod corpus;
mod explain;
mod hostile;
mod properties;
mod safe;
