//! `settings`: what a parameter file comes to, every default filled in.

use serde::{Deserialize, Serialize};

use super::spec::{Command, Flag, Kind, Place, Spec, Step, World};
use crate::caution::{Caution, counted};
use crate::error::Result;
use crate::features::{self, Bins, ImageSettings, ImageType, Intensity, Settings as Effective};
use crate::page::{Page, Table};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Settings {
    params: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self { params: "paper-1967".into() }
    }
}

impl Command for Settings {
    const SPEC: Spec = Spec {
        name: "settings",
        summary: "the effective settings of a preset or parameter file, for each image type",
        about: "Every setting of PyRadiomics as `extract --params` would use it, defaults filled in: what is done to scan \
                and mask, the images with their own bins and distances, and the classes with their features. Where \
                PyRadiomics' documentation and its code disagree, the code counts (lbp2DSamples is 8).",
        place: Place::View,
        flags: &[Flag::first("params", Kind::Params, "a preset (paper-1967, mr, original-107), or a parameter file")],
        examples: &["settings", "settings mr"],
    };

    fn run(&self, world: &World<'_>) -> Result<Step> {
        let settings = super::settings_of(world, &self.params)?;
        let names = features::names(&settings);
        let images = features::images(&settings);
        let (of, images_of) = (counted(names.len(), "features"), counted(images.len(), "images"));
        let headline = format!("{}: {of} of {images_of}", self.params);
        let mut page = Page::new("Settings", headline).facts(whole(&settings)).table(by_image(&settings));
        let mut classes = Table::new("Classes").left("class").right("features");
        for selection in &settings.classes {
            classes.row([selection.class.to_string(), selection.features.len().to_string()]);
        }
        page = page.table(classes).value("n_features", names.len()).value("images", images);
        page = page.value("settings", &settings);
        page.cautions.extend(settings.remarks.iter().cloned().map(Caution::Note));
        Ok(Step::Show(page))
    }
}

/// What is done to scan and mask before any image.
fn whole(settings: &Effective) -> Vec<(&'static str, String)> {
    let yes = |b: bool| if b { "yes" } else { "no" }.to_string();
    let resample = settings.resample.as_ref().map(|r| {
        let [x, y, z] = r.spacing;
        format!("{x} x {y} x {z} mm by {}, {} voxels around the region", r.interpolator.name(), r.pad_distance)
    });
    let normalize = settings.normalize.map(|n| {
        let outliers = n.remove_outliers.map(|k| format!(", beyond {k} deviations cut off")).unwrap_or_default();
        format!("mean 0, deviation {}{outliers}", n.scale)
    });
    let resegment =
        settings.resegment.as_ref().map(|r| format!("{:?} ({:?}), shape too: {}", r.range, r.mode, yes(r.shape)));
    let or = |text: Option<String>, none: &str| text.unwrap_or_else(|| none.into());
    vec![
        ("label", settings.label.to_string()),
        ("normalize", or(normalize, "no")),
        ("resampledPixelSpacing", or(resample, "no")),
        ("preCrop", or(settings.pre_crop.map(|pad| format!("{pad} voxels around the region")), "no")),
        ("correctMask", yes(settings.correct_mask)),
        ("geometryTolerance", settings.geometry_tolerance.to_string()),
        ("resegmentRange", or(resegment, "no")),
        ("minimumROIDimensions", settings.minimum_roi_dimensions.to_string()),
        ("minimumROISize", or(settings.minimum_roi_size.map(|n| format!("more than {n} voxels")), "none")),
        ("force2D", or(settings.force_2d.map(|axis| format!("across {}", ["z", "y", "x"][axis])), "no")),
        ("label_channel", settings.label_channel.to_string()),
    ]
}

fn by_image(settings: &Effective) -> Table {
    let mut table = Table::new("Images").left("image").left("bins").left("distances").left("force2D");
    table = table.left("symmetricalGLCM").left("weightingNorm").right("gldm_a").right("voxelArrayShift").left("filter");
    for ImageSettings { kind, intensity } in &settings.images {
        let Intensity {
            bins,
            profile: _,
            distances,
            force_2d,
            symmetrical_glcm,
            weighting_norm,
            gldm_a,
            voxel_array_shift,
        } = intensity;
        let bins = match bins {
            Bins::Width(width) => format!("width {width}"),
            Bins::Count(count) => format!("count {count}"),
        };
        let distances = distances.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let plane = force_2d.map_or("no".to_string(), |axis| format!("across {}", ["z", "y", "x"][axis]));
        let norm = weighting_norm.map_or("none".to_string(), |norm| format!("{norm:?}").to_lowercase());
        let filter = |k: usize| match kind {
            ImageType::LoG(sigma) => format!("sigma {} mm", sigma[k].written),
            _ => kind.parameters().iter().map(|(name, value)| format!("{name} {value}")).collect::<Vec<_>>().join(", "),
        };
        for (k, name) in kind.names().into_iter().enumerate() {
            table.row([
                name,
                bins.clone(),
                distances.clone(),
                plane.clone(),
                if *symmetrical_glcm { "yes" } else { "no" }.into(),
                norm.clone(),
                gldm_a.to_string(),
                voxel_array_shift.to_string(),
                filter(k),
            ]);
        }
    }
    table
}
