//! Who the made patients are: roles, outcomes, clinical variables and the planted numbers.

use super::random::Stream;

/// One made patient.
#[derive(Clone, Debug, PartialEq)]
pub struct Patient {
    /// Position in the cohort; its scans' random streams depend on it.
    pub number: usize,
    /// `P001` to `P154`.
    pub id: String,
    /// `train`, `internal` or `external`.
    pub role: &'static str,
    /// Lung metastasis, the outcome.
    pub metastasis: bool,
    /// Years.
    pub age: u32,
    /// Largest diameter of the tumour, cm, to one decimal.
    pub size_cm: f64,
    /// Names and values of the other clinical variables, in the order of the table.
    pub clinical: Vec<(&'static str, &'static str)>,
    /// Planted: lobes of the surface.
    pub irregularity: f64,
    /// Planted: unevenness of the inside.
    pub heterogeneity: f64,
    /// Whether a second reader drew the tumour too.
    pub second_reader: bool,
}

impl Patient {
    /// The value of a categorical clinical variable; empty when there is none of this name.
    pub fn value(&self, name: &str) -> &'static str {
        self.clinical.iter().find(|(n, _)| *n == name).map_or("", |(_, v)| v)
    }
}

/// All 154, the first centre's in random order of role and outcome.
pub fn patients(seed: u64) -> Vec<Patient> {
    let mut all: Vec<Patient> = (0..ROLES.len()).flat_map(|r| [0, 1].map(|o| group(seed, r, o))).flatten().collect();
    let mut stream = Stream::of(seed, 0, ORDER);
    stream.shuffle(&mut all[..122]);
    stream.shuffle(&mut all[122..]);
    for (number, patient) in all.iter_mut().enumerate() {
        patient.number = number;
        patient.id = format!("P{:03}", number + 1);
    }
    all
}

