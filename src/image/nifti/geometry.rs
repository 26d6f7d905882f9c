//! Where the voxels lie, by ITK's choice between a header's two answers.

use super::header::{Header, Placement};
use super::{Checked, refuse};
use crate::image::Geometry;

/// Spacing is always that of `pixdim`, without sign. Direction and origin come from the sform where its axes are
/// perpendicular and there is no qform, or its code is 1 (scanner), or it equals the qform within 1e-4; from the qform
/// otherwise. (ITK judges that equality in 32-bit arithmetic, whose rounding can go either way when the two differ by
/// rounding alone; cosines then differ from its by 1e-6.) NIfTI's axes point right, anterior, superior, ours left, posterior, superior: x and y change sign.
pub(super) fn place(header: &Header, odd: &mut Vec<String>) -> Checked<Geometry> {
    let said = &header.placement;
    let unit = unit(said.units, odd);
    let spacing = spacing(header, odd)?;
    let qform = if said.qform > 0 { Some(qform(said, odd)?) } else { None };
    let sform = (said.sform > 0).then(|| sform(said));
    let frame = choose(qform, sform, &spacing, odd)?;
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
    /// It is in coordinates of the scanner, which ITK trusts more than a qform.
    scanner: bool,
    /// Its column lengths, which should be the spacing.
    lengths: [f64; 3],
}

/// How far axes may be from perpendicular and from the spacing, and two forms from each other: ITK's own.
const SLACK: f64 = 1e-4;

fn choose(qform: Option<Frame>, sform: Option<Affine>, spacing: &[f64; 3], odd: &mut Vec<String>) -> Checked<Frame> {
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
            if !to_scale(&sform.lengths, spacing) {
                odd.push("sform and pixdim differ in spacing; pixdim is used".into());
            }
            Ok(sform.frame)
        }
        (Some(qform), Some(sform)) => {
            let apart = apart(&qform, spacing, &sform.frame, &sform.lengths);
            let use_sform = sform.orthonormal && (sform.scanner || apart <= SLACK);
            if !sform.orthonormal || !to_scale(&sform.lengths, spacing) || apart > 1e-3 {
                let used = if use_sform { "sform" } else { "qform" };
                odd.push(format!("sform and qform disagree; the {used} is used, as ITK does"));
            }
            Ok(if use_sform { sform.frame } else { qform })
        }
    }
}

/// The largest difference of two affine maps, mm.
fn apart(a: &Frame, a_lengths: &[f64; 3], b: &Frame, b_lengths: &[f64; 3]) -> f64 {
    let axes = (0..9).map(|k| (k / 3, k % 3)).map(|(i, j)| a.axes[i][j] * a_lengths[j] - b.axes[i][j] * b_lengths[j]);
    let origin = (0..3).map(|i| a.origin[i] - b.origin[i]);
    axes.chain(origin).fold(0.0, |most, d| if d.abs() <= most { most } else { d.abs() })
}

fn to_scale(lengths: &[f64; 3], spacing: &[f64; 3]) -> bool {
    lengths.iter().zip(spacing).all(|(length, mm)| (length - mm).abs() <= SLACK * mm.max(1.0))
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

/// The rotation of a unit quaternion whose first part is left out of the file. `pixdim[0]` below 0 turns the third axis,
/// and a negative spacing, which the standard does not know, turns its own, as in ITK.
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
    let turned = axes.map(|row| std::array::from_fn(|j| if said.pixdim[j + 1] < 0.0 { -row[j] } else { row[j] }));
    Ok(Frame { axes: turned, origin: said.shift })
}

fn sform(said: &Placement) -> Affine {
    let column = |j: usize| std::array::from_fn::<f64, 3, _>(|i| said.rows[i][j]);
    let dot = |a: &[f64; 3], b: &[f64; 3]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let lengths: [f64; 3] = std::array::from_fn(|j| dot(&column(j), &column(j)).sqrt());
    let units: [[f64; 3]; 3] = std::array::from_fn(|j| column(j).map(|v| v / lengths[j]));
    let origin = column(3);
    let usable = lengths.iter().all(|l| l.is_finite() && *l > 0.0) && origin.iter().all(|v| v.is_finite());
    let square = [(0, 1), (0, 2), (1, 2)].iter().all(|(a, b)| dot(&units[*a], &units[*b]).abs() <= SLACK);
    let axes = std::array::from_fn(|i| std::array::from_fn(|j| units[j][i]));
    Affine { frame: Frame { axes, origin }, orthonormal: usable && square, scanner: said.sform == 1, lengths }
}
