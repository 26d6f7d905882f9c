//! PyRadiomics parameter files, read strictly: nothing in one is ignored.

mod keys;

use std::path::Path;

use saphyr::{LoadableYamlNode, MarkedYaml, Scalar, YamlData};

use super::resegment::{Resegment, Threshold};
use super::settings::{ImageSettings, ImageType, Intensity, Selection, Settings};
use super::{Bins, CLASSES, Class, Norm};
use crate::error::{Error, Result, nearest};
use keys::{Datum, Given, KEYS, Scope};

/// Sections of a file, and whether this version computes what stands in them.
const SECTIONS: [&str; 4] = ["imageType", "featureClass", "setting", "voxelSetting"];

/// Image types of PyRadiomics.
const IMAGE_TYPES: [&str; 10] =
    ["Original", "Wavelet", "LoG", "Square", "SquareRoot", "Logarithm", "Exponential", "Gradient", "LBP2D", "LBP3D"];

/// The settings of a parameter file's text. See [`Settings::parse`].
pub(super) fn parse(text: &str, path: &Path) -> Result<Settings> {
    let file = File { path };
    let documents = MarkedYaml::load_from_str(text)
        .map_err(|why| file.error(why.marker().line(), format!("is no YAML: {}", why.info()), ""))?;
    let root = match documents.as_slice() {
        [root] => root,
        [] => return Err(file.error(1, "is empty".into(), "")),
        _ => return Err(file.error(1, "holds more than one document".into(), "")),
    };
    let sections = file.entries(root, "the file", "section", &SECTIONS)?;
    let section = |name: &str| sections.iter().find(|entry| entry.name == name);
    if let Some(entry) = section("voxelSetting") {
        return Err(file.not_computed(entry, "the section"));
    }
    let global = match section("setting") {
        Some(entry) => file.given(entry, Scope::File)?,
        None => Given::default(),
    };
    let images = match section("imageType") {
        Some(entry) => file.images(entry, &global)?,
        None => vec![ImageSettings { kind: ImageType::Original, intensity: intensity(&global) }],
    };
    let classes = match section("featureClass") {
        Some(entry) => file.classes(entry)?,
        None => CLASSES.map(all_of).to_vec(),
    };
    Ok(Settings {
        label: global.whole("label").unwrap_or(1),
        minimum_roi_dimensions: global.whole("minimumROIDimensions").unwrap_or(2) as usize,
        minimum_roi_size: global.whole("minimumROISize").map(|n| n as usize),
        resegment: resegment(&global),
        classes,
        images,
    })
}

/// The file a node is from, for errors.
struct File<'a> {
    path: &'a Path,
}

type Node<'a> = MarkedYaml<'a>;

/// A name of a mapping and what it maps to.
struct Entry<'n> {
    name: &'static str,
    line: usize,
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
                return Err(self.error(node.span.start.line(), format!("{what} is no mapping of names to values"), ""));
            }
        };
        let entry = |(key, node): (&Node<'n>, &'n Node<'n>)| {
            let (given, line) = (word(key), key.span.start.line());
            match known.iter().find(|name| **name == given) {
                Some(name) => Ok(Entry { name, line, node }),
                None => Err(self.unknown(line, kind, &given, known)),
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
                return Err(self.error(entry.line, why, "move it to the section `setting`"));
            }
            let Some(datum) = datum(entry.node).and_then(|datum| key.accept(datum)) else {
                let why = format!("`{}` must be {}", key.name, key.kind.expected());
                return Err(self.error(entry.line, why, ""));
            };
            if key.not_computed(&datum) {
                return Err(self.not_computed(&entry, "the setting"));
            }
            given.set(key.name, datum);
        }
        Ok(given)
    }

    fn images(&self, list: &Entry<'_>, global: &Given) -> Result<Vec<ImageSettings>> {
        let original = |intensity| ImageSettings { kind: ImageType::Original, intensity };
        let mut images = Vec::new();
        for entry in self.entries(list.node, "`imageType`", "image type", &IMAGE_TYPES)? {
            let own = self.given(&entry, Scope::Image)?;
            if entry.name != "Original" {
                return Err(self.not_computed(&entry, "the image type"));
            }
            images.push(original(intensity(&global.with(&own))));
        }
        Ok(if images.is_empty() { vec![original(intensity(global))] } else { images })
    }

    fn classes(&self, list: &Entry<'_>) -> Result<Vec<Selection>> {
        let names: Vec<&'static str> = CLASSES.iter().map(|class| class.name).chain(["shape2D"]).collect();
        let mut classes = Vec::new();
        for entry in self.entries(list.node, "`featureClass`", "feature class", &names)? {
            match CLASSES.iter().find(|class| class.name == entry.name) {
                Some(class) => classes.push(self.selection(class, &entry)?),
                None => return Err(self.not_computed(&entry, "the feature class")),
            }
        }
        Ok(if classes.is_empty() { CLASSES.map(all_of).to_vec() } else { classes })
    }

    /// The features listed for a class; all when the list is empty or missing.
    fn selection(&self, class: &'static Class, entry: &Entry<'_>) -> Result<Selection> {
        let list = match &entry.node.data {
            YamlData::Sequence(list) => list.as_slice(),
            YamlData::Value(Scalar::Null) => &[],
            _ => return Err(self.error(entry.line, format!("`{}` must be a list of features", class.name), "")),
        };
        let known: Vec<&'static str> = class.features.iter().chain(class.on_request).copied().collect();
        let mut features = Vec::new();
        for node in list {
            let (given, line) = (word(node), node.span.start.line());
            if let Some((name, why)) = class.withdrawn.iter().find(|(name, _)| *name == given) {
                let why = format!("PyRadiomics computes no {} {name}, since {why}", class.name);
                return Err(self.error(line, why, "take it out of the list"));
            }
            let Some(name) = known.iter().find(|name| **name == given) else {
                return Err(self.unknown(line, &format!("feature of {}", class.name), &given, &known));
            };
            if features.contains(name) {
                return Err(self.error(line, format!("`{name}` is listed twice"), ""));
            }
            features.push(*name);
        }
        Ok(if features.is_empty() { all_of(class) } else { Selection { class: class.name, features } })
    }

    fn unknown(&self, line: usize, kind: &str, given: &str, known: &[&str]) -> Error {
        let remedy = match nearest(given, known.iter().copied()) {
            Some(name) => format!("did you mean `{name}`?"),
            None => format!("there are: {}", known.join(", ")),
        };
        self.error(line, format!("there is no {kind} `{given}`"), &remedy)
    }

    fn error(&self, line: usize, why: String, remedy: &str) -> Error {
        Error::Parameters { path: self.path.to_path_buf(), line: Some(line), why, remedy: remedy.into() }
    }

    fn not_computed(&self, entry: &Entry<'_>, kind: &str) -> Error {
        let what = format!("{kind} `{}`", entry.name);
        Error::NotComputed { path: self.path.to_path_buf(), line: Some(entry.line), what }
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

fn all_of(class: &'static Class) -> Selection {
    Selection { class: class.name, features: class.features.to_vec() }
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
        distances: distances.unwrap_or_else(|| vec![1]),
        force_2d: given.truth("force2D").then(|| given.whole("force2Ddimension").unwrap_or(0) as usize),
        symmetrical_glcm: given.is_set("symmetricalGLCM").is_none_or(|d| d == &Datum::Truth(true)),
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