/// A categorical variable: its values and their counts by role, without and with metastasis.
struct Variable {
    name: &'static str,
    values: &'static [&'static str],
    counts: [[&'static [usize]; 2]; 3],
}

const ROLES: [&str; 3] = ["train", "internal", "external"];

/// Mean and deviation of age by role, without and with metastasis.
const AGE: [[(f64, f64); 2]; 3] =
    [[(50.28, 14.91), (51.45, 16.11)], [(50.62, 13.30), (51.94, 16.57)], [(51.14, 15.72), (54.13, 13.33)]];

/// Tumours of 5 cm or more, and smaller ones.
const SIZE: [[[usize; 2]; 2]; 3] = [[[43, 4], [29, 6]], [[18, 5], [15, 2]], [[11, 6], [13, 2]]];

/// How far metastasis moves irregularity and heterogeneity in the first centre, in standard deviations.
const SHIFT: [f64; 2] = [0.95, 1.15];
/// What is left of that in each role.
const STRENGTH: [f64; 3] = [1.0, 1.0, 0.9];

const SECOND_READER: usize = 15;

/// Purposes of random streams; those of the scans begin above.
const ORDER: u64 = 1;
const GROUP: u64 = 2;

const YES: &[&str] = &["yes", "no"];

const VARIABLES: [Variable; 12] = [
    Variable {
        name: "sex",
        values: &["male", "female"],
        counts: [[&[32, 15], &[25, 10]], [&[11, 12], &[11, 6]], [&[4, 13], &[7, 8]]],
    },
    Variable {
        name: "margin",
        values: &["poor", "well"],
        counts: [[&[30, 17], &[30, 5]], [&[14, 9], &[16, 1]], [&[11, 6], &[14, 1]]],
    },
    Variable {
        name: "family_history",
        values: YES,
        counts: [[&[4, 43], &[2, 33]], [&[1, 22], &[0, 17]], [&[0, 17], &[0, 15]]],
    },
    Variable {
        name: "smoke_history",
        values: YES,
        counts: [[&[11, 36], &[3, 32]], [&[5, 18], &[2, 15]], [&[0, 17], &[3, 12]]],
    },
    Variable {
        name: "past_history",
        values: YES,
        counts: [[&[34, 13], &[24, 11]], [&[16, 7], &[14, 3]], [&[6, 11], &[7, 8]]],
    },
    Variable {
        name: "mobility",
        values: &["good", "poor"],
        counts: [[&[9, 38], &[5, 30]], [&[16, 7], &[13, 4]], [&[8, 9], &[4, 11]]],
    },
    Variable {
        name: "tenderness",
        values: &["pain", "none"],
        counts: [[&[34, 13], &[26, 9]], [&[17, 6], &[12, 5]], [&[8, 9], &[10, 5]]],
    },
    Variable {
        name: "hardness",
        values: &["soft", "tender", "tough"],
        counts: [[&[5, 19, 23], &[3, 15, 17]], [&[1, 14, 8], &[0, 11, 6]], [&[0, 12, 5], &[0, 9, 6]]],
    },
    Variable {
        name: "signal_strength",
        values: &["uniform", "mixed"],
        counts: [[&[1, 46], &[1, 34]], [&[1, 22], &[0, 17]], [&[1, 16], &[0, 15]]],
    },
    Variable {
        name: "t1_signal",
        values: &["low", "mixed", "high"],
        counts: [[&[26, 18, 3], &[19, 14, 2]], [&[13, 8, 2], &[8, 6, 3]], [&[9, 7, 1], &[8, 6, 1]]],
    },
    Variable {
        name: "t2_signal",
        values: &["low", "mixed", "high"],
        counts: [[&[2, 9, 36], &[1, 11, 23]], [&[0, 6, 17], &[0, 3, 14]], [&[1, 3, 13], &[0, 5, 10]]],
    },
    // No variable of the paper, and the same in every group of one role: where the tumour lies.
    Variable {
        name: "depth",
        values: &["deep", "superficial"],
        counts: [[&[36, 11], &[27, 8]], [&[18, 5], &[13, 4]], [&[13, 4], &[11, 4]]],
    },
];

const LOCATIONS: [&str; 6] = ["thigh", "thigh", "thigh", "calf", "upper arm", "buttock"];

fn group(seed: u64, role: usize, outcome: usize) -> Vec<Patient> {
    let stream = &mut Stream::of(seed, role * 2 + outcome, GROUP);
    let sizes = sizes(stream, SIZE[role][outcome]);
    let n = sizes.len();
    let (mean, deviation) = AGE[role][outcome];
    let ages = stream.spread(n);
    let shift = SHIFT.map(|s| s * STRENGTH[role] * outcome as f64);
    let planted = [stream.spread(n), stream.spread(n)];
    let columns: Vec<Vec<&'static str>> = VARIABLES.iter().map(|v| column(stream, v, role, outcome)).collect();
    let mut second: Vec<bool> = (0..n).map(|i| role == 0 && i < SECOND_READER).collect();
    stream.shuffle(&mut second);
    let patient = |i: usize| {
        let mut clinical: Vec<_> = VARIABLES.iter().zip(&columns).map(|(v, column)| (v.name, column[i])).collect();
        clinical.push(("location", stream.pick(&LOCATIONS)));
        Patient {
            number: 0,
            id: String::new(),
            role: ROLES[role],
            metastasis: outcome == 1,
            age: (mean + deviation * ages[i]).round().clamp(16.0, 90.0) as u32,
            size_cm: sizes[i],
            clinical,
            irregularity: planted[0][i] + shift[0],
            heterogeneity: planted[1][i] + shift[1],
            second_reader: second[i],
        }
    };
    (0..n).map(patient).collect()
}

/// Largest diameters, cm: 5.0 to 9.5 with the smaller more likely, and 3.0 to 4.9.
fn sizes(stream: &mut Stream, [large, small]: [usize; 2]) -> Vec<f64> {
    let tenths = |cm: f64| (cm * 10.0).floor() / 10.0;
    let mut sizes: Vec<f64> = (0..large).map(|_| tenths(5.0 + 4.6 * stream.unit() * stream.unit().sqrt())).collect();
    sizes.extend((0..small).map(|_| tenths(stream.between(3.0, 5.0))));
    stream.shuffle(&mut sizes);
    sizes
}

fn column(stream: &mut Stream, variable: &Variable, role: usize, outcome: usize) -> Vec<&'static str> {
    let counts = variable.counts[role][outcome];
    let mut column: Vec<_> = variable.values.iter().zip(counts).flat_map(|(v, n)| vec![*v; *n]).collect();
    stream.shuffle(&mut column);
    column
}
