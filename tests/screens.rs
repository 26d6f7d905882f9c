//! Pages at several sizes.
