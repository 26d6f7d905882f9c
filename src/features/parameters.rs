//! PyRadiomics parameter files, read strictly: nothing in one is ignored in silence.

mod keys;

use std::path::Path;

use saphyr::{LoadableYamlNode, MarkedYaml, Scalar, YamlData};

use super::image_type::{self, ImageType};
use super::prepare::USUAL_TOLERANCE;
use super::resegment::{Resegment, Threshold};
use super::selection::Selection;
use super::settings::{ImageSettings, Intensity, Normalize, Profile, Settings};
use super::{Bins, CLASSES, Class, Norm};
use crate::error::{Error, Result, nearest};
use crate::image::{Interpolator, Resample};
use keys::{Datum, KEYS, Scope};

pub(super) use keys::Given;

/// Sections of a file.
const SECTIONS: [&str; 4] = ["imageType", "featureClass", "setting", "voxelSetting"];

/// The settings of a parameter file's text. See [`Settings::parse`].
pub(super) fn parse(text: &str, path: &Path) -> Result<Settings> {
    let file = File { path };
    let documents = MarkedYaml::load_from_str(text).map_err(|why| {
        file.error((why.marker().line(), why.marker().col() + 1), format!("is no YAML: {}", why.info()), "")
    })?;
    let root = match documents.as_slice() {
        [root] => root,
        [] => return Err(file.error((1, 1), "is empty".into(), "")),
        _ => return Err(file.error((1, 1), "holds more than one document".into(), "")),
    };
    let sections = file.entries(root, "the file", "section", &SECTIONS)?;
    let section = |name: &str| sections.iter().find(|entry| entry.name == name);
    let global = match section("setting") {
        Some(entry) => file.given(entry, Scope::File)?,
        None => Given::default(),
    };
    let images = match section("imageType") {
        Some(entry) => file.images(entry, &global)?,
        None => Vec::new(),
    };
    let mut withdrawn = Vec::new();
    let classes = match section("featureClass") {
        Some(entry) => file.classes(entry, &mut withdrawn)?,
        None => Vec::new(),
    };
    let mut settings = effective(&global);
    if !images.is_empty() {
        settings.images = images;
    }
    if !classes.is_empty() {
        settings.classes = classes;
    }
    settings.remarks = remarks(&settings, section("voxelSetting").is_some());
    settings.remarks.extend(withdrawn);
    if settings.force_2d.is_none() {
        settings.classes.retain(|class| class.class != FLAT);
    }
    Ok(settings)
}

/// The class that needs two dimensions to be forced.
const FLAT: &str = super::shape::flat::CLASS.name;

/// The settings of all image types, and what PyRadiomics computes when a file names neither images nor classes.
fn effective(global: &Given) -> Settings {
    let normalize = Normalize {
        scale: global.real("normalizeScale").unwrap_or(1.0),
        remove_outliers: global.real("removeOutliers"),
    };
    let pad_distance = global.whole("padDistance").unwrap_or(5) as usize;
    Settings {
        label: global.whole("label").unwrap_or(1),
        label_channel: global.whole("label_channel").unwrap_or(0) as usize,
        geometry_tolerance: global.real("geometryTolerance").unwrap_or(USUAL_TOLERANCE),
        correct_mask: global.truth("correctMask"),
        additional_info: global.truth("additionalInfo"),
        normalize: global.truth("normalize").then_some(normalize),
        resample: resample(global, pad_distance),
        pre_crop: global.truth("preCrop").then_some(pad_distance),
        minimum_roi_dimensions: global.whole("minimumROIDimensions").unwrap_or(2) as usize,
        minimum_roi_size: global.whole("minimumROISize").map(|n| n as usize),
        resegment: resegment(global),
        force_2d: force_2d(global),
        classes: CLASSES.map(Selection::all).to_vec(),
        images: vec![ImageSettings { kind: ImageType::Original, intensity: intensity(global) }],
        remarks: Vec::new(),
    }
}

/// What the settings ask for and PyRadiomics computes nothing of, or only with a warning in its log.
fn remarks(settings: &Settings, voxel_section: bool) -> Vec<String> {
    let mut remarks = Vec::new();
    let mut remark = |when: bool, text: &str| remarks.extend(when.then(|| text.to_string()));
    remark(voxel_section, "`voxelSetting` steers feature maps, and has no effect on the features of a region");
    let flat = settings.classes.iter().any(|class| class.class == FLAT);
    let named = settings.classes.len() < CLASSES.len();
    remark(flat && named && settings.force_2d.is_none(), "without `force2D: true` there are no shape2D features");
    for ImageSettings { kind, intensity } in &settings.images {
        match kind {
            ImageType::LoG(sigma) => remark(sigma.is_empty(), "LoG without `sigma` gives no image"),
            ImageType::Lbp2d(_) => {
                remark(
                    intensity.force_2d.is_none(),
                    "LBP2D compares voxels within a slice, its textures neighbours in space; `force2D: true` keeps both in one plane",
                );
            }
            ImageType::Lbp3d(_) => {
                remark(
                    intensity.force_2d.is_some(),
                    "LBP3D looks at three dimensions, its features at one slice at a time",
                );
            }
            _ => {}
        }
    }
    remarks
}

