//! `calibrate`: how well predicted probabilities agree with what happened, in every cohort.

mod optimism;
mod said;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::spec::{Command, Flag, Kind, Place, Reads, Spec, Step, World};
use crate::caution::Caution;
use crate::error::{Error, Result};
use crate::num::smooth::Curve;
use crate::num::tails;
use crate::page::{Page, Table, number};
use crate::plots::{self, CalibrationCurve};
use crate::stats::bootstrap::{self, Band, Calibrated, Validated};
use crate::stats::calibration::{self, Brier, Distance, HosmerLemeshow, Recalibration};
use crate::stats::proportion;
use crate::study::Origin;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Calibrate {
    model: Option<String>,
    groups: u32,
    resamples: u32,
    seed: u32,
}

impl Default for Calibrate {
    fn default() -> Self {
        Self { model: None, groups: 10, resamples: 200, seed: 1 }
    }
}

/// Fewer patients than this do not carry a smooth curve.
const FEW: usize = 40;

/// One cohort's agreement.
struct Agreement {
    role: String,
    n: usize,
    /// Whether the model was fitted to these patients.
    fitted: bool,
    brier: Brier,
    line: Option<Recalibration>,
    curve: Curve,
    distance: Distance,
    test: Option<HosmerLemeshow>,
    band: Option<Band>,
}

impl Command for Calibrate {
    const SPEC: Spec = Spec {
        name: "calibrate",
        summary: "agreement of predicted probabilities with what happened",
        about: "For every role: intercept and slope of the outcome on logit p, calibration in the large, Brier score (scaled by \
                that of the event rate), Spiegelhalter's test, Hosmer-Lemeshow's test with the size of its groups and the \
                smallest expected count (under 5 its p is rough), its degrees of freedom the groups less 2 where the model was \
                fitted, as R's hoslem.test, and the groups elsewhere, where nothing was, and |prediction - smooth curve| over patients: mean (ICI), \
                median, 0.9 quantile, maximum. Drawn are the smooth curve (R's lowess with iter = 0 and f = 2/3, as rms), the logistic one, their 95 % band \
                over resamples of the patients, and the observed share in each group with Clopper-Pearson's 95 % interval. \
                In training curve and indexes are corrected for optimism by the bootstrap, as rms' calibrate and validate on \
                lrm of the model's terms, of a signature its z-scored features; a score of the lasso or of a file is judged as \
                it stands. `--resamples 0` leaves out all resampling. Without a name the last model.",
        place: Place::View,
        flags: &[
            Flag::first("model", Kind::Term, "a model or clinical variable; the last model when none is named"),
            Flag::named("groups", Kind::Whole, "groups of the Hosmer-Lemeshow test, 3 or more"),
            Flag::named("resamples", Kind::Whole, "bootstrap resamples for optimism in training and for the bands"),
            Flag::named("seed", Kind::Whole, "the seed of R's random numbers for the resamples"),
        ],
        examples: &["calibrate", "calibrate signature --resamples 0"],
    };

    fn reads(&self) -> Reads {
        Reads::terms(self.model.as_slice(), Reads::All)
    }

    fn is_slow(&self) -> bool {
        self.resamples > 0
    }

