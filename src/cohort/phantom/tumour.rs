//! A tumour: a lobed star-shaped surface around an uneven inside.

use super::random::{Field, Stream, mix, ramp};

/// Everything of a tumour in its own coordinates: millimetres from its centre.
pub(super) struct Tumour {
    axes: [f64; 3],
    /// Beyond this distance from the centre it changes nothing.
    pub range: f64,
    lobes: Field,
    amplitude: f64,
    /// Width of the edge, mm, and the strength of the halo around it.
    edge: f64,
    halo: f64,
    level: f64,
    uneven: Field,
    contrast: f64,
    core: f64,
    core_shape: Field,
    rim: f64,
}

/// How far the surroundings of a poorly defined tumour are changed, mm.
const HALO: f64 = 10.0;

/// What decides how a tumour looks.
pub(super) struct Traits {
    pub irregularity: f64,
    pub heterogeneity: f64,
    pub poor_margin: bool,
    /// Largest diameter, mm.
    pub diameter: f64,
}

impl Tumour {
    pub fn new(stream: &mut Stream, traits: &Traits) -> Self {
        let h = traits.heterogeneity;
        let mut tumour = Self {
            axes: [stream.between(0.75, 1.0), stream.between(0.75, 1.0), stream.between(0.95, 1.25)],
            range: 0.0,
            lobes: Field::new(stream, 14, 1.0, 2.4),
            amplitude: 0.21 * libm::exp(0.32 * (traits.irregularity - 0.5)),
            edge: if traits.poor_margin { stream.between(1.6, 2.6) } else { stream.between(0.5, 0.9) },
            halo: if traits.poor_margin { stream.between(0.15, 0.35) } else { 0.0 },
            level: stream.between(640.0, 690.0),
            uneven: Field::new(stream, 40, 7.0, 24.0),
            contrast: 0.14 * libm::exp(0.5 * (h - 0.5)),
            core: (0.22 + 0.13 * h + 0.03 * stream.normal()).clamp(-0.3, 0.7),
            core_shape: Field::new(stream, 12, 0.5 * traits.diameter, 1.4 * traits.diameter),
            rim: stream.between(0.08, 0.16),
        };
        let points = tumour.points();
        let largest = points.iter().flat_map(|a| points.iter().map(move |b| distance(a, b))).fold(0.0, f64::max);
        tumour.axes = tumour.axes.map(|a| a * traits.diameter / largest);
        // The surface is smooth enough to not rise a tenth between two of its points.
        tumour.range = 1.1 * tumour.points().iter().map(|p| distance(p, &[0.0; 3])).fold(0.0, f64::max) + HALO;
        tumour
    }

    /// Half the extent along each axis, as a box around the centre.
    pub fn reach(&self) -> [f64; 3] {
        let points = self.points();
        [0, 1, 2].map(|axis| points.iter().fold(0.0, |most, p| f64::max(most, p[axis].abs())))
    }

    /// Distance of the surface from the centre in a direction.
    pub fn radius(&self, towards: [f64; 3]) -> f64 {
        let square: f64 = towards.iter().zip(self.axes).map(|(n, a)| (n / a) * (n / a)).sum();
        libm::exp(self.amplitude * self.lobes.at(towards)) / square.sqrt()
    }

    /// The signal at a point over that of the tissue it displaces; `distance` is the point's own from the centre, `radius`
    /// the surface's in its direction.
    pub fn over(&self, tissue: f64, p: [f64; 3], distance: f64, radius: f64) -> f64 {
        let beyond = distance - radius;
        if beyond > HALO {
            return tissue;
        }
        let around = tissue * (1.0 + self.halo * ramp(0.5 * HALO - beyond, 0.5 * HALO));
        let cover = ramp(-beyond, self.edge);
        if cover == 0.0 { around } else { mix(around, self.inside(p, distance / radius), cover) }
    }

    fn inside(&self, p: [f64; 3], depth: f64) -> f64 {
        let alive = self.level * (1.0 + self.contrast * self.uneven.at(p));
        let off_rim = (depth - 0.9) / 0.08;
        let rim = self.level * self.rim * libm::exp(-off_rim * off_rim);
        let dead = ramp(self.core - depth + 0.3 * self.core_shape.at(p), 0.15);
        mix(alive + rim, 0.5 * self.level + 0.15 * alive, dead)
    }

    /// Points of the surface in directions spread evenly (a golden spiral).
    fn points(&self) -> Vec<[f64; 3]> {
        const N: usize = 600;
        let golden = std::f64::consts::PI * (3.0 - 5f64.sqrt());
        let point = |k: usize| {
            let z = 1.0 - (2 * k + 1) as f64 / N as f64;
            let (r, angle) = ((1.0 - z * z).sqrt(), golden * k as f64);
            let towards = [r * libm::cos(angle), r * libm::sin(angle), z];
            let radius = self.radius(towards);
            towards.map(|n| n * radius)
        };
        (0..N).map(point).collect()
    }
}

fn distance(a: &[f64; 3], b: &[f64; 3]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum::<f64>().sqrt()
}
