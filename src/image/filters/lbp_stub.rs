//! stub
use crate::error::Result;
use crate::image::{Mask, Volume, Window};
use serde::Serialize;
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
    mut sink: impl FnMut(usize, Volume) -> Result<()>,
) -> Result<()> {
    for i in 0..=l.levels {
        sink(i, s.cut(w))?;
    }
    Ok(())
}