    fn run(&self, world: &World<'_>) -> Result<Step> {
        let cohort = world.study.need_cohort("calibrate")?;
        let outcome = world.study.need_outcome("calibrate")?;
        let named: Vec<String> = self.model.iter().cloned().collect();
        let models = super::models(world.study, "calibrate", &named)?;
        let model =
            models.last().ok_or_else(|| Error::TooFew { what: "calibrate, in models,".into(), needed: 1, got: 0 })?;
        let probability = model.probability();
        let most = cohort.roles().iter().map(|role| cohort.members(role).len()).max().unwrap_or(0);
        self.check(most)?;
        let mut page = Page::new(format!("Calibration of {}", model.name), "");
        let mut agreements = Vec::new();
        for role in cohort.roles() {
            let all = cohort.members(&role);
            let members = super::scored(std::slice::from_ref(model), &all);
            page.cautions.extend(super::unscored(&role, std::slice::from_ref(model), all.len() - members.len()));
            let p: Vec<f64> = members.iter().map(|i| probability[*i]).collect();
            let y = outcome.of(&members);
            if let Some(caution) = super::one_sided(&role, &y) {
                page.cautions.push(caution);
                continue;
            }
            let mut agreement = self.agreement(world, &role.name, &p, &y, &mut page)?;
            agreement.fitted = role.training && model.origin != Origin::File;
            agreements.push(agreement);
        }
        let optimism = match optimism::optimism(self, world, model)? {
            None => None,
            Some(Ok(found)) => Some(found),
            Some(Err(why)) => {
                page = page.text(format!("Training, corrected for optimism: NA ({why})."));
                page = page.value("validated", serde_json::Value::Null).value("corrected", serde_json::Value::Null);
                None
            }
        };
        if let Some(why) = optimism::left_out(model.origin).filter(|_| self.resamples > 0) {
            page = page.text(format!("No table of optimism: {why}."));
        }
        if optimism.is_some()
            && let Some(why) = optimism::separated(world.study, model)?
        {
            page = page.value("no_estimate", true).text(why);
        }
        page.cautions.extend(optimism::caution(world.study, model, optimism.is_some()));
        page.cautions.extend(super::unsettled(std::slice::from_ref(model)));
        let training = cohort.roles().into_iter().find(|r| r.training).map(|r| r.name);
        Ok(Step::Show(assemble(page, &agreements, optimism.as_ref(), training.as_deref())))
    }
}

impl Calibrate {
    /// One resample has no interval; two groups leave the Hosmer-Lemeshow test no degree of freedom, and more groups than
    /// patients are mostly empty.
    fn check(&self, most: usize) -> Result<()> {
        const FEWEST: usize = 3;
        let idle = self.resamples == 0 && self.seed != Self::default().seed;
        super::effective(&[(idle, "seed", "nothing is drawn with `--resamples 0`")])?;
        if self.resamples == 1 {
            let expected = "one resample has no interval; give 2 or more, or 0 for none".to_string();
            return Err(Error::BadValue { what: "`--resamples`".into(), given: "1".into(), expected });
        }
        if (FEWEST..=most.max(FEWEST)).contains(&(self.groups as usize)) {
            return Ok(());
        }
        Err(Error::BadValue {
            what: "`--groups`".into(),
            given: self.groups.to_string(),
            expected: format!("from {FEWEST} to {most}, the patients of the largest cohort"),
        })
    }

    fn agreement(&self, world: &World<'_>, role: &str, p: &[f64], y: &[bool], page: &mut Page) -> Result<Agreement> {
        let mut small = |why: String| page.cautions.push(Caution::Small { role: role.into(), n: p.len(), why });
        let line = calibration::recalibrate(p, y).map_err(|error| small(format!("no calibration line: {error}"))).ok();
        line.iter().flat_map(said::of_line).for_each(&mut small);
        let test = calibration::hosmer_lemeshow(p, y, self.groups as usize);
        let test = test.map_err(|error| small(error.to_string())).ok();
        test.iter().filter_map(said::of_test).for_each(&mut small);
        let curve = calibration::curve(p, y);
        let band = match self.resamples {
            0 => None,
            count => {
                let resamples = bootstrap::resamples(p.len(), count as usize, super::seed(self.seed)?);
                Some(bootstrap::band(p, y, &resamples, 0.95, world.task)?)
            }
        };
        if p.len() < FEW {
            band.iter().filter_map(|band| said::of_band(band, self.resamples)).for_each(&mut small);
        }
        // Last, since a reader of the curve alone is told the last.
        if p.len() < FEW {
            small("too few for a smooth calibration curve; read intercept, slope and groups".into());
        }
        let (brier, distance) = (calibration::brier(p, y), calibration::distance(p, &curve));
        Ok(Agreement { role: role.into(), n: p.len(), fitted: true, brier, line, curve, distance, test, band })
    }
}

impl Agreement {
    fn line(&self, f: fn(&Recalibration) -> f64) -> f64 {
        self.line.as_ref().map_or(f64::NAN, f)
    }

    fn test(&self, f: fn(&HosmerLemeshow) -> f64) -> f64 {
        self.test.as_ref().map_or(f64::NAN, f)
    }

    /// Degrees of freedom and p of the Hosmer-Lemeshow test as the page has them; `hl_df` and `hl_p` are those of hoslem.test.
    fn judged(&self) -> (f64, f64) {
        let of = |t: &HosmerLemeshow| if self.fitted { (t.df, t.p) } else { t.elsewhere() };
        self.test.as_ref().map(of).map_or((f64::NAN, f64::NAN), |(df, p)| (df as f64, p))
    }

