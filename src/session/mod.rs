//! Line in, entry out: chain, memo, log, replay.
