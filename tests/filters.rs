//! The images derived from a scan, held against what PyRadiomics derives.

#[path = "filters/baseline.rs"]
mod baseline;
#[path = "filters/itk.rs"]
pub mod itk;
#[path = "filters/lbp.rs"]
mod lbp;
#[path = "filters/wavelet.rs"]
mod wavelet;
