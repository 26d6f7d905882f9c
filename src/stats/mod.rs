//! Statistics on slices and matrices; every definition is that of the R function named in its doc comment.
