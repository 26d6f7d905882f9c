//! `advise`: bin widths that suit the cohort.

use serde::{Deserialize, Serialize};

use super::spec::{Command, Flag, Kind, Place, Spec, Step, World};
use crate::caution::counted;
use crate::error::Result;
use crate::features::{Bins, ImageSettings, ImageType, Selection, Settings};
use crate::num::summary::median;
use crate::page::{Page, Table, number};
use crate::study::{Extraction, FeatureSet, extract};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Advise {
    params: String,
}

impl Default for Advise {
    fn default() -> Self {
        Self { params: "paper-1967".into() }
    }
}

/// Bins a region should fall into: fewer say little, more are mostly empty (Tixier 2012; Carre 2020).
const BINS: [f64; 2] = [30.0, 130.0];

impl Command for Advise {
    const SPEC: Spec = Spec {
        name: "advise",
        summary: "propose a bin width for each image type from the ranges in the cohort",
        about: "Measures the range of intensities in every region, for every image of the settings, and proposes for each \
                image type the bin width that puts most regions into 30 to 130 bins. PyRadiomics takes one width an image \
                type, so the sub-bands of a wavelet share theirs. Ranges are kept as features are: a second run is instant. \
                The text at the end goes into a parameter file.",
        place: Place::View,
        flags: &[Flag::named("params", Kind::Params, "a preset, or a parameter file")],
        examples: &["advise --params original-107"],
    };

    fn is_slow(&self) -> bool {
        true
    }

    fn run(&self, world: &World<'_>) -> Result<Step> {
        let cohort = world.study.need_cohort("advise")?;
        let given = super::settings_of(world, &self.params)?;
        let mut settings = given.clone();
        settings.classes = vec![Selection { class: "firstorder", features: vec!["Range"] }];
        // The range does not depend on bins, and narrow ones would only fail.
        settings.images.iter_mut().for_each(|image| image.intensity.bins = Bins::Count(32));
        let source = format!("ranges under {}", self.params);
        let extraction = Extraction { cohort, settings: &settings, source, cache: world.cache, jobs: 0 };
        let (ranges, cautions) = extract(&extraction, world.task)?;
        let mut page = self.page(&given, &ranges);
        page.cautions.extend(cautions.into_iter().filter(|c| matches!(c, crate::caution::Caution::FailedScans { .. })));
        Ok(Step::Show(page))
    }
}

impl Advise {
    fn page(&self, settings: &Settings, ranges: &FeatureSet) -> Page {
        let mut table = Table::new("Ranges of intensity in the regions").left("image").right("median range");
        table = table.right("bins now").right("proposed width").right("bins then").right("regions in 30-130");
        let (mut images, mut widths, mut yaml) = (Vec::new(), Vec::new(), String::from("imageType:\n"));
        let mut column = 0;
        let mut few = 0;
        for ImageSettings { kind, intensity } in &settings.images {
            let names = kind.names();
            let of =
                |k: usize| -> Vec<f64> { ranges.matrix.column(k).iter().copied().filter(|v| !v.is_nan()).collect() };
            let all: Vec<f64> = (column..column + names.len()).flat_map(of).collect();
            let width = width(kind, &all);
            for name in &names {
                let own = of(column);
                let middle = median(&own);
                let now = match intensity.bins {
                    Bins::Width(width) => (middle / width).floor() + 1.0,
                    Bins::Count(count) => count as f64,
                };
                few += usize::from(now == 1.0);
                table.row([
                    name.clone(),
                    number::value(middle),
                    format!("{now:.0}"),
                    number::value(width),
                    format!("{:.0}", (middle / width).floor() + 1.0),
                    format!("{} of {}", within(&own, width), own.len()),
                ]);
                column += 1;
                images.push(name.clone());
                widths.push(width);
            }
            yaml.push_str(&format!("  {}:\n", kind.type_name()));
            let own = kind.parameters().into_iter().chain([("binWidth", width.to_string())]);
            own.for_each(|(name, value)| yaml.push_str(&format!("    {name}: {value}\n")));
        }
        let headline = format!("{}, {few} in one bin at the median", counted(images.len(), "images"));
        Page::new("Bin widths", headline)
            .table(table)
            .text("For a parameter file:")
            .verbatim(yaml)
            .value("image", images)
            .value("width", widths)
    }
}

/// The round width that puts most regions into the wanted bins; among equals the one whose median is nearest to 64. Local
/// binary patterns in two dimensions are codes, each a level of its own.
fn width(kind: &ImageType, ranges: &[f64]) -> f64 {
    if matches!(kind, ImageType::Lbp2d(_)) {
        return 1.0;
    }
    let middle = median(ranges);
    if middle.is_nan() || middle <= 0.0 {
        return 1.0;
    }
    let decade = 10f64.powf((middle / 64.0).log10().floor());
    let rounds = [0.1, 0.2, 0.25, 0.5, 1.0, 2.0, 2.5, 5.0, 10.0, 20.0, 25.0, 50.0];
    let away = |width: f64| (middle / width / 64.0).ln().abs();
    let better = |a: f64, b: f64| {
        let (in_a, in_b) = (within(ranges, a), within(ranges, b));
        if in_b > in_a || (in_b == in_a && away(b) < away(a)) { b } else { a }
    };
    rounds.map(|r| r * decade).into_iter().reduce(better).unwrap_or(1.0)
}

fn within(ranges: &[f64], width: f64) -> usize {
    ranges.iter().filter(|r| (BINS[0]..=BINS[1]).contains(&(**r / width))).count()
}
