//! `nomogram`: signature and clinical factors in one model, drawn as scales of points.

use serde::{Deserialize, Serialize};

use super::coefficients;
use super::spec::{Command, Flag, Kind, Place, Reads, Spec, Step, World};
use crate::error::{Error, Result};
use crate::page::{Block, Page, Scale, Table, number};
use crate::stats::nomogram::{self, Kind as Enters, Nomogram as Figure, Variable};
use crate::study::{Design, Fitted, Interval, Method, Study, design};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Nomogram {
    terms: Vec<String>,
    fit: Option<Method>,
}

/// Probabilities that a scale of risk marks.
pub(super) const RISKS: [f64; 13] = [0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99];

/// Log odds that differ by less are equal but for the rounding of a fit, and points of them are as large as it is small.
const ROUNDING: f64 = 1e-9;

impl Command for Nomogram {
    const SPEC: Spec = Spec {
        name: "nomogram",
        summary: "signature and clinical factors in one model, drawn as scales of points",
        about: "Logistic regression of the outcome on the terms named (the signature, other models, clinical variables) in the \
                training patients; without names the signature and the variables of `clinical`. Points as rms' nomogram: \
                the term with the widest effect over its axis has 0 to 100 points, and total points add up to the linear \
                predictor. Each clinical factor is also kept as a model of its own, for `roc` and `decision` to compare. \
                `--fit firth` fits by Firth's penalised likelihood, which stays finite where a term separates the outcome: \
                p-values and intervals are then of the penalised profile likelihood, as R's logistf, and the AIC that of \
                the plain likelihood at the estimates. The likelihood ratio test of each term is that of all its columns, as \
                R's drop1, and of the whole model that against the intercept, as anova.",
        place: Place::Step(10),
        flags: &[
            Flag::rest("terms", Kind::Term, "models and clinical variables"),
            Flag::named("fit", Kind::Choice(&["ml", "firth"]), "maximum likelihood, or Firth's penalised one"),
        ],
        examples: &["nomogram signature margin", "nomogram signature margin --fit firth"],
    };

    fn reads(&self) -> Reads {
        Reads::terms(&self.terms, Reads::Terms(vec!["signature".into(), "clinical".into()]))
    }

    fn run(&self, world: &World<'_>) -> Result<Step> {
        let study = world.study;
        study.need_outcome("nomogram")?;
        let terms = self.terms(study)?;
        let method = self.fit.unwrap_or_default();
        let Built { design, fitted, figure } = built(study, "nomogram", &terms, method)?;
        let by = if method == Method::Firth { Interval::Profile } else { Interval::Wald };
        let mut page = page(&design, &fitted, &figure, &design.limits(study, &fitted, by)?);
        let events = super::events(study, &fitted.rows);
        super::clinical::whole(&mut page, &design, &design.whole(study, &fitted)?);
        page = overall(page, &fitted, events);
        page = coefficients::referred(page, &design.references());
        page.cautions = design.cautions(&fitted, "nomogram", "nomogram's model", events);
        page.cautions.extend(super::chosen(study, &terms));
        page = super::clinical::preselected(study, &terms)?.into_iter().fold(page, Page::text);
        if terms.iter().any(|t| t == "signature") {
            page = super::frozen(page, study);
        }
        if method == Method::Firth {
            page = page
                .text("Each clinical variable alone, for `roc` and `decision`, is fitted by Firth's likelihood too.");
        }
        let mut next = study.clone();
        for (name, _) in &design.terms {
            let alone = std::slice::from_ref(name);
            if study.models().all(|m| m.name != *name && m.variables != alone) {
                let single = self::design(study, "nomogram", alone)?;
                next = next.with_model(single.model(name, &single.fit(study, "nomogram", method)?));
            }
        }
        Ok(Step::Advance(next.with_model(design.model("nomogram", &fitted)), page))
    }
}

impl Nomogram {
    fn terms(&self, study: &Study) -> Result<Vec<String>> {
        if !self.terms.is_empty() {
            return Ok(self.terms.clone());
        }
        study.need_model("nomogram", "signature")?;
        let clinical = study.models().find(|m| m.name == "clinical");
        let mut terms = vec!["signature".to_string()];
        terms.extend(clinical.iter().flat_map(|m| m.variables.iter().cloned()));
        Ok(terms)
    }
}

/// The model of a nomogram and its figure.
pub(super) struct Built {
    pub design: Design,
    pub fitted: Fitted,
    pub figure: Figure,
}

/// Fit the terms in the training patients by `method` and lay out the figure.
///
/// # Errors
/// A term that is not there, no outcome, and a model without any effect.
pub(super) fn built(study: &Study, command: &str, terms: &[String], method: Method) -> Result<Built> {
    let design = design(study, command, terms)?;
    let fitted = design.fit(study, command, method)?;
    not_told_apart(&design, &fitted)?;
    let known: Vec<f64> = fitted.fit.coef.iter().map(|b| if b.is_nan() { 0.0 } else { *b }).collect();
    let figure = nomogram::nomogram(&known, &variables(&design, &fitted), design.matrix(&fitted.rows).view());
    if figure.widest().is_nan() || figure.widest() < ROUNDING {
        let why = "no term has an effect: it predicts the same for all (rms has NaN for the points)";
        return Err(Error::Undefined { what: "the nomogram".into(), why: why.into() });
    }
    Ok(Built { design, fitted, figure })
}