    /// Intercept, slope and calibration in the large, each with its standard error.
    fn lines(&self) -> [(&'static str, f64, f64); 3] {
        [
            ("intercept", self.line(|l| l.intercept), self.line(|l| l.intercept_se)),
            ("slope", self.line(|l| l.slope), self.line(|l| l.slope_se)),
            ("in_the_large", self.line(|l| l.large), self.line(|l| l.large_se)),
        ]
    }

    fn values(&self) -> serde_json::Value {
        let (brier, apart) = (&self.brier, &self.distance);
        let mut values = json!({
            "role": self.role, "n": self.n,
            "brier": brier.score, "brier_scaled": brier.scaled, "spiegelhalter_z": brier.z, "spiegelhalter_p": brier.p,
            "ici": apart.mean, "e50": apart.median, "e90": apart.q90, "emax": apart.max,
            "hl_chi2": number::limit(self.test(|t| t.chi2)), "hl_df": self.test(|t| t.df as f64), "hl_p": self.test(|t| t.p),
            "hl_df_shown": self.judged().0, "hl_p_shown": self.judged().1,
            "hl_smallest_expected": self.test(HosmerLemeshow::smallest_expected),
            "hl_groups": self.test.iter().flat_map(|t| &t.groups).map(|g| {
                json!({ "n": g.n, "observed": g.observed, "expected": g.expected })
            }).collect::<Vec<_>>()
        });
        if let Some(dropped) = self.line.map(|l| l.dropped).filter(|dropped| *dropped > 0) {
            values["without_logit"] = json!(dropped);
        }
        for (name, estimate, se) in self.lines() {
            let (lower, upper) = wald(estimate, se);
            values[name] = json!(estimate);
            values[format!("{name}_lower")] = json!(lower);
            values[format!("{name}_upper")] = json!(upper);
        }
        values
    }

    /// The drawn curves: of few patients the groups and the logistic curve alone.
    fn drawn(&self) -> Vec<CalibrationCurve> {
        let groups = self.test.as_ref().map(shares).unwrap_or_default();
        let mut smooth = CalibrationCurve { name: "lowess".into(), groups, ..CalibrationCurve::default() };
        let mut logistic = CalibrationCurve { name: "logistic".into(), ..CalibrationCurve::default() };
        if self.n >= FEW {
            smooth.smooth = zip(&self.curve.x, &self.curve.y);
            smooth.band = self.band.as_ref().map(|b| limits(b, &b.smooth)).unwrap_or_default();
        }
        if let Some(line) = &self.line {
            logistic.smooth = self.curve.x.iter().map(|p| (*p, line.at(*p))).collect();
            if self.n < FEW {
                logistic.band = self.band.as_ref().map(|b| limits(b, &b.logistic)).unwrap_or_default();
            }
        }
        vec![smooth, logistic]
    }

    fn curves(&self) -> serde_json::Value {
        let logistic: Vec<f64> =
            self.curve.x.iter().map(|p| self.line.as_ref().map_or(f64::NAN, |l| l.at(*p))).collect();
        let mut curves = json!({ "predicted": self.curve.x, "observed": self.curve.y, "logistic": logistic });
        if let Some(band) = &self.band {
            let side = |limits: &[(f64, f64)], f: fn(&(f64, f64)) -> f64| limits.iter().map(f).collect::<Vec<f64>>();
            curves["band"] = json!({
                "predicted": band.predicted,
                "lowess_lower": side(&band.smooth, |l| l.0), "lowess_upper": side(&band.smooth, |l| l.1),
                "logistic_lower": side(&band.logistic, |l| l.0), "logistic_upper": side(&band.logistic, |l| l.1)
            });
        }
        curves
    }
}

/// Mean prediction, observed share and its interval in each group.
fn shares(test: &HosmerLemeshow) -> Vec<(f64, f64, (f64, f64))> {
    let used = test.groups.iter().filter(|g| g.n > 0);
    used.map(|g| {
        let n = g.n as f64;
        (g.expected / n, g.observed as f64 / n, proportion::clopper_pearson(g.observed, g.n, 0.95))
    })
    .collect()
}

fn wald(estimate: f64, se: f64) -> (f64, f64) {
    let reach = tails::normal_quantile(0.975) * se;
    (estimate - reach, estimate + reach)
}

fn zip(x: &[f64], y: &[f64]) -> Vec<(f64, f64)> {
    x.iter().copied().zip(y.iter().copied()).collect()
}

/// The limits of a band, where it has any.
fn limits(band: &Band, limits: &[(f64, f64)]) -> Vec<(f64, f64, f64)> {
    let all = band.predicted.iter().zip(limits).map(|(p, l)| (*p, l.0, l.1));
    all.filter(|l| !l.1.is_nan()).collect()
}

fn assemble(
    mut page: Page,
    agreements: &[Agreement],
    optimism: Option<&(Calibrated, Validated)>,
    training: Option<&str>,
) -> Page {
    let slope = |a: &Agreement| format!("{} {}", a.role, number::significant(a.line(|l| l.slope), 3));
    page.headline = format!("slope {}", agreements.iter().map(slope).collect::<Vec<_>>().join(", "));
    page = page.table(line_table(agreements)).table(score_table(agreements)).table(test_table(agreements));
    for a in agreements.iter().filter(|a| a.n < FEW) {
        let grouped = a.test.as_ref().is_some_and(|t| t.groups.iter().any(|g| g.n > 0));
        page = page.text(said::of_few(&a.role, a.n, grouped, !a.line(|l| l.slope).is_nan()));
    }
    let mut curves = serde_json::Map::new();
    for a in agreements {
        curves.insert(a.role.clone(), a.curves());
        let mut drawn = a.drawn();
        if let (Some((c, _)), true) = (optimism, Some(a.role.as_str()) == training) {
            let smooth = zip(&c.predicted, &c.corrected);
            drawn.push(CalibrationCurve { name: "corrected".into(), smooth, ..CalibrationCurve::default() });
        }
        page = page.plot(plots::calibration(&format!("Calibration, {} (n = {})", a.role, a.n), drawn));
    }
    page = page.value("rows", agreements.iter().map(Agreement::values).collect::<Vec<_>>()).value("curve", curves);
    match optimism {
        Some((curve, indexes)) => optimism::corrected(page, curve, indexes),
        None => page,
    }
}

fn line_table(agreements: &[Agreement]) -> Table {
    let mut table = Table::new("Calibration line, with 95 % intervals").left("role").right("n");
    table = table.right("in the large").right("interval").right("intercept").right("interval");
    table = table.right("slope").right("interval");
    for a in agreements {
        let mut row = vec![a.role.clone(), a.n.to_string()];
        let [intercept, slope, large] = a.lines();
        for (_, estimate, se) in [large, intercept, slope] {
            let (lower, upper) = wald(estimate, se);
            row.push(number::estimate(estimate, se));
            row.push(super::limits(lower, upper));
        }
        table.row(row);
    }
    table
}

fn score_table(agreements: &[Agreement]) -> Table {
    let mut table = Table::new("Distance from the outcome, and of the smooth curve from the prediction").left("role");
    for name in ["Brier", "scaled", "Spiegelhalter z", "p", "ICI", "E50", "E90", "Emax"] {
        table = table.right(name);
    }
    for a in agreements {
        let (b, d) = (&a.brier, &a.distance);
        let shares = [b.score, b.scaled].map(number::share);
        let test = [number::value(b.z), number::p(b.p)];
        let apart = [d.mean, d.median, d.q90, d.max].map(number::share);
        table.row(std::iter::once(a.role.clone()).chain(shares).chain(test).chain(apart));
    }
    table
}

fn test_table(agreements: &[Agreement]) -> Table {
    let table =
        Table::new("Hosmer-Lemeshow").left("role").right("chi-square (df)").right("p").right("p of R (groups - 2)");
    let mut table = table.right("group sizes").right("smallest expected");
    for a in agreements {
        let sizes: Vec<String> =
            a.test.iter().flat_map(|t| &t.groups).filter(|g| g.n > 0).map(|g| g.n.to_string()).collect();
        table.row([
            a.role.clone(),
            a.test
                .as_ref()
                .filter(|t| !t.chi2.is_nan())
                .map_or("NA".into(), |t| format!("{} ({})", number::value(t.chi2), a.judged().0)),
            number::p(a.judged().1),
            number::p(a.test(|t| t.p)),
            sizes.join(" "),
            number::value(a.test(HosmerLemeshow::smallest_expected)),
        ]);
    }
    table
}
