//! Forest plot: an odds ratio a row, with its interval, on a logarithmic axis.

use crate::page::{Axis, Datum, Guide, Mark, Plot, Series};

/// One row: the logarithm of the odds ratio and of its limits; a limit may be infinite.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    pub name: String,
    pub estimate: f64,
    pub lower: f64,
    pub upper: f64,
}

/// Odds ratios that the axis marks where it reaches them.
const MARKS: [f64; 13] = [1e-4, 1e-3, 0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 10.0, 100.0, 1000.0];

/// Rows of a forest that does not stand whole on 24 rows: its marks stand above it too, since those below are out of sight.
const LONG: usize = 12;

/// What the lines beside the estimates are.
const INTERVAL: &str = "95 % interval";

/// The first effect stands at the top; those without an estimate are left out. An interval without an end runs to the border;
/// as data every row is the odds ratio with its limits, infinite ones too.
pub fn forest(title: &str, effects: &[Effect]) -> Plot {
    let effects: Vec<&Effect> = effects.iter().filter(|e| e.estimate.is_finite()).collect();
    let ends = effects.iter().flat_map(|e| [e.estimate, e.lower, e.upper]).map(decimal);
    let mut x = Axis::around("odds ratio", ends.chain([-0.35, 0.35])).padded(0.05);
    x.ticks = MARKS
        .iter()
        .map(|odds| (odds.log10(), odds.to_string()))
        .filter(|(at, _)| (x.low..=x.high).contains(at))
        .collect();
    x.decades = true;
    let y = Axis::of_categories("", &effects.iter().map(|e| e.name.as_str()).collect::<Vec<_>>());
    let row = |i: usize| (effects.len() - i) as f64;
    let (low, high) = (x.low, x.high);
    let top = (effects.len() > LONG).then(|| Axis { label: String::new(), ..x.clone() });
    let mut plot = Plot::new(title, x, y).guide(Guide::Vertical(0.0, String::new()));
    plot.top = top;
    for (i, effect) in effects.iter().enumerate() {
        let at = |log: f64| (decimal(log).clamp(low, high), row(i));
        let ends = vec![at(effect.lower), at(effect.upper)];
        // The estimate's row of the data holds its limits.
        plot = plot.series(Series::new(INTERVAL, Mark::Line, ends).saying(Vec::new()).faint());
    }
    let points = effects.iter().enumerate().map(|(i, e)| (decimal(e.estimate), row(i))).collect();
    let datum = |e: &&Effect| Datum {
        of: e.name.clone(),
        x: e.estimate.exp(),
        y: f64::NAN,
        lower: e.lower.exp(),
        upper: e.upper.exp(),
    };
    plot.series(Series::new("odds ratio", Mark::Dots, points).saying(effects.iter().map(datum).collect()))
}

/// From a natural logarithm to the one of base ten, on which odds ratios are read.
fn decimal(log: f64) -> f64 {
    log * std::f64::consts::LOG10_E
}
