//! Names are unique, flags equal fields, lines round-trip, every example runs.
