//! R's random stream, bit for bit: `set.seed(seed)` with the defaults of R 3.6 and later (Mersenne Twister, inversion,
//! rejection), so that folds, splits and resamples of R scripts can be replayed.

use crate::num::tails;

const STATE: usize = 624;
const SHIFT: usize = 397;
/// 2^-32 as R writes it: a draw of 32 bits to [0, 1).
const TO_UNIT: f64 = 2.328_306_436_538_696_3e-10;
/// 1 / (2^32 - 1), which R uses to keep a draw inside (0, 1).
const EDGE: f64 = 2.328_306_437_080_797e-10;

/// The state of the stream; equal seeds give equal streams.
#[derive(Clone, Debug)]
pub struct Rng {
    state: [u32; STATE],
    at: usize,
}

impl Rng {
    /// The stream after R's `set.seed(seed)`.
    pub fn seeded(seed: i32) -> Self {
        let mut x = seed as u32;
        let mut scramble = || {
            x = x.wrapping_mul(69069).wrapping_add(1);
            x
        };
        // Fifty rounds of scrambling; the next number is overwritten by the position in R's own seed vector.
        for _ in 0..51 {
            scramble();
        }
        let mut state = [0; STATE];
        state.fill_with(scramble);
        Self { state, at: STATE }
    }

    /// `runif(1)`: uniform in (0, 1).
    pub fn uniform(&mut self) -> f64 {
        let u = f64::from(self.next()) * TO_UNIT;
        if u <= 0.0 {
            0.5 * EDGE
        } else if 1.0 - u <= 0.0 {
            1.0 - 0.5 * EDGE
        } else {
            u
        }
    }

    /// `rnorm(1)`: standard normal by inversion of a 53 bit uniform.
    pub fn normal(&mut self) -> f64 {
        const BIG: f64 = 134_217_728.0;
        let high = (BIG * self.uniform()).floor();
        tails::normal_quantile((high + self.uniform()) / BIG)
    }

    /// A whole number in `0..n` by rejection of too large draws of `ceil(log2 n)` bits; 0 where `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        if n == 0 {
            return 0;
        }
        let bits = usize::BITS - (n - 1).leading_zeros();
        loop {
            let draw = self.bits(bits);
            if draw < n as u64 {
                return draw as usize;
            }
        }
    }

    /// `sample.int(n, k) - 1`: `k` of `0..n` without replacement (up to the 10^7 where R changes its method).
    pub fn sample(&mut self, n: usize, k: usize) -> Vec<usize> {
        let mut left: Vec<usize> = (0..n).collect();
        let mut drawn = Vec::with_capacity(k);
        for _ in 0..k.min(n) {
            drawn.push(left.swap_remove(self.below(left.len())));
        }
        drawn
    }

    /// `sample.int(n, k, replace = TRUE) - 1`: `k` of `0..n` with replacement.
    pub fn resample(&mut self, n: usize, k: usize) -> Vec<usize> {
        (0..k).map(|_| self.below(n)).collect()
    }

    fn bits(&mut self, bits: u32) -> u64 {
        let mut value: u64 = 0;
        for _ in 0..=bits / 16 {
            value = (value << 16).wrapping_add((self.uniform() * 65536.0).floor() as u64);
        }
        if bits < 64 { value & ((1 << bits) - 1) } else { value }
    }

    fn next(&mut self) -> u32 {
        if self.at == STATE {
            self.twist();
        }
        let mut y = self.state[self.at];
        self.at += 1;
        y ^= y >> 11;
        y ^= (y << 7) & 0x9d2c_5680;
        y ^= (y << 15) & 0xefc6_0000;
        y ^ (y >> 18)
    }

    fn twist(&mut self) {
        for i in 0..STATE {
            let y = (self.state[i] & 0x8000_0000) | (self.state[(i + 1) % STATE] & 0x7fff_ffff);
            let odd = if y & 1 == 1 { 0x9908_b0df } else { 0 };
            self.state[i] = self.state[(i + SHIFT) % STATE] ^ (y >> 1) ^ odd;
        }
        self.at = 0;
    }
}
