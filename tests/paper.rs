//! What the paper's own counts give.
