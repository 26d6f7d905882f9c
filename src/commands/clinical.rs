//! `clinical`: logistic regression of the clinical variables, one by one and together.

use serde::{Deserialize, Serialize};

use super::coefficients;
use super::spec::{Command, Flag, Judged, Kind, Place, Reads, Spec, Step, Tune, World};
use crate::caution::{Caution, counted};
use crate::cohort::Cohort;
use crate::error::{Error, Result};
use crate::num::summary;
use crate::page::{Page, Table, number};
use crate::plots::{self, Effect};
use crate::stats::logistic::LikelihoodRatio;
use crate::study::{Design, Fitted, Interval, Method, Study, design};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Clinical {
    variables: Vec<String>,
    below: f64,
    ignore: Option<String>,
    ci: Option<Interval>,
    fit: Method,
}

impl Default for Clinical {
    fn default() -> Self {
        Self { variables: Vec::new(), below: 0.05, ignore: None, ci: None, fit: Method::Ml }
    }
}

/// What the tests of the variables together do not know.
const CHOSEN: &str = "p-values and intervals together take these variables as given: their own p chose them in the same patients, so \
                      they are too small and too narrow, and describe.";

/// One variable on its own.
struct Single {
    design: Design,
    fitted: Fitted,
    /// The limits of its coefficients, the intercept's first.
    limits: Vec<(f64, f64)>,
    /// Wald's p of a single column, the likelihood ratio test's of a factor with more.
    p: f64,
}

impl Command for Clinical {
    const SPEC: Spec = Spec {
        name: "clinical",
        summary: "logistic regression of the clinical variables, one by one and together",
        about: "Univariable logistic regression of each variable named (when none is, of all but those of `--ignore a,b` \
                and a column of folds that `lasso` used) on the training patients with a value, then one multivariable model of those with p < BELOW: Wald's p of a number or a factor of \
                two levels, the likelihood ratio test's of a factor with more, which stays whole. Coefficients and \
                standard errors are those of R's glm; odds ratios of a unit with Wald's 95 % interval, and of a standard deviation, or by `--ci profile` with that \
                of the profile likelihood. Of the variables together each has the likelihood ratio test of all its columns, \
                as drop1. `--fit firth` fits by Firth's penalised likelihood, which stays finite where a variable separates \
                the outcome; its p-values are of the penalised likelihood ratio and its intervals of the penalised profile, \
                as R's logistf, unless `--ci wald` asks for Wald's. Where that profile has several peaks the limit is the highest \
                one's, and logistf's may be another's. Standard errors are those of R's brglm2.",
        place: Place::Step(9),
        flags: &[
            Flag::rest("variables", Kind::Term, "clinical variables; all when none is named"),
            Flag::named(
                "below",
                Kind::Number,
                "the univariable p under which a variable enters the multivariable model",
            )
            .tuned(Tune::Steps { by: 0.01, low: 0.0, high: 1.0 }),
            Flag::named("ignore", Kind::Term, "variables to leave out, with commas between them"),
            Flag::named(
                "ci",
                Kind::Choice(&["wald", "profile"]),
                "the intervals of odds ratios; Wald's unless given, of Firth's fit the profile's",
            ),
            Flag::named("fit", Kind::Choice(&["ml", "firth"]), "maximum likelihood, or Firth's penalised one"),
        ],
        examples: &["clinical", "clinical age margin --below 1", "clinical margin --fit firth --ci profile"],
    };

    fn reads(&self) -> Reads {
        if self.variables.is_empty() { Reads::Clinical } else { Reads::Cohort }
    }

    fn judged(&self) -> Option<Judged> {
        Some(Judged::Page("univariable", "variable_p"))
    }

    fn run(&self, world: &World<'_>) -> Result<Step> {
        let study = world.study;
        let cohort = study.need_cohort("clinical")?;
        study.need_outcome("clinical")?;
        let mut cautions = Vec::new();
        let names = self.names(study, cohort, &mut cautions)?;
        let mut singles = Vec::new();
        for name in &names {
            match self.single(study, name)? {
                Ok(single) => singles.push((name.clone(), single)),
                Err(why) => cautions.push(Caution::Undefined { why, features: vec![name.clone()] }),
            }
        }
        let chosen: Vec<String> = singles.iter().filter(|(_, s)| s.p < self.below).map(|(n, _)| n.clone()).collect();
        let mut page = univariable(&singles);
        let references: Vec<(&str, &str)> = singles.iter().flat_map(|(_, s)| s.design.references()).collect();
        page = coefficients::referred(page, &references);
        page.cautions.splice(0..0, cautions);
        let study = self.together(study, &chosen, &references, &mut page)?;
        Ok(Step::Advance(study, page))
    }
}

