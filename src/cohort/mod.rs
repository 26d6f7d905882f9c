//! Patients and tables: what is known of each patient before any statistic.

mod absent;
mod clinical;
mod matrix;
mod open;
pub mod phantom;
mod readers;
mod records;
mod role;
pub mod table;

pub use clinical::{Values, Variable};
pub use matrix::{FeatureTable, read_features};
pub use open::{Cohort, Opening, Outcome, Patient, Scan, means_event, open};
pub use readers::reader;
pub use role::Role;
