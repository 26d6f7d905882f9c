//! `show`: what the notebook holds at this point.

pub(super) mod image;

use serde::{Deserialize, Serialize};

use super::spec::{Command, Flag, Kind, Place, Reads, Spec, Step, World};
use crate::caution::counted;
use crate::error::{Error, Result};
use crate::page::{Page, Table, number};
use crate::study::Stage;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Show {
    what: What,
    name: Vec<String>,
    patient: Option<String>,
    slice: Option<u32>,
    params: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum What {
    #[default]
    Funnel,
    Cohort,
    Features,
    Failures,
    Models,
    Image,
}

impl Command for Show {
    const SPEC: Spec = Spec {
        name: "show",
        summary: "the funnel, the cohort, all features, failed scans, the models or an image of a scan",
        about: "`show funnel` gives how many features each step kept; `show features` every feature with what each step \
                found of it and the step that dropped it; `show failures` the scans without features and why; `show \
                cohort` the patients; `show models` the models with their terms; `show \
                image NAME --patient ID` a slice of a patient's scan, as it is (`original`) or filtered under the name \
                its columns begin with, with the outlines of both readers' masks.",
        place: Place::View,
        flags: &[
            Flag::first(
                "what",
                Kind::Choice(&["funnel", "cohort", "features", "failures", "models", "image"]),
                "what to show",
            ),
            Flag::rest("name", Kind::Image, "the image, for `show image`"),
            Flag::named("patient", Kind::Patient, "whose image"),
            Flag::named("slice", Kind::Whole, "which slice, from 1; the one with most of the tumour when not given"),
            Flag::named(
                "params",
                Kind::Params,
                "the preset or parameter file that makes the image; paper-1967 when not given",
            ),
        ],
        examples: &["show funnel", "show features", "show models", "show image wavelet-LLH --patient P001"],
    };

    fn reads(&self) -> Reads {
        if self.what == What::Cohort { Reads::Cohort } else { Reads::All }
    }

    fn is_slow(&self) -> bool {
        self.what == What::Image
    }

    fn run(&self, world: &World<'_>) -> Result<Step> {
        let flags = [
            ("`--patient`", self.patient.is_some()),
            ("`--slice`", self.slice.is_some()),
            ("`--params`", self.params.is_some()),
            ("a name", !self.name.is_empty()),
        ];
        let idle = flags.into_iter().find(|(_, given)| *given && self.what != What::Image);
        if let Some((flag, _)) = idle {
            let expected = format!("{flag} is for `show image`");
            return Err(Error::BadValue { what: "this line".into(), given: super::args::line(self), expected });
        }
        let page = match self.what {
            What::Funnel => funnel(world)?,
            What::Cohort => cohort(world)?,
            What::Features => features(world)?,
            What::Failures => failures(world)?,
            What::Models => models(world)?,
            What::Image => image::page(&self.asked()?, world)?,
        };
        Ok(Step::Show(page))
    }
}

impl Show {
    fn asked(&self) -> Result<image::Asked<'_>> {
        let name = match self.name.as_slice() {
            [] => "original",
            [name] => name,
            more => {
                let expected = "one image at a time".to_string();
                return Err(Error::BadValue { what: "the image".into(), given: more.join(" "), expected });
            }
        };
        let (patient, params) = (self.patient.as_deref(), self.params.as_deref());
        Ok(image::Asked { name, patient, slice: self.slice, params, greys: None })
    }
}

fn funnel(world: &World<'_>) -> Result<Page> {
    let set = world.study.need_features("show")?;
    let mut table = Table::new("").left("step").right("in").right("kept");
    let mut counts = vec![set.names.len()];
    let set_aside = (0..set.names.len()).filter(|j| set.is_single_bin(*j)).count();
    if set_aside > 0 {
        counts.push(set.names.len() - set_aside);
        table.row(["(single grey level)".to_string(), counts[0].to_string(), counts[1].to_string()]);
    }
    for stage in world.study.stages() {
        table.row([stage.step.to_string(), stage.tested.len().to_string(), stage.kept.len().to_string()]);
        counts.push(stage.kept.len());
    }
    let headline = counts.iter().map(ToString::to_string).collect::<Vec<_>>().join(" -> ");
    Ok(Page::new("Funnel", headline).table(table).value("counts", counts))
}

fn cohort(world: &World<'_>) -> Result<Page> {
    let cohort = world.study.need_cohort("show")?;
    let mut table = Table::new("").left(&cohort.id).left("role");
    if let Some(outcome) = &cohort.outcome {
        table = table.right(&outcome.name);
    }
    for variable in &cohort.clinical {
        table = table.left(&variable.name);
    }
    for (i, patient) in cohort.patients.iter().enumerate() {
        let mut row = vec![patient.id.clone(), patient.role.name.clone()];
        row.extend(cohort.outcome.as_ref().map(|o| u8::from(o.events[i]).to_string()));
        row.extend(cohort.clinical.iter().map(|v| v.text(i)));
        table.row(row);
    }
    Ok(Page::new("Patients", counted(cohort.patients.len(), "patients")).table(table).value("patient", cohort.ids()))
}

fn features(world: &World<'_>) -> Result<Page> {
    let set = world.study.need_features("show")?;
    let stages: Vec<&Stage> = world.study.stages().collect();
    let mut table = Table::new("").left("feature");
    for stage in &stages {
        for (name, _) in &stage.found {
            table = table.right(&format!("{} {name}", stage.step));
        }
    }
    table = table.left("dropped by");
    for (j, name) in set.names.iter().enumerate() {
        let mut row = vec![name.clone()];
        for stage in &stages {
            let at = stage.tested.binary_search(&j).ok().or_else(|| stage.tested.iter().position(|t| *t == j));
            row.extend(stage.found.iter().map(|(_, v)| at.map(|i| number::value(v[i])).unwrap_or_default()));
        }
        let dropped = stages.iter().find(|s| s.tested.contains(&j) && !s.kept.contains(&j));
        row.push(dropped.map(|s| s.step.to_string()).unwrap_or_default());
        table.row(row);
    }
    let kept = world.study.kept();
    let headline = format!("{}, {} kept", counted(set.names.len(), "features"), kept.len());
    Ok(Page::new("Features", headline).table(table).value("kept", super::names(set, &kept)))
}

fn failures(world: &World<'_>) -> Result<Page> {
    let set = world.study.need_features("show")?;
    let mut table = Table::new("").left("patient").left("reader").left("cause").left("remedy");
    for f in &set.failures {
        table.row([f.patient.clone(), f.reader.to_string(), f.error.to_string(), f.error.remedy()]);
    }
    let page = Page::new("Failed scans", format!("{} failed", set.failures.len()));
    Ok(page.table(table).value("patient", set.failures.iter().map(|f| &f.patient).collect::<Vec<_>>()))
}

fn models(world: &World<'_>) -> Result<Page> {
    world.study.need_cohort("show")?;
    let mut table = Table::new("").left("model").left("term").right("coefficient");
    for model in world.study.models() {
        // A logit, whose unit stands in for its standard error: under 1e-8 it changes no probability.
        table.row([model.name.clone(), "(intercept)".into(), number::estimate(model.intercept, 1.0)]);
        for term in &model.terms {
            table.row([model.name.clone(), term.name.clone(), number::value(term.coef)]);
        }
    }
    let names: Vec<&str> = world.study.models().map(|m| m.name.as_str()).collect();
    let headline = if names.is_empty() { "no model yet".to_string() } else { names.join(", ") };
    Ok(Page::new("Models", headline).table(table).value("model", names))
}