/// What a line of `clinical` did, for those who choose again by it.
pub(super) struct Choice {
    pub variables: Vec<String>,
    /// A variable enters where its p is below this.
    pub below: f64,
    pub method: Method,
}

/// The choice of a line with these settings in this study.
///
/// # Errors
/// Settings that are not those of `clinical`, and what stops `clinical` itself.
pub(super) fn choice(study: &Study, settings: serde_json::Value) -> Result<Choice> {
    let command: Clinical = serde_json::from_value(settings)
        .map_err(|e| Error::Syntax { why: format!("the line of `clinical` above: {e}") })?;
    let variables = command.names(study, study.need_cohort("clinical")?, &mut Vec::new())?;
    Ok(Choice { variables, below: command.below, method: command.fit })
}

/// That `clinical` chose some of these terms by their p, where the line above it asked for a choice: as `stepwise` says it of
/// features.
///
/// # Errors
/// Those of reading the line.
pub(super) fn preselected(study: &Study, terms: &[String]) -> Result<Option<String>> {
    let Some(model) = study.models().find(|m| m.name == "clinical") else { return Ok(None) };
    let chosen: Vec<&str> = terms.iter().filter(|t| model.variables.contains(t)).map(String::as_str).collect();
    let mut asked = false;
    for line in study.fitted() {
        if let Some(run) = super::parse(line)?.filter(|run| run.spec().name == "clinical") {
            asked = run.values()["below"].as_f64().is_some_and(|below| below < 1.0);
        }
    }
    let said = format!(
        "p-values and intervals take {} as given: `clinical` chose among variables by their p in the same patients, so they are too \
         small and too narrow, and describe.",
        chosen.join(" and ")
    );
    Ok((asked && !chosen.is_empty()).then_some(said))
}

impl Clinical {
    /// The variables to try; of all, those that `lasso` took as folds are none, and that is said.
    fn names(&self, study: &Study, cohort: &Cohort, cautions: &mut Vec<Caution>) -> Result<Vec<String>> {
        let ignored: Vec<&str> = self.ignore.iter().flat_map(|i| i.split(',')).map(str::trim).collect();
        ignored.iter().try_for_each(|name| cohort.variable(name).map(|_| ()))?;
        let mut names = self.variables.clone();
        if names.is_empty() {
            let (all, notes) = super::usual_variables(study, cohort, &ignored);
            names = all;
            cautions.extend(notes);
        }
        if names.is_empty() {
            return Err(Error::NotYet {
                command: "clinical".into(),
                missing: "clinical variables".into(),
                remedy: "open the cohort with `--clinical TABLE.csv`".into(),
            });
        }
        let named = |n: &&str| self.variables.iter().any(|v| v == n);
        let idle =
            ignored.iter().copied().find(named).map(|n| format!("`{n}` is named to be tried; name it in one place"));
        let before = names.len();
        names.retain(|n| !ignored.contains(&n.as_str()));
        let why = idle
            .or_else(|| (before > 0 && names.is_empty()).then(|| "it leaves no variable to try; name fewer".into()));
        match (why, &self.ignore) {
            (Some(expected), Some(given)) => {
                Err(Error::BadValue { what: "`--ignore`".into(), given: given.clone(), expected })
            }
            _ => Ok(names),
        }
    }

    /// The univariable fit; the inner error says in words why there is none.
    fn single(&self, study: &Study, name: &str) -> Result<std::result::Result<Single, String>> {
        let design = match design(study, "clinical", &[name.to_string()]) {
            Ok(design) => design,
            Err(Error::Undefined { .. }) => {
                return Ok(Err("variables have a single level in training, and no model".into()));
            }
            Err(error) => return Err(error),
        };
        let fitted = match design.fit(study, "clinical", self.fit) {
            Ok(fitted) => fitted,
            Err(error) => return Ok(Err(format!("variables have no model ({error})"))),
        };
        if fitted.fit.rank < 2 {
            let x = design.matrix(&fitted.rows);
            let same = x.columns().into_iter().all(|column| column.iter().all(|v| *v == column[0]));
            return Ok(Err(match same {
                true => "variables are constant in training, and have no model".into(),
                false => "variables are so large beside their differences that R's glm too has no coefficient (NA); subtract a \
                          constant"
                    .into(),
            }));
        }
        let limits = design.limits(study, &fitted, self.interval())?;
        let p = if design.columns.len() == 1 { fitted.fit.p[1] } else { fitted.overall().p };
        Ok(Ok(Single { design, fitted, limits, p }))
    }