/// The file a node is from, for errors.
struct File<'a> {
    path: &'a Path,
}

type Node<'a> = MarkedYaml<'a>;

/// Line and column, from 1.
type Place = (usize, usize);

fn place(node: &Node<'_>) -> Place {
    (node.span.start.line(), node.span.start.col() + 1)
}

/// A name of a mapping and what it maps to.
struct Entry<'n> {
    name: &'static str,
    at: Place,
    node: &'n Node<'n>,
}

impl File<'_> {
    /// Names and values of a mapping whose keys are all `known`; nothing (`~`) is an empty mapping.
    fn entries<'n>(
        &self,
        node: &'n Node<'n>,
        what: &str,
        kind: &str,
        known: &[&'static str],
    ) -> Result<Vec<Entry<'n>>> {
        let map = match &node.data {
            YamlData::Mapping(map) => map,
            YamlData::Value(Scalar::Null) => return Ok(Vec::new()),
            _ => {
                return Err(self.error(place(node), format!("{what} is no mapping of names to values"), ""));
            }
        };
        let entry = |(key, node): (&Node<'n>, &'n Node<'n>)| {
            let (given, at) = (word(key), place(key));
            match known.iter().find(|name| **name == given) {
                Some(name) => Ok(Entry { name, at, node }),
                None => Err(self.unknown(at, kind, &given, known)),
            }
        };
        map.iter().map(entry).collect()
    }

    /// Values of the settings in a mapping, each of the type PyRadiomics asks for.
    fn given(&self, list: &Entry<'_>, scope: Scope) -> Result<Given> {
        let names: Vec<&'static str> = KEYS.iter().map(|key| key.name).collect();
        let mut given = Given::default();
        for entry in self.entries(list.node, &format!("`{}`", list.name), "setting", &names)? {
            let Some(key) = KEYS.iter().find(|key| key.name == entry.name) else { continue };
            if scope == Scope::Image && key.scope == Scope::File {
                let why = format!("`{}` is one for all image types", key.name);
                return Err(self.error(entry.at, why, "move it to the section `setting`"));
            }
            let Some(datum) = datum(entry.node).and_then(|datum| key.accept(datum)) else {
                let why = format!("`{}` must be {}", key.name, key.kind.expected());
                return Err(self.error(entry.at, why, ""));
            };
            given.set(key.name, datum);
        }
        Ok(given)
    }

    fn images(&self, list: &Entry<'_>, global: &Given) -> Result<Vec<ImageSettings>> {
        let mut images = Vec::new();
        for entry in self.entries(list.node, "`imageType`", "image type", &image_type::NAMES)? {
            let given = global.with(&self.given(&entry, Scope::Image)?);
            let intensity = intensity(&given);
            let kind = ImageType::new(entry.name, &given, &intensity)
                .map_err(|why| self.error(entry.at, why.to_string(), &why.remedy()))?;
            images.push(ImageSettings { kind, intensity });
        }
        Ok(images)
    }

    fn classes(&self, list: &Entry<'_>, remarks: &mut Vec<String>) -> Result<Vec<Selection>> {
        let names = CLASSES.map(|class| class.name);
        let mut classes = Vec::new();
        for entry in self.entries(list.node, "`featureClass`", "feature class", &names)? {
            if let Some(class) = CLASSES.iter().find(|class| class.name == entry.name) {
                classes.push(self.selection(class, &entry, remarks)?);
            }
        }
        Ok(classes)
    }

    /// The features listed for a class; all when the list is empty or missing. Those that PyRadiomics knows and computes
    /// nothing for are remarked.
    fn selection(&self, class: &'static Class, entry: &Entry<'_>, remarks: &mut Vec<String>) -> Result<Selection> {
        let list = match &entry.node.data {
            YamlData::Sequence(list) => list.as_slice(),
            YamlData::Value(Scalar::Null) => &[],
            _ => return Err(self.error(entry.at, format!("`{}` must be a list of features", class.name), "")),
        };
        let known: Vec<&'static str> = class.features.iter().chain(class.on_request).copied().collect();
        let mut features = Vec::new();
        for node in list {
            let (given, at) = (word(node), place(node));
            if let Some((name, why)) = class.withdrawn.iter().find(|(name, _)| *name == given) {
                remarks.push(format!("there is no {} {name}: PyRadiomics computes none, since {why}", class.name));
                continue;
            }
            let Some(name) = known.iter().find(|name| **name == given) else {
                return Err(self.unknown(at, &format!("feature of {}", class.name), &given, &known));
            };
            if !features.contains(name) {
                features.push(*name);
            }
        }
        Ok(if list.is_empty() { Selection::all(class) } else { Selection { class: class.name, features } })
    }

    fn unknown(&self, at: Place, kind: &str, given: &str, known: &[&str]) -> Error {
        let remedy = match nearest(given, known.iter().copied()) {
            Some(name) => format!("did you mean `{name}`?"),
            None => format!("there are: {}", known.join(", ")),
        };
        self.error(at, format!("there is no {kind} `{given}`"), &remedy)
    }

    fn error(&self, at: Place, why: String, remedy: &str) -> Error {
        Error::Parameters { path: self.path.to_path_buf(), line: at.0, column: at.1, why, remedy: remedy.into() }
    }
}

