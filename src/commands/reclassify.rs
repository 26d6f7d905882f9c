//! `reclassify`: what a second model changes in the risks of a first, as IDI and NRI in parts.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::spec::{Command, Flag, Kind, Place, Reads, Spec, Step, World};
use crate::caution::Caution;
use crate::error::{Error, Result};
use crate::page::{Page, Table, number};
use crate::stats::reclassification::{self as re, ByCategory, Idi, Nri};
use crate::stats::risk;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Reclassify {
    models: Vec<String>,
    cuts: String,
}

impl Default for Reclassify {
    fn default() -> Self {
        Self { models: Vec::new(), cuts: "0.5".into() }
    }
}

/// What one cohort says.
struct Found {
    idi: Idi,
    continuous: Nri,
    categories: ByCategory,
}

impl Command for Reclassify {
    const SPEC: Spec = Spec {
        name: "reclassify",
        summary: "IDI and NRI of a second model against a first, in parts",
        about: "In every cohort, of the patients with both risks: IDI = mean change of risk in events less that in others, with \
                Hmisc's standard error; NRI = share of events that move up less that move down, plus the share of others that \
                move down less that move up, for any change of risk and between the categories that `--cuts` bounds (a risk at \
                a cut, or within 1e-6 of it in the logit, is above it). Both intervals take the variance observed, and so does the test of any change, as Hmisc's \
                improveProb; the test between categories takes the variance where nobody gains, as Pencina. Parts are given apart, for their sum has no unit. Without names: the first model against the last.",
        place: Place::View,
        flags: &[
            Flag::rest("models", Kind::Term, "the first and the second model"),
            Flag::named("cuts", Kind::Word, "bounds of the risk categories, as 0.3,0.6"),
        ],
        examples: &["reclassify margin nomogram", "reclassify signature nomogram --cuts 0.3,0.6"],
    };

    fn reads(&self) -> Reads {
        Reads::terms(&self.models, Reads::All)
    }

    fn run(&self, world: &World<'_>) -> Result<Step> {
        let cohort = world.study.need_cohort("reclassify")?;
        let outcome = world.study.need_outcome("reclassify")?;
        let cuts = self.cuts()?;
        let models = super::models(world.study, "reclassify", &self.models)?;
        let (first, second) = match models.as_slice() {
            [first, second] => (first, second),
            [first, .., second] if self.models.is_empty() => (first, second),
            other => {
                let names: Vec<&str> = other.iter().map(|m| m.name.as_str()).collect();
                let expected = "name two models, as in `reclassify margin nomogram`".to_string();
                return Err(Error::BadValue { what: "the models".into(), given: names.join(" "), expected });
            }
        };
        let both = [first.clone(), second.clone()];
        let (before, after) = (first.probability(), second.probability());
        let mut page = Page::new(format!("From {} to {}", first.name, second.name), "");
        let (mut table, mut rows, mut said) = (results(), Vec::new(), Vec::new());
        let mut moves = Vec::new();
        for role in cohort.roles() {
            let all = cohort.members(&role);
            let members = super::scored(&both, &all);
            page.cautions.extend(super::unscored(&role, &both, all.len() - members.len()));
            let pick = |p: &[f64]| members.iter().map(|i| p[*i]).collect::<Vec<f64>>();
            let y = outcome.of(&members);
            if let Some(caution) = super::one_sided(&role, &y) {
                page = page.caution(caution);
                continue;
            }
            let (a, b) = (pick(&before), pick(&after));
            let idi = match re::idi(&a, &b, &y) {
                Ok(idi) => idi,
                Err(why) => {
                    page = page.caution(Caution::Small { role: role.name.clone(), n: y.len(), why: why.to_string() });
                    continue;
                }
            };
            if role.training {
                page.cautions.extend(super::optimistic(format!("every change in {}", role.name), both.iter()));
            }
            let found = Found {
                idi,
                continuous: re::continuous(&a, &unmoved(&a, &b), &y),
                categories: re::by_category(&settled(&a, &cuts), &settled(&b, &cuts), &y, &cuts),
            };
            page.cautions.extend(found.one_way(&role.name, y.len()));
            found.rows(&role.name).into_iter().for_each(|row| table.row(row));
            moves.push(found.moves(&role.name, &cuts));
            said.push(format!("{} {}", role.name, number::value(found.idi.value)));
            rows.push(found.values(&role.name));
        }
        page.headline = format!("IDI of {} over {}: {}", second.name, first.name, said.join(", "));
        page = page.table(table).caution(Caution::Note(CAVEAT.into()));
        page = moves.into_iter().fold(page, Page::table);
        Ok(Step::Show(page.value("rows", rows)))
    }
}

