//! What a result was computed from, as a short number: equal content, equal fingerprint.

use sha2::{Digest, Sha256};

/// The first 16 bytes of a SHA-256 over the content.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Fingerprint([u8; 16]);

/// Collects content; every part is preceded by its length, so parts cannot run together.
#[derive(Default)]
pub struct Hasher(Sha256);

impl Hasher {
    pub fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.update((bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
        self
    }

    pub fn text(self, text: &str) -> Self {
        self.bytes(text.as_bytes())
    }

    /// The bits of each number: NaN equals NaN, 0 and -0 differ.
    pub fn numbers<'a>(mut self, numbers: impl IntoIterator<Item = &'a f64>) -> Self {
        let mut count = 0_u64;
        for number in numbers {
            self.0.update(number.to_bits().to_le_bytes());
            count += 1;
        }
        self.0.update(count.to_le_bytes());
        self
    }

    pub fn part(self, part: &Fingerprint) -> Self {
        self.bytes(&part.0)
    }

    pub fn finish(self) -> Fingerprint {
        let digest = self.0.finalize();
        let mut short = [0; 16];
        short.copy_from_slice(&digest[..16]);
        Fingerprint(short)
    }
}

impl Fingerprint {
    /// A seed of R's stream that depends on all of the content.
    pub fn seed(&self) -> i32 {
        let [a, b, c, d, ..] = self.0;
        i32::from_le_bytes([a, b, c, d])
    }
}

impl std::fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|b| write!(f, "{b:02x}"))
    }
}
