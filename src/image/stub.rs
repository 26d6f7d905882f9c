//! stub
#![allow(unused)]
use crate::error::Result;
use crate::image::{Mask, Volume, Window};
use serde::Serialize;
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Wavelet(String);
impl Wavelet {
    pub fn name(&self) -> &str {
        &self.0
    }
    pub fn new(n: &str) -> Result<Self> {
        Ok(Self(n.into()))
    }
}
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Decomposition {
    pub wavelet: Wavelet,
    pub level: usize,
    pub start_level: usize,
    pub plane: Option<usize>,
}
impl Decomposition {
    pub fn names(&self) -> Vec<String> {
        ["LLH", "LHL", "LHH", "HLL", "HLH", "HHL", "HHH", "LLL"].map(|s| format!("wavelet-{s}")).to_vec()
    }
    pub fn each(&self, s: &Volume, w: &Window, sink: &mut dyn FnMut(usize, Volume) -> Result<()>) -> Result<()> {
        for i in 0..8 {
            sink(i, s.cut(w))?;
        }
        Ok(())
    }
}
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Lbp2d {
    pub radius: f64,
    pub samples: usize,
    pub method: Method,
    pub axis: usize,
}
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Method {
    Default,
    Ror,
    Uniform,
    Var,
}
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Lbp3d {
    pub levels: usize,
    pub radius: f64,
    pub subdivision: usize,
}
impl Lbp3d {
    pub fn names(&self) -> Vec<String> {
        let mut n: Vec<String> = (1..=self.levels).map(|l| format!("lbp-3D-m{l}")).collect();
        n.push("lbp-3D-k".into());
        n
    }
}
pub fn lbp2d(s: &Volume, w: &Window, _: &Lbp2d) -> Volume {
    s.cut(w)
}
pub fn lbp3d(
    s: &Volume,
    _: &Mask,
    w: &Window,
    l: &Lbp3d,
    sink: &mut dyn FnMut(usize, Volume) -> Result<()>,
) -> Result<()> {
    for i in 0..=l.levels {
        sink(i, s.cut(w))?;
    }
    Ok(())
}
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Interpolator {
    BSpline,
}
impl Interpolator {
    pub fn name(&self) -> &'static str {
        "sitkBSpline"
    }
    pub fn parse(_: &str) -> Option<Self> {
        Some(Self::BSpline)
    }
    pub fn from_number(_: i64) -> Option<Self> {
        Some(Self::BSpline)
    }
}
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Resample {
    pub spacing: [f64; 3],
    pub interpolator: Interpolator,
    pub pad_distance: usize,
}
pub fn normalize(s: &Volume, _: f64, _: Option<f64>) -> Volume {
    s.clone()
}
pub fn resample(i: &Volume, m: &Mask, _: &Resample) -> Result<(Volume, Mask)> {
    Ok((i.clone(), m.clone()))
}
pub fn crop(i: &Volume, m: &Mask, _: usize) -> Result<(Volume, Mask)> {
    Ok((i.clone(), m.clone()))
}
pub fn correct_mask(_: &Volume, m: &Mask) -> Result<Mask> {
    Ok(m.clone())
}