    /// Limits that go with the p-values, unless the line says otherwise.
    fn interval(&self) -> Interval {
        self.ci.unwrap_or(if self.fit == Method::Firth { Interval::Profile } else { Interval::Wald })
    }

    /// The multivariable model; `alone` are the reference levels of the univariable ones.
    fn together(&self, study: &Study, chosen: &[String], alone: &[(&str, &str)], page: &mut Page) -> Result<Study> {
        let tried = page.values.get("univariable").and_then(|v| v["variable"].as_array()).map_or(0, Vec::len);
        page.headline = format!(
            "{} -> {}",
            counted(tried, "variables"),
            if chosen.is_empty() { "none".into() } else { chosen.join(", ") }
        );
        if chosen.is_empty() {
            page.cautions.push(Caution::Note(format!(
                "no clinical variable has p < {}: there is no multivariable model",
                self.below
            )));
            return Ok(study.clone());
        }
        let together = design(study, "clinical", chosen)?;
        let fitted = together.fit(study, "clinical", self.fit)?;
        let names = super::with_intercept(&together.names);
        let limits = together.limits(study, &fitted, self.interval())?;
        let labels = super::with_intercept(&together.labels());
        let table = coefficients::table("Multivariable", &labels, &fitted.fit, &limits);
        page.blocks.push(crate::page::Block::Table(table));
        page.blocks.extend(coefficients::note(&labels, &fitted.fit, "clinical").map(crate::page::Block::Text));
        moved(page, &together, alone, fitted.rows.len());
        if self.below < 1.0 {
            page.blocks.push(crate::page::Block::Text(CHOSEN.into()));
        }
        whole(page, &together, &together.whole(study, &fitted)?);
        let effects = effects(&together, &fitted, &limits);
        page.blocks.push(crate::page::Block::Plot(plots::forest(
            &format!("Odds ratios, together (n = {})", fitted.rows.len()),
            &effects,
        )));
        let events = super::events(study, &fitted.rows);
        page.cautions.extend(together.cautions(&fitted, "clinical", "multivariable model", events));
        coefficients::values(page, &names, &fitted.fit);
        let side = |f: fn(&(f64, f64)) -> f64| limits.iter().map(|l| number::limit(f(l))).collect::<Vec<_>>().into();
        page.values.insert("lower".into(), side(|l| l.0));
        page.values.insert("upper".into(), side(|l| l.1));
        page.values.insert("n".into(), fitted.rows.len().into());
        Ok(study.with_model(together.model("clinical", &fitted)))
    }
}

/// That a factor has another reference together than alone: none of those with a value of every variable has its first level.
fn moved(page: &mut Page, together: &Design, alone: &[(&str, &str)], n: usize) {
    let others: Vec<(&str, &str)> = together.references().into_iter().filter(|r| !alone.contains(r)).collect();
    if others.is_empty() {
        return;
    }
    let (named, values) = coefficients::levels_of(&others);
    page.blocks.push(crate::page::Block::Text(format!(
        "Together the reference is {named}: none of the {n} patients with a value of every variable has the level before."
    )));
    page.values.insert("reference_together".into(), values.into());
}

/// Each variable of a model as a whole.
pub(super) fn whole(page: &mut Page, design: &Design, tests: &[LikelihoodRatio]) {
    let title = "Each variable as a whole, likelihood ratio test with the others kept";
    let mut table = Table::new(title).left("variable").right("chi-square").right("df").right("p");
    let mut values = Vec::new();
    for ((name, _), test) in design.terms.iter().zip(tests) {
        table.row([name.clone(), number::value(test.chi2), test.df.to_string(), number::p(test.p)]);
        values.push(serde_json::json!({ "variable": name, "chi2": test.chi2, "df": test.df, "p": test.p }));
    }
    page.blocks.push(crate::page::Block::Table(table));
    page.values.insert("whole".into(), values.into());
}

fn effects(design: &Design, fitted: &Fitted, limits: &[(f64, f64)]) -> Vec<Effect> {
    let effect = |(j, name): (usize, String)| {
        let (lower, upper) = limits[j + 1];
        Effect { name, estimate: coefficients::drawn(&fitted.fit, j + 1), lower, upper }
    };
    design.labels().into_iter().enumerate().map(effect).collect()
}

