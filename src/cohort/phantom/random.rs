//! Random streams and smooth random fields, the same on every machine.

use libm::{cos, log, sin};

/// SplitMix64: a stream for each purpose, so that none disturbs another.
pub(super) struct Stream(u64);

impl Stream {
    /// The stream of one purpose of one patient.
    pub fn of(seed: u64, patient: usize, purpose: u64) -> Self {
        let mut stream = Self(seed ^ 0x5851_f42d_4c95_7f2d);
        for key in [patient as u64, purpose] {
            stream.0 = stream.next() ^ key.wrapping_mul(0xd605_1fd8_2bd5_6f4d);
        }
        stream
    }

    /// Uniform over all 64-bit numbers.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Uniform on the open interval from 0 to 1.
    pub fn unit(&mut self) -> f64 {
        ((self.next() >> 12) as f64 + 0.5) / (1u64 << 52) as f64
    }

    /// Uniform between two numbers.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// Two independent standard normal numbers (Box and Muller).
    pub fn normals(&mut self) -> [f64; 2] {
        let radius = (-2.0 * log(self.unit())).sqrt();
        let angle = std::f64::consts::TAU * self.unit();
        [radius * cos(angle), radius * sin(angle)]
    }

    pub fn normal(&mut self) -> f64 {
        self.normals()[0]
    }

    /// One of several, each as likely.
    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    /// Every order as likely (Fisher and Yates).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }

    /// A direction in space, each as likely.
    pub fn direction(&mut self) -> [f64; 3] {
        let z = self.between(-1.0, 1.0);
        let (r, angle) = ((1.0 - z * z).sqrt(), std::f64::consts::TAU * self.unit());
        [r * cos(angle), r * sin(angle), z]
    }

    /// `n` numbers spread as a standard normal sample should be, in random order: no luck of the draw makes a small
    /// group's mean differ from 0. (Tukey's symmetric lambda approximates normal quantiles to 0.01.)
    pub fn spread(&mut self, n: usize) -> Vec<f64> {
        const LAMBDA: f64 = 0.135;
        let quantile = |p: f64| (libm::pow(p, LAMBDA) - libm::pow(1.0 - p, LAMBDA)) / 0.1975;
        let mut numbers: Vec<f64> = (0..n).map(|i| quantile((i as f64 + 0.5) / n as f64)).collect();
        self.shuffle(&mut numbers);
        numbers
    }

    fn below(&mut self, n: usize) -> usize {
        // Of 2^64 numbers the few left over favour none visibly.
        (self.next() % n as u64) as usize
    }
}

/// A smooth random field of mean 0 and variance near 1: a sum of plane waves.
pub(super) struct Field {
    /// Turns a unit of length along each axis, and the phase in turns.
    waves: Vec<([f64; 3], f64)>,
    scale: f64,
}

impl Field {
    /// `count` waves in all directions, of lengths between two bounds, in the unit of the points it is asked at.
    pub fn new(stream: &mut Stream, count: usize, shortest: f64, longest: f64) -> Self {
        let wave = |stream: &mut Stream| {
            let length = stream.between(shortest, longest);
            (stream.direction().map(|n| n / length), stream.unit())
        };
        let waves = (0..count).map(|_| wave(stream)).collect();
        Self { waves, scale: (2.0 / count as f64).sqrt() }
    }

    pub fn at(&self, p: [f64; 3]) -> f64 {
        let sum: f64 =
            self.waves.iter().map(|(k, phase)| cosine(k[0] * p[0] + k[1] * p[1] + k[2] * p[2] + phase)).sum();
        sum * self.scale
    }
}

/// Cosine of an angle in turns, to 1e-6: its series on half a turn, several times as fast as an exact one.
fn cosine(turns: f64) -> f64 {
    /// Adding and taking away 1.5 * 2^52 rounds to a whole number.
    const ROUND: f64 = 6_755_399_441_055_744.0;
    let t = turns - ((turns + ROUND) - ROUND);
    let s = t * t;
    SERIES.iter().fold(0.0, |sum, c| sum * s + c)
}

/// `(-1)^k (2 pi)^2k / (2k)!` from k = 8 down.
const SERIES: [f64; 9] = {
    let mut series = [1.0; 9];
    let mut k = 1;
    while k < 9 {
        let square = std::f64::consts::TAU * std::f64::consts::TAU;
        series[8 - k] = -series[9 - k] * square / (2 * k * (2 * k - 1)) as f64;
        k += 1;
    }
    series
};

/// 0 below `-width`, 1 above `width`, smooth between.
pub(super) fn ramp(v: f64, width: f64) -> f64 {
    let t = (0.5 + v / (2.0 * width)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// From `a` at 0 to `b` at 1.
pub(super) fn mix(a: f64, b: f64, t: f64) -> f64 {
    a + (b - a) * t
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_series_is_a_cosine() {
        for k in -4000..4000 {
            let turns = f64::from(k) * 0.00371;
            assert!((cosine(turns) - cos(std::f64::consts::TAU * turns)).abs() < 1e-6, "{turns}");
        }
    }

    #[test]
    fn a_field_has_mean_0_and_variance_1() {
        let stream = &mut Stream::of(7, 0, 0);
        let values: Vec<f64> = (0..400).map(|_| Field::new(stream, 12, 1.0, 3.0).at([5.0, -2.0, 9.0])).collect();
        let mean = values.iter().sum::<f64>() / 400.0;
        let variance = values.iter().map(|v| v * v).sum::<f64>() / 400.0;
        assert!(mean.abs() < 0.2 && (variance - 1.0).abs() < 0.25, "{mean} {variance}");
    }

    #[test]
    fn a_spread_is_a_standard_normal_without_luck() {
        let numbers = Stream::of(7, 0, 0).spread(47);
        let (sum, squares) = numbers.iter().fold((0.0, 0.0), |(s, q), v| (s + v, q + v * v));
        assert!(sum.abs() < 1e-9 && (squares / 47.0 - 1.0).abs() < 0.05, "{sum} {squares}");
    }
}
