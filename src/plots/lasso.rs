//! The two figures of a LASSO: cross-validated loss, and the coefficients along the path.

use crate::page::{Axis, Guide, Mark, Plot, Series};
use crate::stats::lasso::{Cv, Loss, Path};

/// A factor of ten as a difference of natural logarithms.
const DECADE: f64 = std::f64::consts::LN_10;

/// How many counts stand above the panel.
const COUNTS: usize = 9;

/// Of `n` patients: mean loss with one standard error against log lambda, both lambdas as guides and the one the line gives,
/// the number of features above.
pub fn lasso_error(cv: &Cv, n: usize, given: Option<f64>) -> Plot {
    let log: Vec<f64> = cv.path.lambda.iter().map(|l| l.ln()).collect();
    let limits: Vec<(f64, f64)> = cv.mean.iter().zip(&cv.se).map(|(m, s)| (m - s, m + s)).collect();
    let points = log.iter().copied().zip(cv.mean.iter().copied()).collect();
    let label = match cv.loss {
        Loss::Deviance => "binomial deviance",
        Loss::Class => "misclassified",
        Loss::Auc => "AUC within folds",
        Loss::AucPooled => "AUC of all held out",
        Loss::Mse => "squared error",
        Loss::Mae => "absolute error",
    };
    let y = Axis::around(label, limits.iter().flat_map(|(a, b)| [*a, *b]));
    let x = Axis::around("log lambda", log.iter().copied()).padded(0.03);
    let plot = Plot::new(format!("Cross-validation (n = {n})"), x, y)
        .series(Series::new("mean, 1 se", Mark::Dots, points).within(limits))
        .guide(Guide::Vertical(log[cv.min], "min".into()))
        .guide(Guide::Vertical(log[cv.one_se], "1se".into()))
        .top("features", counts(&cv.path, &log, |_| true));
    given.into_iter().fold(plot, |plot, lambda| plot.guide(Guide::Vertical(lambda.ln(), "given".into())))
}

/// Coefficients against log lambda; those that are chosen at `lambda` are drawn with their name. The window reaches a decade
/// below `lambda` and holds their curves: further down, where most coefficients are large, nothing could be seen of them.
pub fn lasso_path(path: &Path, names: &[String], lambda: f64) -> Plot {
    let log: Vec<f64> = path.lambda.iter().map(|l| l.ln()).collect();
    let chosen = path.at(lambda).chosen();
    let mut used: Vec<usize> = path.models.iter().flat_map(|m| m.coefficients.iter().map(|c| c.0)).collect();
    used.sort_unstable();
    used.dedup();
    let curve = |j: usize| -> Vec<(f64, f64)> {
        let at = |m: &crate::stats::lasso::Model| m.coefficients.iter().find(|c| c.0 == j).map_or(0.0, |c| c.1);
        log.iter().copied().zip(path.models.iter().map(at)).collect()
    };
    let curves: Vec<(usize, Vec<(f64, f64)>)> = used.into_iter().map(|j| (j, curve(j))).collect();
    let (kept, others): (Vec<_>, Vec<_>) = curves.into_iter().partition(|(j, _)| chosen.iter().any(|c| c.0 == *j));
    let seen = |log: &f64| *log >= lambda.ln() - DECADE;
    let within = kept.iter().flat_map(|(_, c)| c.iter().filter(|p| seen(&p.0)).map(|p| p.1));
    let y = Axis::around("coefficient", within.chain([0.0])).padded(0.1);
    let x = Axis::around("log lambda", log.iter().copied().filter(seen)).padded(0.03);
    let mut plot = Plot::new("Coefficient paths", x, y);
    for (j, curve) in others {
        let curve = Series::new("", Mark::Line, curve).faint();
        plot = plot.series(curve.of(std::iter::repeat(names[j].as_str())));
    }
    for (j, curve) in kept {
        plot = plot.series(Series::new(names[j].clone(), Mark::Line, curve));
    }
    plot.guide(Guide::Vertical(lambda.ln(), "chosen".into())).top("features", counts(path, &log, seen))
}

fn counts(path: &Path, log: &[f64], seen: impl Fn(&f64) -> bool) -> Vec<(f64, String)> {
    let counts: Vec<(f64, usize)> = log.iter().copied().zip(path.sizes()).filter(|(l, _)| seen(l)).collect();
    let every = counts.len().div_ceil(COUNTS).max(1);
    counts.iter().step_by(every).map(|(l, n)| (*l, n.to_string())).collect()
}
