//! One file per command, one table.
