//! The limb around a tumour in contrast-enhanced T1: fat, fascia, muscle with septa and fibres, bone, vessels.

use super::random::{Field, Stream, mix, ramp};

/// A limb that runs along z; points are millimetres from the middle of the scan.
pub(super) struct Limb {
    /// Where the bone lies, and how it drifts along z.
    bone: [f64; 2],
    drift: [f64; 2],
    bone_radius: f64,
    /// Distance of the skin from the bone's axis, and the thickness of the fat below it.
    skin: f64,
    fat: f64,
    outline: Field,
    septa: [Field; 2],
    fibres: Field,
    vessels: Vec<[f64; 3]>,
}

const AIR: f64 = 8.0;
const SKIN: f64 = 380.0;
const FAT: f64 = 900.0;
const FASCIA: f64 = 160.0;
const MUSCLE: f64 = 340.0;
const CORTEX: f64 = 60.0;
const MARROW: f64 = 780.0;
const VESSEL: f64 = 1050.0;

impl Limb {
    pub fn new(stream: &mut Stream, superficial: bool) -> Self {
        let angle = std::f64::consts::TAU * stream.unit();
        // The tumour is in the middle of the scan: near the skin when superficial, near the bone when deep.
        let away = if superficial { stream.between(52.0, 60.0) } else { stream.between(36.0, 48.0) };
        let bone = [away * libm::cos(angle), away * libm::sin(angle)];
        let vessel = |stream: &mut Stream| {
            let turn = angle + stream.between(-0.9, 0.9);
            let far = stream.between(22.0, 30.0);
            [bone[0] - far * libm::cos(turn), bone[1] - far * libm::sin(turn), stream.between(1.6, 2.8)]
        };
        Self {
            bone,
            drift: [stream.between(-0.12, 0.12), stream.between(-0.12, 0.12)],
            bone_radius: stream.between(11.0, 15.0),
            skin: stream.between(78.0, 90.0),
            fat: stream.between(9.0, 18.0),
            outline: Field::new(stream, 6, 70.0, 160.0),
            septa: [Field::new(stream, 4, 70.0, 120.0), Field::new(stream, 4, 80.0, 140.0)],
            fibres: Field::new(stream, 10, 3.5, 9.0),
            vessels: (0..3).map(|_| vessel(stream)).collect(),
        }
    }

    /// The signal of the tissue at a point.
    pub fn at(&self, p: [f64; 3]) -> f64 {
        let x = p[0] - self.bone[0] - self.drift[0] * p[2];
        let y = p[1] - self.bone[1] - self.drift[1] * p[2];
        let from_bone = (x * x + y * y).sqrt();
        let to_skin = self.skin + 4.0 * self.outline.at(p) - from_bone;
        let to_fat = to_skin - self.fat;
        if to_skin < -2.0 {
            return AIR;
        }
        let deep = ramp(to_fat, 0.7);
        let mut signal = if deep > 0.0 { mix(FAT, self.muscle(p, x, y, from_bone), deep) } else { FAT };
        signal = mix(signal, FASCIA, 0.7 * ramp(0.9 - to_fat.abs(), 0.7));
        signal = mix(SKIN, signal, ramp(to_skin - 1.8, 0.7));
        mix(AIR, signal, ramp(to_skin, 0.7))
    }

    fn muscle(&self, p: [f64; 3], x: f64, y: f64, from_bone: f64) -> f64 {
        // Fibres run along the limb, so that they are points across it.
        let mut signal = MUSCLE * (1.0 + 0.05 * self.fibres.at([p[0], p[1], 0.12 * p[2]]));
        for septum in &self.septa {
            // The field's slope is about one twelfth a millimetre, which turns its height into a distance.
            signal = mix(signal, 0.8 * FAT, 0.8 * ramp(0.7 - 14.0 * septum.at(p).abs(), 0.9));
        }
        for [vx, vy, radius] in &self.vessels {
            let (dx, dy) = (x + self.bone[0] - vx, y + self.bone[1] - vy);
            signal = mix(signal, VESSEL, ramp(radius - (dx * dx + dy * dy).sqrt(), 0.8));
        }
        signal = mix(signal, CORTEX, ramp(self.bone_radius - from_bone, 0.8));
        mix(signal, MARROW, ramp(self.bone_radius - 3.5 - from_bone, 0.8))
    }
}
