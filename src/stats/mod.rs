//! Statistics on slices and matrices; every definition is that of the R function named in its doc comment.

pub mod delong;
pub mod folds;
pub mod icc;
pub mod lasso;
pub mod logistic;
pub mod mann_whitney;
pub mod p_adjust;
pub mod roc;
pub mod scale;
pub mod stepwise;
