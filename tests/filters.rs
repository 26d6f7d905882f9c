//! Filters against what PyRadiomics makes of the same scans.

#[path = "filters/itk.rs"]
pub mod itk;