/// Refuse a term that the terms before it already say in full: it would be drawn as a scale without points.
fn not_told_apart(design: &Design, fitted: &Fitted) -> Result<()> {
    let aliased = |t: usize| design.span(t).all(|j| fitted.fit.coef[j + 1].is_nan());
    let Some(t) = (0..design.terms.len()).find(|t| !design.span(*t).is_empty() && aliased(*t)) else { return Ok(()) };
    let expected = match t {
        0 => "it has one value in all training patients; leave it out",
        _ => "in the training patients it follows from the terms before it, or has one value; leave it out",
    };
    Err(Error::BadValue { what: "a term".into(), given: design.terms[t].0.clone(), expected: expected.into() })
}

fn variables(design: &Design, fitted: &Fitted) -> Vec<Variable> {
    let of = |(t, (name, _)): (usize, &(String, usize))| {
        let first = design.span(t).start;
        let level = |(i, level): (usize, &String)| (level.clone(), i.checked_sub(1).map(|i| first + i));
        let kind = match design.levels[t].as_slice() {
            [] => {
                let training = fitted.rows.iter().map(|i| design.columns[first][*i]).collect();
                Enters::Numeric { column: first, training }
            }
            levels => Enters::Factor { levels: levels.iter().enumerate().map(level).collect() },
        };
        Variable { name: name.clone(), kind }
    };
    design.terms.iter().enumerate().map(of).collect()
}

fn page(design: &Design, fitted: &Fitted, figure: &Figure, limits: &[(f64, f64)]) -> Page {
    let names = super::with_intercept(&design.names);
    let terms: Vec<&str> = design.terms.iter().map(|(n, _)| n.as_str()).collect();
    let headline = format!("{}, AIC {}", terms.join(" + "), number::significant(fitted.fit.aic, 5));
    // Points of a term without an estimate follow from wherever the iterations stop.
    let stopped = if fitted.fit.separated.is_some() { ", where R's iterations stop (no estimate)" } else { "" };
    let mut points = Table::new(format!("Points{stopped}")).left("term").right("value").right("points");
    let (mut axis, mut label, mut value) = (Vec::new(), Vec::new(), Vec::new());
    for a in &figure.axes {
        for tick in &a.ticks {
            points.row([a.name.clone(), tick.label.clone(), number::fixed(tick.points, 1)]);
            axis.push(&a.name);
            label.push(&tick.label);
            value.push(tick.points);
        }
    }
    let mut risks =
        Table::new(format!("Total points to probability{stopped}")).right("total points").right("probability");
    for risk in shown(figure) {
        risks.row([number::fixed(figure.total_at(risk), 1), format!("{risk}")]);
    }
    let title = if fitted.firth.is_some() { "Coefficients by Firth's penalised likelihood" } else { "Coefficients" };
    let labels = super::with_intercept(&design.labels());
    let mut page = Page::new("Nomogram", headline)
        .block(Block::Scales {
            title: format!("Nomogram{stopped} (n = {})", fitted.rows.len()),
            scales: scales(figure),
        })
        .table(coefficients::table(title, &labels, &fitted.fit, limits));
    page = coefficients::note(&labels, &fitted.fit, "nomogram").into_iter().fold(page, Page::text);
    page = page.table(points).table(risks);
    coefficients::values(&mut page, &names, &fitted.fit);
    let points = serde_json::json!({ "term": axis, "value": label, "points": value, "per_unit": figure.scale });
    page.value("points", points)
}

/// Of whom the model is, and the test that no term has an effect.
fn overall(page: Page, fitted: &Fitted, events: usize) -> Page {
    let (n, test) = (fitted.rows.len(), fitted.overall());
    let said = format!("chi-square {} on {} df, p {}", number::value(test.chi2), test.df, number::p(test.p));
    page.facts([
        ("training patients", format!("{n}, {events} with the event")),
        ("likelihood ratio of the whole", said),
    ])
    .value("n", n)
    .value("overall", serde_json::json!({ "chi2": test.chi2, "df": test.df, "p": test.p }))
}

fn scales(figure: &Figure) -> Vec<Scale> {
    let tens = (0..=10).map(|i| (f64::from(i) * 10.0, (i * 10).to_string())).collect();
    let mut scales = vec![Scale::new("Points", tens)];
    for axis in &figure.axes {
        scales.push(Scale::new(&axis.name, axis.ticks.iter().map(|t| (t.points, t.label.clone())).collect()));
    }
    let total = figure.total.iter().map(|t| (*t, format!("{t}"))).collect();
    scales.push(Scale::of_total("Total points", total));
    let risks = shown(figure).map(|r| (figure.total_at(r), format!("{r}"))).collect::<Vec<_>>();
    if !risks.is_empty() {
        scales.push(Scale::of_total("Probability", risks));
    }
    scales
}

/// Risks that lie on the axis of total points.
fn shown(figure: &Figure) -> impl Iterator<Item = f64> + '_ {
    let most = figure.total.iter().copied().fold(0.0, f64::max);
    RISKS.into_iter().filter(move |r| (0.0..=most).contains(&figure.total_at(*r)))
}
