//! Statistics on slices and matrices; every definition is that of the R function named in its doc comment.

pub mod bootstrap;
pub mod calibration;
pub mod contingency;
pub mod decision;
pub mod delong;
pub mod difference;
pub mod firth;
pub mod fisher;
pub mod folds;
pub mod icc;
pub mod lasso;
mod likelihood;
pub mod logistic;
pub mod lrm;
pub mod mann_whitney;
pub mod nomogram;
pub mod p_adjust;
pub mod pipeline;
pub mod proportion;
pub mod reclassification;
pub mod roc;
pub mod roc_extra;
pub mod sample_size;
pub mod scale;
pub mod shapiro;
pub mod stepwise;
pub mod t_test;