/// What the brackets of the univariable table are, where it has some.
fn separated(singles: &[(String, Single)]) -> Option<String> {
    let apart = |(_, s): &&(String, Single)| s.fitted.fit.separated.is_some();
    let names: Vec<String> = singles.iter().filter(apart).map(|(name, _)| format!("`{name}`")).collect();
    (!names.is_empty()).then(|| {
        format!(
            "Alone {} {} the outcome: there is no maximum likelihood estimate. In brackets is the p that R's glm prints, where \
             its iterations stop: of a number or a factor of two levels it is large however strong the effect, and by it they would \
             stay out; a factor of more levels goes by its likelihood ratio test. `clinical --fit firth` has finite estimates.",
            names.join(" and "),
            if names.len() == 1 { "separates" } else { "separate" }
        )
    })
}

/// The odds ratio of a standard deviation (n - 1) of a number in the patients fitted, as that of a unit says nothing where units
/// are small: exp(b sd). NaN for a level, for a number of two values one apart (as 0 and 1), whose unit is the step between them,
/// and where there is no estimate.
fn odds_per_sd(single: &Single, j: usize) -> f64 {
    if !single.design.levels[0].is_empty() {
        return f64::NAN;
    }
    let values: Vec<f64> = single.fitted.rows.iter().map(|i| single.design.columns[j][*i]).collect();
    let (low, high) = summary::range(&values);
    if high - low == 1.0 && values.iter().all(|v| *v == low || *v == high) {
        return f64::NAN;
    }
    (coefficients::drawn(&single.fitted.fit, j + 1) * summary::sd(&values)).exp()
}

fn univariable(singles: &[(String, Single)]) -> Page {
    let mut table = Table::new("Univariable").left("variable").right("n").right("odds ratio").right("95 % interval");
    table = table.right("per SD").right("p").right("p of the factor");
    let (mut variable, mut term, mut unsettled, mut per_sds) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut columns: [Vec<f64>; 5] = Default::default();
    for (name, single) in singles {
        let fit = &single.fitted.fit;
        let labels = single.design.labels();
        for (j, column) in single.design.names.iter().enumerate() {
            let (lower, upper) = single.limits[j + 1];
            let [odds, interval, p] = coefficients::odds(fit, j + 1, (lower, upper));
            let per_sd = odds_per_sd(single, j);
            let several = single.design.columns.len() > 1 && j == 0;
            table.row([
                labels[j].clone(),
                single.fitted.rows.len().to_string(),
                odds,
                interval,
                if per_sd.is_nan() { String::new() } else { number::value(per_sd) },
                p,
                if several { number::p(single.p) } else { String::new() },
            ]);
            variable.push(name);
            term.push(column);
            let numbers = [fit.coef[j + 1], fit.se[j + 1], fit.p[j + 1], lower, upper];
            per_sds.push(per_sd);
            unsettled.push(coefficients::without(fit)[j + 1]);
            columns.iter_mut().zip(numbers).for_each(|(column, number)| column.push(number));
        }
    }
    let entered: Vec<f64> = singles.iter().map(|(_, single)| single.p).collect();
    let counted: Vec<&String> = singles.iter().map(|(name, _)| name).collect();
    let [coef, se, p, lower, upper] = columns;
    let [lower, upper] = [lower, upper].map(|side| side.into_iter().map(number::limit).collect::<Vec<_>>());
    let patients = |(_, s): &(String, Single)| std::iter::repeat_n(s.fitted.rows.len(), s.design.names.len());
    let n: Vec<usize> = singles.iter().flat_map(patients).collect();
    let mut values = serde_json::json!({
        "variable": counted, "variable_p": entered, "of": variable, "term": term, "coef": coef, "se": se, "p": p,
        "lower": lower, "upper": upper, "n": n, "odds_ratio_per_sd": per_sds
    });
    if unsettled.contains(&true) {
        values["no_estimate"] = unsettled.into();
    }
    let effects: Vec<Effect> =
        singles.iter().flat_map(|(_, single)| effects(&single.design, &single.fitted, &single.limits)).collect();
    let mut page = Page::new("Clinical variables", "").table(table);
    page = separated(singles).into_iter().fold(page, Page::text);
    let sizes = || singles.iter().map(|(_, single)| single.fitted.rows.len());
    let n = match (sizes().min(), sizes().max()) {
        (Some(least), Some(most)) if least < most => format!("{least} to {most}"),
        (_, most) => most.unwrap_or(0).to_string(),
    };
    page =
        page.plot(plots::forest(&format!("Odds ratios, one by one (n = {n})"), &effects)).value("univariable", values);
    for (name, single) in singles {
        if single.fitted.fit.separated.is_some() {
            page = page.caution(Caution::Separation { what: format!("`{name}` alone"), command: "clinical" });
        }
    }
    page
}
