//! The built-in cohort: 154 made patients shaped like the paper's, with a known truth.
//!
//! **Who.** 122 patients of one centre, split into `train` (47 without, 35 with lung metastasis) and `internal` (23, 17),
//! and 32 of another, `external` (17, 15). Every categorical variable of the paper's Table 2 has the paper's count in each
//! role and outcome; for three signal variables, which the paper lacks outside, the training proportions are used. Age is
//! drawn with the paper's means and deviations, size in centimetres so that the counts of 5 cm or more are the paper's,
//! depth and location without any relation. 30 training patients, 15 of each outcome, have a second reader's mask.
//!
//! **What is planted.** Two numbers a patient, each spread as a standard normal within role and outcome, in orders
//! drawn independently:
//!
//! - `irregularity` drives the amplitude of the lobes of the tumour's surface, hence sphericity (lower with metastasis);
//! - `heterogeneity` drives the contrast of enhancement inside and the necrotic core, hence entropy (higher).
//!
//! With metastasis irregularity is raised by 0.95 and heterogeneity by 1.15, of the second centre by nine tenths of that. The
//! third signal is `margin`, by its counts alone (AUC 0.609, 0.666 and 0.643): a poorly defined tumour fades into its
//! surroundings, which blurs its edge and disturbs the second reader more. Nothing else depends on the outcome: size,
//! place, spacing, gain, noise and bias field are drawn blindly. So a right chain of steps finds an AUC of about 0.85, and
//! the same chain on shuffled outcomes finds none.
//!
//! **What a scan is.** 64 x 64 x 20 voxels of a limb in contrast-enhanced T1: fat, fascia, muscle with septa and fibres,
//! bone and vessels; a lobed tumour with uneven enhancement, a bright rim and a dark core; partial volume, a smooth bias
//! field, Rician noise. 16-bit whole numbers, unscaled. The mask is the truth at voxel centres; the second reader's
//! contour is moved by a smooth random field.
//!
//! The same seed gives the same bytes on every machine, whatever the number of threads: every patient has random streams of
//! its own, and no function that machines round differently is used.

mod limb;
mod patients;
mod random;
mod scan;
mod store;
mod tumour;

pub use patients::{Patient, patients};
pub use scan::{Made, made};
pub use store::{altered, is_there, write, write_scans};
