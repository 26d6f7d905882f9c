//! Every session replays to itself.
