//! `stepwise`: logistic regression of the chosen features by AIC.

use ndarray::Axis;
use serde::{Deserialize, Serialize};

use super::coefficients;
use super::spec::{Command, Flag, Kind, Place, Spec, Step, Tune, World};
use crate::caution::{Caution, counted};
use crate::error::{Error, Result};
use crate::page::{Page, Table, number};
use crate::stats::firth;
use crate::stats::logistic;
use crate::stats::scale::{self, Scaling};
use crate::stats::stepwise::{self, Change, Criterion, Direction, Options, Term};
use crate::study::{FeatureSet, Fit, Method, Origin, Stage};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Stepwise {
    direction: Direction,
    start: Start,
    criterion: Criterion,
    fit: Method,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Start {
    /// Empty for forward, full for the others.
    #[default]
    Usual,
    Full,
    Empty,
}

/// The search, and the columns and scaling it ran on.
struct Search {
    found: stepwise::Stepwise,
    scaling: Scaling,
    /// Of the tested features, those that took part.
    columns: Vec<usize>,
    /// The features of its last model that have a coefficient, and those that depend linearly on the ones before them.
    selected: Vec<usize>,
    copies: Vec<usize>,
    /// The last model: that of the search, or Firth's of the same features.
    fit: logistic::Fit,
    /// The limits of its coefficients, the intercept's first: Wald's, of Firth's fit those of the penalised profile.
    limits: Vec<(f64, f64)>,
}

/// Of intervals.
const LEVEL: f64 = 0.95;

impl Command for Stepwise {
    const SPEC: Spec = Spec {
        name: "stepwise",
        summary: "logistic regression of the chosen features by AIC or BIC",
        about: "Maximum likelihood on z-scored features of the training patients, as R's MASS::stepAIC: every single drop \
                and addition is tried, the smallest AIC = deviance + 2 x coefficients is taken, until none is smaller. \
                `both` and `backward` start with all features, `forward` with none; `--start empty` begins `both` \
                with none. A feature that depends linearly on others in the model leaves before anything else is tried, of \
                twins the later one. `--criterion bic` takes log n for the 2, as step(k = log(n)). Standard errors are those of \
                R's glm, intervals Wald's. `--fit firth` fits the features found once more with Firth's penalty, for an outcome \
                they separate; p-values and intervals are then of the penalised profile likelihood, as R's logistf.",
        place: Place::Step(7),
        flags: &[
            Flag::named("direction", Kind::Choice(&["both", "backward", "forward"]), "which moves are tried")
                .tuned(Tune::Choices),
            Flag::named("start", Kind::Choice(&["usual", "full", "empty"]), "the first model"),
            Flag::named("criterion", Kind::Choice(&["aic", "bic"]), "what is made small").tuned(Tune::Choices),
            Flag::named("fit", Kind::Choice(&["ml", "firth"]), "how the features found are fitted"),
        ],
        examples: &["stepwise --direction both", "stepwise --direction forward --criterion bic"],
    };

    fn run(&self, world: &World<'_>) -> Result<Step> {
        let set = world.study.need_features("stepwise")?;
        self.check()?;
        let tested = world.study.kept();
        let search = self.search(world, set, &tested)?;
        let (fit, selected) = (&search.fit, &search.selected);
        let coef = |j: usize| match search.columns.iter().position(|c| *c == j) {
            None => f64::NAN,
            Some(t) if search.copies.contains(&t) => f64::NAN,
            Some(t) => selected.iter().position(|s| *s == t).map_or(0.0, |i| fit.coef[i + 1]),
        };
        let pick = |v: &[f64]| selected.iter().map(|t| v[*t]).collect::<Vec<f64>>();
        let stage = Stage {
            step: "stepwise",
            column: None,
            kept: selected.iter().map(|t| search.columns[*t]).collect(),
            found: vec![("coef", tested.iter().map(|j| coef(*j)).collect())],
            tested,
            fit: Some(Fit {
                origin: Origin::Fit(self.fit),
                separated: fit.separated.is_some(),
                intercept: fit.coef[0],
                coef: fit.coef[1..].to_vec(),
                mean: pick(&search.scaling.mean),
                sd: pick(&search.scaling.sd),
            }),
        };
        let (training, _) = world.study.training("stepwise")?;
        let n = (training.len(), super::events(world.study, &training));
        let mut page = self.page(set, &stage, &search);
        page = page.facts([("training patients", format!("{}, {} with the event", n.0, n.1))]).value("n", n.0);
        page.cautions.extend(set.unfitted(&stage.tested, &training));
        page.cautions.extend(super::without_features(world.study, "stepwise")?);
        Ok(Step::Advance(world.study.with_stage(stage), page))
    }
}

impl Stepwise {
    fn search(&self, world: &World<'_>, set: &FeatureSet, tested: &[usize]) -> Result<Search> {
        let outcome = world.study.need_outcome("stepwise")?;
        let (training, _) = world.study.training("stepwise")?;
        let rows = set.matrix.select(Axis(0), &training);
        let columns: Vec<usize> = tested.iter().copied().filter(|j| set.unfit(*j, &training).is_none()).collect();
        if columns.is_empty() {
            return Err(Error::TooFew { what: "stepwise, in features,".into(), needed: 1, got: 0 });
        }
        let most = training.len().saturating_sub(2);
        let start = self.start(columns.len());
        if start.len() > most {
            return Err(Error::Undefined {
                what: format!("the full model of {} on {}", counted(columns.len(), "features"), counted(training.len(), "patients")),
                why: "there are too few patients for so many coefficients; choose features by `lasso` first, or `--start empty`".into(),
            });
        }
        let x = rows.select(Axis(1), &columns);
        let names = super::names(set, &columns);
        let scaling = scale::fit(x.view(), &names)?;
        let x = scale::apply(&scaling, x.view());
        let events = outcome.of(&training);
        let term = |(i, name): (usize, &String)| Term { name: name.clone(), columns: vec![i] };
        let terms: Vec<Term> = names.iter().enumerate().map(term).collect();
        let criterion = self.criterion;
        let options = Options { direction: self.direction, start, criterion, fit: logistic::Options::default() };
        let found = stepwise::select(x.view(), &events, &terms, &options, world.task)?;
        let has_coef =
            |t: &usize| found.selected.iter().position(|s| s == t).is_some_and(|i| !found.fit.coef[i + 1].is_nan());
        let (selected, copies): (Vec<usize>, Vec<usize>) = found.selected.iter().copied().partition(has_coef);
        let last = || x.select(Axis(1), &selected);
        let wald = |fit: logistic::Fit| {
            let limits = (0..fit.coef.len()).map(|j| fit.wald(j, LEVEL)).collect();
            (fit, limits)
        };
        let (fit, limits) = match self.fit {
            Method::Ml if copies.is_empty() => wald(found.fit.clone()),
            Method::Ml => wald(logistic::fit(last().view(), &events, logistic::Options::default())?),
            Method::Firth => {
                let firth = firth::fit(last().view(), &events, LEVEL)?;
                (firth.fit, firth.limits)
            }
        };
        Ok(Search { found, scaling, columns, selected, copies, fit, limits })
    }

    /// A first model from which the direction has no move.
    fn check(&self) -> Result<()> {
        let (start, direction) = (self.start, self.direction);
        super::effective(&[
            (
                start == Start::Full && direction == Direction::Forward,
                "start full",
                "`--direction forward` adds features, and the full model has them all; take `--direction both`",
            ),
            (
                start == Start::Empty && direction == Direction::Backward,
                "start empty",
                "`--direction backward` drops features, and the empty model has none; take `--direction both`",
            ),
        ])
    }

    fn start(&self, n: usize) -> Vec<usize> {
        match (self.start, self.direction) {
            (Start::Empty, _) | (Start::Usual, Direction::Forward) => Vec::new(),
            _ => (0..n).collect(),
        }
    }
}

impl Stepwise {
    fn page(&self, set: &FeatureSet, stage: &Stage, search: &Search) -> Page {
        let fit = &search.fit;
        let names = super::with_intercept(&super::names(set, &stage.kept));
        let (label, reached) = match self.criterion {
            Criterion::Aic => ("AIC", fit.aic),
            Criterion::Bic => ("BIC", fit.bic),
        };
        let tail = format!(", {label} {}", number::significant(reached, 5));
        let [trace, tried] = traces(set, search, label);
        let title = match self.fit {
            Method::Ml => "Coefficients, on z-scored features",
            Method::Firth => "Coefficients by Firth's penalised likelihood, on z-scored features",
        };
        let mut page = super::funnel(stage, "Stepwise logistic regression", &tail).table(coefficients::table(
            title,
            &names,
            fit,
            &search.limits,
        ));
        page = coefficients::note(&names, fit, "stepwise").into_iter().fold(page, Page::text);
        page = search.idle(set).into_iter().fold(page.text(CHOSEN), Page::text);
        let limits = |side: fn(&(f64, f64)) -> f64| -> Vec<_> {
            search.limits[1..].iter().map(|l| number::limit(side(l))).collect()
        };
        page = page
            .table(trace)
            .table(tried)
            .value("selected", &names[1..])
            .value("intercept", fit.coef[0])
            .value("coef", &fit.coef[1..])
            .value("se", &fit.se[1..])
            .value("p", &fit.p[1..])
            .value("aic", fit.aic);
        if fit.separated.is_some() {
            page = page.value("no_estimate", &coefficients::without(fit)[1..]);
            page = page.caution(Caution::Separation { what: "the chosen features".into(), command: "stepwise" });
        } else if search.found.fit.separated.is_some() {
            let note = "the search compared likelihoods without the penalty, which separation inflates";
            page = page.caution(Caution::Note(note.into()));
        }
        if self.fit == Method::Firth {
            page = page.value("lower", limits(|l| l.0)).value("upper", limits(|l| l.1));
            page = page.text(format!(
                "p-values and intervals are of the penalised profile likelihood. The search goes by the {label} of maximum likelihood, which the trace holds; the headline's is that of the plain \
                 likelihood at Firth's estimates, and larger, for they are not at its maximum."
            ));
        }
        if !search.copies.is_empty() {
            let copies: Vec<usize> = search.copies.iter().map(|t| search.columns[*t]).collect();
            let why = "features depend linearly on earlier ones, have no coefficient and do not stay".to_string();
            page = page.caution(Caution::Undefined { why, features: super::names(set, &copies) });
        }
        page
    }
}

impl Search {
    /// The features that left because they add no degree of freedom.
    fn idle(&self, set: &FeatureSet) -> Option<String> {
        let pairs = self.found.steps.windows(2).filter(|pair| pair[0].rank == pair[1].rank);
        let name = |change| match change {
            Some(Change::Drop(t)) => Some(format!("`{}`", set.names[self.columns[t]])),
            _ => None,
        };
        let names: Vec<String> = pairs.filter_map(|pair| name(pair[1].change)).collect();
        (!names.is_empty()).then(|| {
            let verb = if names.len() == 1 { "depends" } else { "depend" };
            format!(
                "Left before anything else was tried, as in R: {}, which {verb} linearly on the features before and took no degree \
                 of freedom.",
                names.join(", ")
            )
        })
    }
}

/// What the tests of a chosen model do not know.
const CHOSEN: &str = "p-values and intervals take these features as given: the same outcome chose them, so they are too small and \
                      too narrow, and describe.";

/// The moves taken, and all that were tried from each model.
fn traces(set: &FeatureSet, search: &Search, label: &str) -> [Table; 2] {
    let name = |t: usize| set.names[search.columns[t]].as_str();
    let said = |change: Change| match change {
        Change::Drop(t) => format!("- {}", name(t)),
        Change::Add(t) => format!("+ {}", name(t)),
    };
    let mut trace = Table::new("Trace").left("move").right("deviance").right(label);
    let mut tried = Table::new("Moves tried from each model").left("after").left("move").right("deviance").right(label);
    for step in &search.found.steps {
        let taken = step.change.map_or_else(|| "start".to_string(), said);
        for candidate in &step.candidates {
            let [deviance, value] = [candidate.deviance, candidate.aic].map(|v| number::significant(v, 6));
            tried.row([taken.clone(), said(candidate.change), deviance, value]);
        }
        trace.row([taken, number::significant(step.deviance, 6), number::significant(step.aic, 6)]);
    }
    [trace, tried]
}
