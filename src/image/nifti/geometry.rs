//! Where the voxels lie, by ITK's choice between a header's two answers.

use super::header::{Header, Placement};
use super::{Checked, refuse};
use crate::image::Geometry;

/// Spacing is always that of `pixdim`, without sign. Direction and origin come from the sform where there is no qform, or
/// where its code is 1 (scanner) and it is a rotation scaled by the spacing; from the qform otherwise. NIfTI's axes
/// point right, anterior, superior, ours left, posterior, superior: x and y change sign.
pub(super) fn place(header: &Header, odd: &mut Vec<String>) -> Checked<Geometry> {
    let said = &header.placement;
    let unit = unit(said.units, odd);
    let spacing = spacing(header, odd)?;
    let qform = if said.qform > 0 { Some(qform(said, odd)?) } else { None };
    let sform = (said.sform > 0).then(|| sform(said, &spacing));
    let frame = choose(qform, sform, said.sform, odd)?;
    // Adding 0 turns -0 into 0, which would read oddly in a message.
    let lps = |i: usize, v: f64| if i < 2 { -v + 0.0 } else { v };
    Ok(Geometry {
        size: header.size,
        spacing: spacing.map(|mm| mm * unit),
        origin: std::array::from_fn(|i| lps(i, frame.origin[i] * unit)),
        direction: std::array::from_fn(|i| frame.axes[i].map(|cosine| lps(i, cosine))),
    })
}

/// Axes and origin in NIfTI's own orientation; column j of `axes` is axis j.
struct Frame {
    axes: [[f64; 3]; 3],
    origin: [f64; 3],
}

/// An sform is any affine map; these say how far it is one that a scan can have.
struct Affine {
    frame: Frame,
    orthonormal: bool,
    /// Its column lengths are the spacing.
    to_scale: bool,
}

/// How far from perpendicular, and from the spacing, axes may be: ITK's own.
const SLACK: f64 = 1e-4;

fn choose(qform: Option<Frame>, sform: Option<Affine>, code: i32, odd: &mut Vec<String>) -> Checked<Frame> {
    match (qform, sform) {
        (None, None) => {
            odd.push("no orientation; axes taken as left, posterior, superior".into());
            Ok(Frame { axes: [[-1.0, 0.0, 0.0], [0.0, -1.0, 0.0], [0.0, 0.0, 1.0]], origin: [0.0; 3] })
        }
        (Some(qform), None) => Ok(qform),
        (None, Some(sform)) => {
            if !sform.orthonormal {
                return Err(refuse("bad_geometry", "its axes are not perpendicular (sform) and it has no qform"));
            }
            if !sform.to_scale {
                odd.push("sform and pixdim differ in spacing; pixdim is used".into());
            }
            Ok(sform.frame)
        }
        (Some(qform), Some(sform)) => {
            let sound = sform.orthonormal && sform.to_scale;
            let use_sform = code == 1 && sound;
            if !sound || differ(&qform, &sform.frame) {
                let used = if use_sform { "sform" } else { "qform" };
                odd.push(format!("sform and qform disagree; the {used} is used, as ITK does"));
            }
            Ok(if use_sform { sform.frame } else { qform })
        }
    }
}

fn differ(a: &Frame, b: &Frame) -> bool {
    let far = |a: &[f64], b: &[f64]| a.iter().zip(b).any(|(a, b)| (a - b).abs() > 1e-3);
    far(a.axes.as_flattened(), b.axes.as_flattened()) || far(&a.origin, &b.origin)
}

fn unit(code: u8, odd: &mut Vec<String>) -> f64 {
    let (name, mm) = match code {
        1 => ("metres", 1000.0),
        3 => ("micrometres", 0.001),
        _ => return 1.0,
    };
    odd.push(format!("lengths in {name}; turned into millimetres"));
    mm
}

fn spacing(header: &Header, odd: &mut Vec<String>) -> Checked<[f64; 3]> {
    let mut spacing = [1.0; 3];
    let axes = if header.flat { 2 } else { 3 };
    for (k, mm) in spacing.iter_mut().enumerate().take(axes) {
        let said = header.placement.pixdim[k + 1];
        if !said.is_finite() || said == 0.0 {
            return Err(refuse("bad_geometry", format!("its voxels are {said} mm apart along axis {}", k + 1)));
        }
        if said < 0.0 {
            odd.push(format!("negative spacing {said} along axis {}; read as {}", k + 1, -said));
        }
        *mm = said.abs();
    }
    if header.flat {
        odd.push("a single picture; its third spacing is taken as 1 mm".into());
    }
    Ok(spacing)
}

/// The rotation of a unit quaternion whose first part is left out of the file; `pixdim[0]` below 0 turns the third axis.
fn qform(said: &Placement, odd: &mut Vec<String>) -> Checked<Frame> {
    let [b, c, d] = said.quaternion;
    if !said.quaternion.iter().chain(&said.shift).all(|v| v.is_finite()) {
        return Err(refuse("bad_geometry", "its qform holds no finite numbers"));
    }
    let square = b * b + c * c + d * d;
    if square > 1.0 + 1e-5 {
        odd.push(format!("a quaternion of length {:.4}, more than 1; normalised", square.sqrt()));
    }
    let (a, b, c, d) = if 1.0 - square < 1e-7 {
        let unit = square.sqrt().recip();
        (0.0, b * unit, c * unit, d * unit)
    } else {
        ((1.0 - square).sqrt(), b, c, d)
    };
    let hand = if said.pixdim[0] < 0.0 { -1.0 } else { 1.0 };
    let axes = [
        [a * a + b * b - c * c - d * d, 2.0 * (b * c - a * d), hand * 2.0 * (b * d + a * c)],
        [2.0 * (b * c + a * d), a * a + c * c - b * b - d * d, hand * 2.0 * (c * d - a * b)],
        [2.0 * (b * d - a * c), 2.0 * (c * d + a * b), hand * (a * a + d * d - b * b - c * c)],
    ];
    Ok(Frame { axes, origin: said.shift })
}

fn sform(said: &Placement, spacing: &[f64; 3]) -> Affine {
    let column = |j: usize| std::array::from_fn::<f64, 3, _>(|i| said.rows[i][j]);
    let dot = |a: &[f64; 3], b: &[f64; 3]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let lengths: [f64; 3] = std::array::from_fn(|j| dot(&column(j), &column(j)).sqrt());
    let units: [[f64; 3]; 3] = std::array::from_fn(|j| column(j).map(|v| v / lengths[j]));
    let origin = column(3);
    let usable = lengths.iter().all(|l| l.is_finite() && *l > 0.0) && origin.iter().all(|v| v.is_finite());
    let square = [(0, 1), (0, 2), (1, 2)].iter().all(|(a, b)| dot(&units[*a], &units[*b]).abs() <= SLACK);
    let to_scale = lengths.iter().zip(spacing).all(|(l, mm)| (l - mm).abs() <= SLACK * mm.max(1.0));
    let axes = std::array::from_fn(|i| std::array::from_fn(|j| units[j][i]));
    Affine { frame: Frame { axes, origin }, orthonormal: usable && square, to_scale }
}
