//! A real terminal: keys, cancel, resize, kill.