/// Risks at a cut but for rounding are at it.
fn settled(risks: &[f64], cuts: &[f64]) -> Vec<f64> {
    risks.iter().map(|r| risk::settled(*r, cuts)).collect()
}

/// The second risks, those that differ from the first by rounding alone as the first.
fn unmoved(first: &[f64], second: &[f64]) -> Vec<f64> {
    first.iter().zip(second).map(|(a, b)| risk::settled(*b, &[*a])).collect()
}

/// What their critics found, in two sentences.
const CAVEAT: &str = "IDI and NRI can be large for a marker that adds nothing, the more the worse a model is calibrated, and \
                      their tests say so too seldom; judge an addition by `nomogram`'s likelihood ratio, `calibrate` and \
                      `decision`";

impl Reclassify {
    fn cuts(&self) -> Result<Vec<f64>> {
        let cuts: Option<Vec<f64>> = self.cuts.split(',').map(|c| c.trim().parse().ok()).collect();
        let fits = |cuts: &Vec<f64>| {
            cuts.iter().all(|c| *c > 0.0 && *c < 1.0) && cuts.windows(2).all(|pair| pair[0] < pair[1])
        };
        cuts.filter(fits).ok_or_else(|| Error::BadValue {
            what: "`--cuts`".into(),
            given: self.cuts.clone(),
            expected: "ascending risks between 0 and 1 are expected, as 0.3,0.6".into(),
        })
    }
}

fn results() -> Table {
    let table = Table::new("Improvement").left("role").left("index").right("value").right("95 % interval");
    table.right("p").right("in events").right("in others")
}

impl Found {
    fn rows(&self, role: &str) -> Vec<[String; 7]> {
        let reach = crate::num::tails::normal_quantile(0.975) * self.idi.se;
        let idi = [
            role.to_string(),
            "IDI".into(),
            number::value(self.idi.value),
            super::limits(self.idi.value - reach, self.idi.value + reach),
            number::p(self.idi.p),
            number::value(self.idi.events),
            number::value(self.idi.others),
        ];
        let nri = |name: &str, nri: Nri, (_, p): (f64, f64)| {
            let (lower, upper) = nri.interval(0.95);
            [
                role.to_string(),
                name.to_string(),
                number::value(nri.value()),
                super::limits(lower, upper),
                number::p(p),
                number::value(nri.events.net()),
                number::value(-nri.others.net()),
            ]
        };
        let (any, between) = (self.continuous, self.categories.nri);
        vec![idi, nri("NRI, any change", any, any.test()), nri("NRI, categories", between, between.null_test())]
    }

    /// That all risks of a group go one way, so that the index is taken for certain.
    fn one_way(&self, role: &str, n: usize) -> Option<Caution> {
        (self.continuous.se() == 0.0).then(|| Caution::Small {
            role: role.into(),
            n,
            why:
                "the risks of all events move one way, and those of all others: the standard error of NRI is 0 by its \
                  formula, so its interval has no width and its p no meaning"
                    .into(),
        })
    }

    /// Patients by category before and after, events and others.
    fn moves(&self, role: &str, cuts: &[f64]) -> Table {
        let mut table =
            Table::new(format!("{role}: patients by category of risk, before (rows) and after")).left("group");
        table = table.left("before");
        let bound = |i: usize| match (i.checked_sub(1).map(|b| cuts[b]), cuts.get(i)) {
            (None, Some(high)) => format!("< {high}"),
            (Some(low), Some(high)) => format!("{low} to {high}"),
            (Some(low), None) => format!(">= {low}"),
            (None, None) => String::new(),
        };
        for i in 0..=cuts.len() {
            table = table.right(&bound(i));
        }
        for (group, counts) in [("events", &self.categories.event_table), ("others", &self.categories.other_table)] {
            for (i, row) in counts.iter().enumerate() {
                let cells = row.iter().map(ToString::to_string);
                table.row([group.to_string(), bound(i)].into_iter().chain(cells));
            }
        }
        table
    }

    fn values(&self, role: &str) -> serde_json::Value {
        let nri = |nri: Nri, (z, p): (f64, f64)| {
            let (lower, upper) = nri.interval(0.95);
            json!({ "value": nri.value(), "events": nri.events.net(), "others": -nri.others.net(), "se": nri.se(),
                    "lower": lower, "upper": upper, "z": z, "p": p })
        };
        json!({
            "role": role,
            "idi": self.idi.value, "idi_events": self.idi.events, "idi_others": self.idi.others,
            "idi_se": self.idi.se, "idi_z": self.idi.z, "idi_p": self.idi.p,
            "nri": nri(self.continuous, self.continuous.test()),
            "nri_categories": nri(self.categories.nri, self.categories.nri.null_test()),
        })
    }
}
