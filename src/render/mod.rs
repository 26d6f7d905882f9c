//! Pages to a medium.