/// A scalar as it was written, as far as that is known.
fn word(node: &Node<'_>) -> String {
    match datum(node) {
        Some(Datum::Word(word)) => word,
        Some(Datum::Whole(n)) => n.to_string(),
        Some(Datum::Real(x)) => x.to_string(),
        Some(Datum::Truth(b)) => b.to_string(),
        Some(Datum::Nothing) => "~".into(),
        Some(Datum::List(_)) | None => "(a list or mapping)".into(),
    }
}

fn datum(node: &Node<'_>) -> Option<Datum> {
    match &node.data {
        YamlData::Value(Scalar::Null) => Some(Datum::Nothing),
        YamlData::Value(Scalar::Boolean(b)) => Some(Datum::Truth(*b)),
        YamlData::Value(Scalar::Integer(n)) => Some(Datum::Whole(*n)),
        YamlData::Value(Scalar::FloatingPoint(x)) => Some(Datum::Real(x.into_inner())),
        YamlData::Value(Scalar::String(s)) => Some(Datum::Word(s.to_string())),
        YamlData::Sequence(list) => list.iter().map(datum).collect::<Option<Vec<_>>>().map(Datum::List),
        _ => None,
    }
}

fn intensity(given: &Given) -> Intensity {
    let width = Bins::Width(given.real("binWidth").unwrap_or(25.0));
    let distances = given.list("distances").map(|list| list.iter().map(|d| *d as usize).collect());
    Intensity {
        bins: given.whole("binCount").map_or(width, |n| Bins::Count(n as usize)),
        profile: Profile::default(),
        distances: distances.unwrap_or_else(|| vec![1]),
        force_2d: force_2d(given),
        symmetrical_glcm: given.truth_or("symmetricalGLCM", true),
        weighting_norm: given.word("weightingNorm").map(|norm| match norm {
            "manhattan" => Norm::Manhattan,
            "euclidean" => Norm::Euclidean,
            "infinity" => Norm::Infinity,
            _ => Norm::NoWeighting,
        }),
        gldm_a: given.whole("gldm_a").unwrap_or(0) as u64,
        voxel_array_shift: given.real("voxelArrayShift").unwrap_or(0.0),
    }
}

fn force_2d(given: &Given) -> Option<usize> {
    given.truth("force2D").then(|| given.whole("force2Ddimension").unwrap_or(0) as usize)
}

/// None without a spacing, or when the interpolator is switched off (`null`).
fn resample(given: &Given, pad_distance: usize) -> Option<Resample> {
    let spacing = given.list("resampledPixelSpacing")?;
    let interpolator = match given.get("interpolator") {
        None => Interpolator::BSpline,
        Some(Datum::Whole(n)) => Interpolator::from_number(*n).ok()?,
        Some(Datum::Word(word)) => Interpolator::parse(word).ok()?,
        Some(_) => return None,
    };
    Some(Resample { spacing: [spacing[0], spacing[1], spacing[2]], interpolator, pad_distance })
}

fn resegment(given: &Given) -> Option<Resegment> {
    let mut range = given.list("resegmentRange")?;
    range.sort_by(f64::total_cmp);
    let mode = match given.word("resegmentMode") {
        Some("relative") => Threshold::Relative,
        Some("sigma") => Threshold::Sigma,
        _ => Threshold::Absolute,
    };
    Some(Resegment { range, mode, shape: given.truth("resegmentShape") })
}
