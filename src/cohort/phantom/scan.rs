//! A patient's scan and masks, as volumes.

use super::limb::Limb;
use super::patients::Patient;
use super::random::{Field, Stream};
use super::tumour::{Traits, Tumour};
use crate::image::{Geometry, Pixel, Volume};

/// A scan with the mask of each reader (1 inside, 0 outside), all on one grid.
#[derive(Clone, Debug, PartialEq)]
pub struct Made {
    pub image: Volume,
    pub mask: Volume,
    pub second: Option<Volume>,
}

/// The scan of a patient of [`super::patients`] of the same seed.
pub fn made(seed: u64, patient: &Patient) -> Made {
    let stream = |purpose| Stream::of(seed, patient.number, purpose);
    let traits = Traits {
        irregularity: patient.irregularity,
        heterogeneity: patient.heterogeneity,
        poor_margin: patient.value("margin") == "poor",
        diameter: patient.size_cm * 10.0,
    };
    let tumour = Tumour::new(&mut stream(TUMOUR), &traits);
    let limb = Limb::new(&mut stream(LIMB), patient.value("depth") == "superficial");
    let scanner = Scanner::new(&mut stream(SCANNER), patient.role == "external", tumour.reach());
    let reader = Reader::new(&mut stream(READER), traits.poor_margin);
    let noise = &mut stream(NOISE);

    let count = scanner.geometry.voxels();
    let mut image = Vec::with_capacity(count);
    let mut mask = Vec::with_capacity(count);
    let mut second = Vec::with_capacity(if patient.second_reader { count } else { 0 });
    for p in scanner.points() {
        let centre = Polar::of(p, scanner.centre, &tumour);
        mask.push(f64::from(u8::from(centre.distance <= centre.radius)));
        if patient.second_reader {
            let contour = centre.radius * reader.shift(centre.towards);
            second.push(f64::from(u8::from(centre.distance <= contour)));
        }
        let signal = signal(p, &scanner, &limb, &tumour);
        let [a, b] = noise.normals().map(|n| n * scanner.noise);
        let magnitude = ((signal + a) * (signal + a) + b * b).sqrt();
        image.push(magnitude.round().clamp(0.0, f64::from(i16::MAX)));
    }
    let volume =
        |voxels| Volume { geometry: scanner.geometry, voxels, pixel: Pixel::Integer { bits: 16, signed: true } };
    Made { image: volume(image), mask: volume(mask), second: patient.second_reader.then(|| volume(second)) }
}

/// Purposes of a scan's random streams; those of the cohort's table are below.
const TUMOUR: u64 = 11;
const LIMB: u64 = 12;
const SCANNER: u64 = 13;
const READER: u64 = 14;
const NOISE: u64 = 15;

/// Grid, noise and bias field.
struct Scanner {
    geometry: Geometry,
    /// The tumour's centre, mm from the middle of the scan.
    centre: [f64; 3],
    gain: f64,
    noise: f64,
    bias: [f64; 6],
}

impl Scanner {
    const SIZE: [usize; 3] = [64, 64, 20];

    /// The other centre's scans are coarser and noisier. Spacings are those a 32-bit float holds exactly.
    fn new(stream: &mut Stream, external: bool, reach: [f64; 3]) -> Self {
        let usual = if external { [1.125, 1.25, 1.375] } else { [1.0, 1.125, 1.25] };
        let (plane, slice) = (stream.pick(&usual), stream.pick(&[4.0, 4.5, 5.0]));
        // The readers' contours, 15% wider at most, stay two voxels (one slice) inside.
        let wide = enough(plane, 0.125, 1.15 * reach[0].max(reach[1]) / (Self::SIZE[0] as f64 / 2.0 - 4.0));
        let tall = enough(slice, 0.5, 1.15 * reach[2] / (Self::SIZE[2] as f64 / 2.0 - 2.0));
        let mut geometry = Geometry::new(Self::SIZE, [wide, wide, tall]);
        geometry.origin = [0, 1, 2].map(|axis| (stream.between(-60.0, 60.0) - half(&geometry, axis)).round());
        Self {
            geometry,
            centre: [
                stream.between(-1.5, 1.5) * wide,
                stream.between(-1.5, 1.5) * wide,
                stream.between(-0.5, 0.5) * tall,
            ],
            gain: 1.0 + 0.03 * stream.normal(),
            noise: if external { stream.between(24.0, 34.0) } else { stream.between(16.0, 26.0) },
            bias: [0; 6].map(|_| 0.05 * stream.normal()),
        }
    }

