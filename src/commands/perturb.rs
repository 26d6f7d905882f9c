//! `perturb`: replicates of each mask, where no second reader drew one.

use serde::{Deserialize, Serialize};

use super::spec::{Command, Flag, Kind, Place, Spec, Step, World};
use crate::caution::{Caution, counted};
use crate::cohort::Cohort;
use crate::error::{Error, Result};
use crate::features::Settings;
use crate::image::{self, Extent, Mask};
use crate::num::{rng::Rng, summary};
use crate::page::{Block, Page, Picture, Table, number};
use crate::plots;
use crate::study::{FeatureSet, Perturbation, Replicate, perturb};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Perturb {
    replicates: u32,
    patients: u32,
    rotation: f64,
    shift: f64,
    volume: f64,
    contour: f64,
    seed: u32,
    jobs: u32,
}

impl Default for Perturb {
    fn default() -> Self {
        Self { replicates: 4, patients: 30, rotation: 5.0, shift: 1.0, volume: 0.1, contour: 1.0, seed: 1, jobs: 0 }
    }
}

/// Each replicate is a matrix of the size of the features.
const MOST: u32 = 100;

impl Command for Perturb {
    const SPEC: Spec = Spec {
        name: "perturb",
        summary: "make replicates of the masks, where no second reader drew one",
        about: "Each mask of training patients drawn by the seed is rotated (about the axis of the slices), shifted, grown or \
                shrunk to a share of its volume, and its contour moved by a smooth random field, each by a random amount up \
                to the one given; the replicates are extracted like the masks, through the same cache, and stand as further \
                readers for `icc`. After the chain of Zwanenburg et al. 2019 (rotation, translation, volume, contour), with \
                the scan left as it is and a random field in place of their supervoxels: with phi the signed distance to the \
                mask's border, the replicate is the voxels lowest in phi(moved back) + CONTOUR x field, as many as the volume \
                asks. Equal masks and seeds give equal replicates, whatever the threads. It tells how features bear a moved \
                outline, which is less than what two readers differ in.",
        place: Place::Step(3),
        flags: &[
            Flag::named("replicates", Kind::Whole, "replicates of each mask"),
            Flag::named("patients", Kind::Whole, "how many training patients; 0 is all"),
            Flag::named("rotation", Kind::Number, "rotation up to this angle either way, degrees"),
            Flag::named("shift", Kind::Number, "shift along each axis up to this either way, mm"),
            Flag::named("volume", Kind::Number, "volume added or taken away, up to this share"),
            Flag::named("contour", Kind::Number, "standard deviation of the contour's displacement, mm"),
            Flag::named("seed", Kind::Whole, "the seed of patients and movements"),
            Flag::named("jobs", Kind::Whole, "threads; 0 is one a core"),
        ],
        examples: &["perturb --replicates 2 --patients 6", "perturb --replicates 1 --patients 4 --contour 2 --seed 7"],
    };

    fn is_slow(&self) -> bool {
        true
    }

    fn run(&self, world: &World<'_>) -> Result<Step> {
        let cohort = world.study.need_cohort("perturb")?;
        let set = world.study.need_features("perturb")?;
        let extracted = set.settings.as_ref().ok_or_else(|| Error::NotYet {
            command: "perturb".into(),
            missing: "features extracted from scans and masks".into(),
            remedy: "run `extract`".into(),
        })?;
        self.check()?;
        let chosen = self.chosen(world)?;
        let asked = Perturbation {
            cohort,
            set,
            settings: extracted,
            chosen: &chosen,
            replicates: self.replicates as usize,
            extent: Extent { rotation: self.rotation, shift: self.shift, volume: self.volume, contour: self.contour },
            seed: self.seed,
            cache: world.cache,
            jobs: self.jobs as usize,
        };
        let (next, replicates) = perturb(&asked, world.task)?;
        let mut page = page(cohort, &next, &replicates, chosen.len());
        if let Some(picture) = picture(cohort, extracted, &replicates) {
            let outlines = "1 the mask's, from 2 on its replicates'".to_string();
            page = page.block(Block::Picture(picture)).facts([("outlines", outlines)]);
        }
        if !set.readers.is_empty() && !set.perturbed {
            let note = "the masks of further readers are set aside: `icc` compares the replicates".to_string();
            page = page.caution(Caution::Note(note));
        }
        Ok(Step::Advance(world.study.with_features(next), page))
    }
}

