//! `extract`: scans and masks to features.

use serde::{Deserialize, Serialize};

use super::spec::{Command, Flag, Kind, Place, Spec, Step, Tune, World};
use crate::caution::Caution;
use crate::error::{Error, Result};
use crate::features::{Profile, Settings};
use crate::page::{Page, Table};
use crate::study::{Extraction, FeatureSet, extract};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Extract {
    params: String,
    spacing: Option<f64>,
    bin_width: Option<f64>,
    profile: Profile,
    single_bin: SingleBin,
    jobs: u32,
}

/// What becomes of images in which every region falls into one grey level.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum SingleBin {
    /// Their features are kept and take no part in selection.
    Refuse,
    /// They take part like all others.
    Keep,
}

/// More threads than any server has cores only cost memory.
pub(super) const MOST_JOBS: u32 = 1024;

impl Default for Extract {
    fn default() -> Self {
        Self {
            params: "paper-1967".into(),
            spacing: None,
            bin_width: None,
            profile: Profile::PyRadiomics,
            single_bin: SingleBin::Refuse,
            jobs: 0,
        }
    }
}

impl Command for Extract {
    const SPEC: Spec = Spec {
        name: "extract",
        summary: "compute the features of every scan and mask of the cohort",
        about: "Features of PyRadiomics 3.0.1, equal to it in value, name and order. `--params` is a preset or a \
                PyRadiomics parameter file (YAML or JSON). Runs on all cores; each finished scan is kept under the \
                content of image and mask, the label and the settings, so a second run is instant and a run that was \
                stopped resumes. A scan that fails is listed with its cause, and the others go on. Where the bins put every \
                region of an image into one grey level, its features are marked and take no part in selection, unless \
                `--single-bin keep` is given; `advise` proposes better bins.",
        place: Place::Step(2),
        flags: &[
            Flag::named("params", Kind::Params, "a preset, or a PyRadiomics parameter file"),
            Flag::named("spacing", Kind::Number, "resample to cubes of this side, mm, whatever the parameters say"),
            Flag::named("bin-width", Kind::Number, "the width of the bins of every image, whatever the parameters say")
                .within(0.0, f64::INFINITY)
                .tuned(Tune::Steps { by: 1.0, low: 1.0, high: 200.0 }),
            Flag::named(
                "profile",
                Kind::Choice(&["pyradiomics", "ibsi"]),
                "whose definitions count where they differ (bin origin, axis lengths, kurtosis)",
            ),
            Flag::named(
                "single-bin",
                Kind::Choice(&["refuse", "keep"]),
                "whether features of images with a single grey level take part in selection",
            ),
            Flag::named("jobs", Kind::Whole, "threads; 0 is one a core"),
        ],
        examples: &[
            "extract --params original-107",
            "extract --params mr --spacing 3",
            "extract --params paper-1967 --single-bin keep",
        ],
    };

    fn is_slow(&self) -> bool {
        true
    }

    fn run(&self, world: &World<'_>) -> Result<Step> {
        let cohort = world.study.need_cohort("extract")?;
        if self.jobs > MOST_JOBS {
            return Err(Error::BadValue {
                what: "`--jobs`".into(),
                given: self.jobs.to_string(),
                expected: format!("at most {MOST_JOBS} threads, or 0 for one a core"),
            });
        }
        let settings = super::settings_of(world, &self.params)?.with_profile(self.profile);
        let spacing = above_zero(self.spacing, "spacing", "a number of millimetres above 0")?;
        let width = above_zero(self.bin_width, "bin-width", "a number above 0")?;
        let settings = spacing.into_iter().fold(settings, Settings::with_spacing);
        let settings = width.into_iter().fold(settings, Settings::with_bin_width);
        let extraction = Extraction {
            cohort,
            settings: &settings,
            source: format!("extracted with {}", self.params),
            cache: world.cache,
            jobs: self.jobs as usize,
        };
        let (mut set, cautions) = extract(&extraction, world.task)?;
        if self.single_bin == SingleBin::Keep {
            set.single_bin.clear();
        }
        let mut page = super::features::page(&set, cohort);
        page.title = "Extraction".into();
        page.headline.push_str(&format!(", {} failed", set.failures.len()));
        page = failures(&set, page).value("n_failed", set.failures.len());
        page.cautions.extend(cautions);
        page.cautions.extend(settings.remarks.iter().cloned().map(Caution::Note));
        page = refused(&set, page);
        if let Some(width) = settings.bin_width() {
            page = page.value("bin_width_at", width);
        }
        Ok(Step::Advance(world.study.with_features(set), page))
    }
}

fn above_zero(given: Option<f64>, flag: &str, expected: &str) -> Result<Option<f64>> {
    match given {
        Some(value) if !(value > 0.0 && value.is_finite()) => {
            let (what, given) = (format!("`--{flag}`"), value.to_string());
            Err(Error::BadValue { what, given, expected: expected.into() })
        }
        given => Ok(given),
    }
}

/// Says which features take no part in selection.
fn refused(set: &FeatureSet, mut page: Page) -> Page {
    let refused = (0..set.names.len()).filter(|j| set.is_single_bin(*j)).count();
    if refused > 0 {
        let images = set.single_bin.join(", ");
        page.headline.push_str(&format!(", {refused} of single-bin images set aside"));
        page = page.caution(Caution::Note(format!(
            "{refused} features of {images} take no part in selection; `extract --single-bin keep` lets them"
        )));
    }
    page.value("n_set_aside", refused).value("single_bin", &set.single_bin)
}

fn failures(set: &FeatureSet, mut page: Page) -> Page {
    if !set.failures.is_empty() {
        let mut table =
            Table::new("Scans without features").left("patient").left("reader").left("cause").left("remedy");
        for f in &set.failures {
            table.row([f.patient.clone(), f.reader.to_string(), f.cause.clone(), f.error.remedy()]);
        }
        page = page.table(table);
    }
    let mut reasons: Vec<(&str, Vec<String>)> = Vec::new();
    for u in &set.undefined {
        let cell = format!("{} of {} (reader {})", u.feature, u.patient, u.reader);
        match reasons.iter_mut().find(|(r, _)| *r == u.reason) {
            Some((_, cells)) => cells.push(cell),
            None => reasons.push((u.reason, vec![cell])),
        }
    }
    for (reason, features) in reasons {
        page = page.caution(Caution::Undefined { why: format!("values are undefined ({reason})"), features });
    }
    page
}