    /// The middle of every voxel, mm from the middle of the scan, x fastest.
    fn points(&self) -> impl Iterator<Item = [f64; 3]> {
        let [nx, ny, nz] = self.geometry.size;
        let place = |axis: usize, k: usize| k as f64 * self.geometry.spacing[axis] - half(&self.geometry, axis);
        (0..nz)
            .flat_map(move |z| (0..ny).flat_map(move |y| (0..nx).map(move |x| [place(0, x), place(1, y), place(2, z)])))
    }

    /// Gain times the smooth field of the coil, near 1.
    fn sensitivity(&self, p: [f64; 3]) -> f64 {
        let [x, y, z] = [0, 1, 2].map(|axis| p[axis] / half(&self.geometry, axis));
        let b = self.bias;
        self.gain * libm::exp(b[0] * x + b[1] * y + b[2] * z + b[3] * x * x + b[4] * y * y + b[5] * x * y)
    }
}

fn half(geometry: &Geometry, axis: usize) -> f64 {
    (geometry.size[axis] - 1) as f64 * geometry.spacing[axis] / 2.0
}

fn enough(usual: f64, step: f64, least: f64) -> f64 {
    usual.max((least / step).ceil() * step)
}

/// A point as seen from the tumour's centre.
struct Polar {
    from_centre: [f64; 3],
    towards: [f64; 3],
    distance: f64,
    /// The surface's distance in the same direction; 0 where the tumour is out of sight.
    radius: f64,
}

impl Polar {
    fn of(p: [f64; 3], centre: [f64; 3], tumour: &Tumour) -> Self {
        let from_centre = [0, 1, 2].map(|k| p[k] - centre[k]);
        let distance = from_centre.iter().map(|v| v * v).sum::<f64>().sqrt().max(1e-9);
        let towards = from_centre.map(|v| v / distance);
        let radius = if distance > tumour.range { 0.0 } else { tumour.radius(towards) };
        Self { from_centre, towards, distance, radius }
    }
}

/// The noiseless signal of a voxel: a thick slice mixes the tumour above and below; the limb hardly changes along it.
fn signal(p: [f64; 3], scanner: &Scanner, limb: &Limb, tumour: &Tumour) -> f64 {
    let tissue = limb.at(p);
    let third = scanner.geometry.spacing[2] / 3.0;
    let parts = [-third, 0.0, third].map(|dz| {
        let seen = Polar::of([p[0], p[1], p[2] + dz], scanner.centre, tumour);
        tumour.over(tissue, seen.from_centre, seen.distance, seen.radius)
    });
    scanner.sensitivity(p) * parts.iter().sum::<f64>() / 3.0
}

/// The second reader's hand: a little wider or narrower everywhere, and wavering.
struct Reader {
    habit: f64,
    waver: Field,
    amplitude: f64,
}

impl Reader {
    fn new(stream: &mut Stream, poor_margin: bool) -> Self {
        let habit = (0.02 * stream.normal()).clamp(-0.04, 0.04);
        let amplitude = if poor_margin { stream.between(0.035, 0.06) } else { stream.between(0.02, 0.04) };
        Self { habit, waver: Field::new(stream, 14, 0.7, 2.2), amplitude }
    }

    /// How far out the contour is drawn, as a factor of the true radius.
    fn shift(&self, towards: [f64; 3]) -> f64 {
        libm::exp((self.habit + self.amplitude * self.waver.at(towards)).clamp(-0.13, 0.13))
    }
}