impl Perturb {
    fn check(&self) -> Result<()> {
        let bad = |flag: &str, given: String, expected: &str| {
            Err(Error::BadValue { what: format!("`--{flag}`"), given, expected: expected.to_string() })
        };
        if !(1..=MOST).contains(&self.replicates) {
            return bad("replicates", self.replicates.to_string(), &format!("from 1 to {MOST}"));
        }
        if self.jobs > super::extract::MOST_JOBS {
            let expected = format!("at most {} threads, or 0 for one a core", super::extract::MOST_JOBS);
            return bad("jobs", self.jobs.to_string(), &expected);
        }
        let amounts = [
            ("rotation", self.rotation, 180.0, "degrees from 0 to 180"),
            ("shift", self.shift, 1000.0, "mm from 0 to 1000"),
            ("volume", self.volume, 0.9, "a share from 0 to 0.9"),
            ("contour", self.contour, 1000.0, "mm from 0 to 1000"),
        ];
        match amounts.into_iter().find(|(_, given, most, _)| !(0.0..=*most).contains(given)) {
            Some((flag, given, _, expected)) => bad(flag, given.to_string(), expected),
            None => Ok(()),
        }
    }

    /// The training patients with features, as many as were asked for, in the order of the cohort.
    fn chosen(&self, world: &World<'_>) -> Result<Vec<usize>> {
        let (training, _) = world.study.training("perturb")?;
        let few = self.patients as usize;
        if few == 0 || few >= training.len() {
            return Ok(training);
        }
        let mut chosen: Vec<usize> =
            Rng::seeded(super::seed(self.seed)?).sample(training.len(), few).into_iter().map(|i| training[i]).collect();
        chosen.sort_unstable();
        Ok(chosen)
    }
}

/// The first patient's mask and its replicates, made again, on the slice that holds most of the mask; none where their grids
/// differ.
fn picture(cohort: &Cohort, settings: &Settings, replicates: &[Replicate]) -> Option<Picture> {
    let patient = &cohort.patients[replicates.first()?.patient];
    let (scan, mask) = super::scan::files(patient.scan.as_ref()?, settings).ok()?;
    let mine = replicates.iter().filter(|r| cohort.patients[r.patient].id == patient.id);
    let others: Vec<(usize, Mask)> =
        mine.filter_map(|r| Some((r.number + 1, image::perturb(&mask, &r.movement).ok()?))).collect();
    super::show::image::outlined(&scan, &mask, &others, patient)
}

fn page(cohort: &Cohort, set: &FeatureSet, replicates: &[Replicate], patients: usize) -> Page {
    let id = |r: &Replicate| cohort.patients[r.patient].id.clone();
    let column = |f: fn(&Replicate) -> f64| replicates.iter().map(f).collect::<Vec<f64>>();
    let (dice, volume) = (column(|r| r.dice), column(|r| r.volume));
    let failed: Vec<_> = set.failures.iter().filter(|f| f.reader > 1).collect();
    let headline = format!(
        "{} of {}, median Dice {}, {} failed",
        counted(set.readers.len(), "replicates"),
        counted(patients, "masks"),
        number::share(summary::median(&dice)),
        failed.len()
    );
    let mut table = Table::new("Replicates").left("patient").right("replicate").right("rotation, degrees");
    table = table.right("shift, mm").right("volume / the mask's").right("Dice");
    for r in replicates {
        let shift = r.movement.shift.map(|t| format!("{t:.2}")).join(" ");
        let rotation = format!("{:.2}", r.movement.rotation);
        table.row([id(r), r.number.to_string(), rotation, shift, number::share(r.volume), number::share(r.dice)]);
    }
    let spread = |x: &[f64]| {
        let (low, high) = summary::range(x);
        format!("{} ({} to {})", number::share(summary::median(x)), number::share(low), number::share(high))
    };
    let mut page = Page::new("Perturbed masks", headline)
        .facts([("Dice, median and range", spread(&dice)), ("volume / the mask's", spread(&volume))])
        .plot(plots::replicates(volume.iter().copied().zip(dice.iter().copied()).collect()))
        .table(table)
        .value("patient", replicates.iter().map(id).collect::<Vec<_>>())
        .value("replicate", replicates.iter().map(|r| r.number).collect::<Vec<_>>())
        .value("rotation", column(|r| r.movement.rotation))
        .value("volume", &volume)
        .value("dice", &dice)
        .value("n_failed", failed.len());
    if !failed.is_empty() {
        let scans = failed.iter().map(|f| format!("{}, replicate {}: {}", f.patient, f.reader - 1, f.cause)).collect();
        page = page.caution(Caution::FailedScans { scans, total: patients * set.readers.len() });
    }
    page
}
