//! The interpolators of PyRadiomics, by SimpleITK's names and numbers.

use serde::Serialize;

use crate::error::{Error, Result, nearest};

/// What a value between voxels is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Interpolator {
    /// The nearest voxel.
    NearestNeighbor,
    /// The eight voxels around.
    Linear,
    /// A cubic B-spline through all voxels: PyRadiomics' default.
    BSpline,
    /// A Gaussian of 0.8 voxels, cut off at four times that.
    Gaussian,
    /// The value, as it stands in the scan, that has the most weight in a Gaussian of one voxel, cut off at one voxel.
    LabelGaussian,
    /// A sinc over ten voxels along each axis.
    WindowedSinc(Taper),
}

/// The window that tapers a sinc.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Taper {
    Hamming,
    Cosine,
    Welch,
    Lanczos,
    Blackman,
}

impl Interpolator {
    /// Each by the name PyRadiomics takes, in the order of their numbers, which begin at 1. SimpleITK has since moved
    /// its B-spline from 3 to 23; 3 is the number PyRadiomics' documentation gives and its parameter files may hold.
    pub const ALL: [(&'static str, Self); 10] = [
        ("sitkNearestNeighbor", Self::NearestNeighbor),
        ("sitkLinear", Self::Linear),
        ("sitkBSpline", Self::BSpline),
        ("sitkGaussian", Self::Gaussian),
        ("sitkLabelGaussian", Self::LabelGaussian),
        ("sitkHammingWindowedSinc", Self::WindowedSinc(Taper::Hamming)),
        ("sitkCosineWindowedSinc", Self::WindowedSinc(Taper::Cosine)),
        ("sitkWelchWindowedSinc", Self::WindowedSinc(Taper::Welch)),
        ("sitkLanczosWindowedSinc", Self::WindowedSinc(Taper::Lanczos)),
        ("sitkBlackmanWindowedSinc", Self::WindowedSinc(Taper::Blackman)),
    ];

    /// By name; [`Error::NoSuch`] names the nearest one.
    pub fn parse(name: &str) -> Result<Self> {
        let names = || Self::ALL.iter().map(|(name, _)| *name);
        match Self::ALL.iter().find(|(known, _)| *known == name) {
            Some((_, interpolator)) => Ok(*interpolator),
            None => Err(Error::NoSuch {
                what: "interpolator".into(),
                given: name.into(),
                nearest: nearest(name, names()),
                known: names().map(String::from).collect(),
            }),
        }
    }

    /// By number, 1 to 10.
    pub fn from_number(number: i64) -> Result<Self> {
        let at = usize::try_from(number).ok().and_then(|n| n.checked_sub(1)).and_then(|at| Self::ALL.get(at));
        at.map(|(_, interpolator)| *interpolator).ok_or_else(|| Error::BadValue {
            what: "interpolator".into(),
            given: number.to_string(),
            expected: "a name, or a number from 1 to 10".into(),
        })
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, interpolator)| *interpolator == self).map_or("", |(name, _)| name)
    }
}
