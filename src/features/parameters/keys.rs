//! The settings PyRadiomics knows, and what values they take.

use crate::image::Interpolator;

/// A setting.
pub(super) struct Key {
    pub name: &'static str,
    pub kind: Kind,
    pub scope: Scope,
}

/// Where a setting may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// In the section `setting` only.
    File,
    /// There, and with an image type.
    Image,
}

/// What a value must be. Lower limits are inclusive for whole numbers; real numbers must be above theirs.
pub(super) enum Kind {
    Truth,
    Whole(i64, i64),
    Real(f64),
    /// Distinct whole numbers from a limit.
    Wholes(i64),
    /// As many real numbers as the range says, from a limit.
    Reals(usize, usize, f64),
    Word(&'static [&'static str]),
    /// One of the words, or its place in the list, from 1.
    Numbered(&'static [&'static str]),
    /// Any word; checked where it is used.
    Free,
}

/// A value of a parameter file.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::features) enum Datum {
    Nothing,
    Truth(bool),
    Whole(i64),
    Real(f64),
    Word(String),
    List(Vec<Datum>),
}

/// Settings that were given, with their values.
#[derive(Clone, Debug, Default)]
pub(in crate::features) struct Given(Vec<(&'static str, Datum)>);

const fn key(name: &'static str, kind: Kind, scope: Scope) -> Key {
    Key { name, kind, scope }
}

/// The names of the interpolators, in the order of their numbers.
const INTERPOLATORS: &[&str] = &{
    let mut names = [""; Interpolator::ALL.len()];
    let mut i = 0;
    while i < names.len() {
        names[i] = Interpolator::ALL[i].0;
        i += 1;
    }
    names
};

/// Every setting of PyRadiomics 3.0.1. Those that steer what is not asked for (interpolation without a spacing to resample
/// to, filters without their image type) are checked and have no effect, as in PyRadiomics.
pub(super) const KEYS: &[Key] = &[
    key("minimumROIDimensions", Kind::Whole(1, 3), Scope::File),
    key("minimumROISize", Kind::Whole(1, i64::MAX), Scope::File),
    key("geometryTolerance", Kind::Real(0.0), Scope::File),
    key("correctMask", Kind::Truth, Scope::File),
    key("additionalInfo", Kind::Truth, Scope::File),
    key("label", Kind::Whole(1, i64::MAX), Scope::File),
    key("label_channel", Kind::Whole(0, i64::MAX), Scope::File),
    key("binWidth", Kind::Real(0.0), Scope::Image),
    key("binCount", Kind::Whole(1, i64::MAX), Scope::Image),
    key("normalize", Kind::Truth, Scope::File),
    key("normalizeScale", Kind::Real(0.0), Scope::File),
    key("removeOutliers", Kind::Real(0.0), Scope::File),
    key("resampledPixelSpacing", Kind::Reals(3, 3, 0.0), Scope::File),
    key("interpolator", Kind::Numbered(INTERPOLATORS), Scope::File),
    key("padDistance", Kind::Whole(0, i64::MAX), Scope::File),
    key("distances", Kind::Wholes(1), Scope::Image),
    key("force2D", Kind::Truth, Scope::Image),
    key("force2Ddimension", Kind::Whole(0, 2), Scope::Image),
    key("resegmentRange", Kind::Reals(1, 2, f64::NEG_INFINITY), Scope::File),
    key("resegmentMode", Kind::Word(&["absolute", "relative", "sigma"]), Scope::File),
    key("resegmentShape", Kind::Truth, Scope::File),
    key("preCrop", Kind::Truth, Scope::File),
    key("sigma", Kind::Reals(1, usize::MAX, f64::MIN_POSITIVE), Scope::Image),
    key("start_level", Kind::Whole(0, 100), Scope::Image),
    key("level", Kind::Whole(1, 100), Scope::Image),
    key("wavelet", Kind::Free, Scope::Image),
    key("gradientUseSpacing", Kind::Truth, Scope::Image),
    key("lbp2DRadius", Kind::Real(0.0), Scope::Image),
    key("lbp2DSamples", Kind::Whole(1, 1000), Scope::Image),
    key("lbp2DMethod", Kind::Word(&["default", "ror", "uniform", "var"]), Scope::Image),
    key("lbp3DLevels", Kind::Whole(1, 16), Scope::Image),
    key("lbp3DIcosphereRadius", Kind::Real(0.0), Scope::Image),
    key("lbp3DIcosphereSubdivision", Kind::Whole(0, 5), Scope::Image),
    key("voxelArrayShift", Kind::Whole(i64::MIN, i64::MAX), Scope::Image),
    key("symmetricalGLCM", Kind::Truth, Scope::Image),
    key("weightingNorm", Kind::Word(&["manhattan", "euclidean", "infinity", "no_weighting"]), Scope::Image),
    key("gldm_a", Kind::Whole(0, i64::MAX), Scope::Image),
];

/// Settings whose value may be nothing (`null`): the setting is then off.
const MAY_BE_OFF: [&str; 7] = [
    "minimumROISize",
    "binCount",
    "removeOutliers",
    "resampledPixelSpacing",
    "interpolator",
    "resegmentRange",
    "weightingNorm",
];

impl Key {
    /// The value, when it is one the setting takes.
    pub fn accept(&self, datum: Datum) -> Option<Datum> {
        let fits = match (&self.kind, &datum) {
            (_, Datum::Nothing) => MAY_BE_OFF.contains(&self.name),
            (Kind::Truth, Datum::Truth(_)) | (Kind::Free, Datum::Word(_)) => true,
            (Kind::Whole(low, high), Datum::Whole(n)) => low <= n && n <= high,
            (Kind::Real(above), value) => value.real().is_some_and(|x| x > *above && x.is_finite()),
            (Kind::Wholes(low), Datum::List(list)) => {
                let distinct = list.iter().enumerate().all(|(i, d)| !list[..i].contains(d));
                !list.is_empty() && distinct && list.iter().all(|d| matches!(d, Datum::Whole(n) if n >= low))
            }
            (Kind::Reals(least, most, low), Datum::List(list)) => {
                let number = |d: &Datum| d.real().is_some_and(|x| x >= *low && x.is_finite());
                (*least..=*most).contains(&list.len()) && list.iter().all(number)
            }
            (Kind::Word(words) | Kind::Numbered(words), Datum::Word(word)) => words.contains(&word.as_str()),
            (Kind::Numbered(words), Datum::Whole(n)) => (1..=words.len() as i64).contains(n),
            _ => false,
        };
        fits.then_some(datum)
    }
}

impl Kind {
    /// What a value must be, in words.
    pub fn expected(&self) -> String {
        match self {
            Self::Truth => "true or false".into(),
            Self::Whole(low, i64::MAX) if *low > i64::MIN => format!("a whole number from {low}"),
            Self::Whole(_, i64::MAX) => "a whole number".into(),
            Self::Whole(low, high) => format!("a whole number from {low} to {high}"),
            Self::Real(above) => format!("a number above {above}"),
            Self::Wholes(low) => format!("a list of different whole numbers from {low}"),
            Self::Reals(least, most, _) if least == most => format!("a list of {least} numbers from 0"),
            Self::Reals(1, 2, _) => "a list of one or two numbers".into(),
            Self::Reals(..) => "a list of numbers above 0".into(),
            Self::Word(words) => format!("one of {}", words.join(", ")),
            Self::Numbered(words) => format!("one of {}, or its number from 1 to {}", words.join(", "), words.len()),
            Self::Free => "a name".into(),
        }
    }
}

impl Datum {
    fn real(&self) -> Option<f64> {
        match self {
            Self::Whole(n) => Some(*n as f64),
            Self::Real(x) => Some(*x),
            _ => None,
        }
    }
}

impl Given {
    pub fn set(&mut self, name: &'static str, datum: Datum) {
        self.0.push((name, datum));
    }

    /// These settings with those of an image type in their place where both are given.
    pub fn with(&self, own: &Self) -> Self {
        Self(own.0.iter().chain(&self.0).cloned().collect())
    }

    /// The value of a setting, when it is given and not nothing.
    pub fn is_set(&self, name: &str) -> Option<&Datum> {
        self.get(name).filter(|d| **d != Datum::Nothing)
    }

    /// The value of a setting, when it is given, nothing (`null`) included.
    pub fn get(&self, name: &str) -> Option<&Datum> {
        self.0.iter().find(|(n, _)| *n == name).map(|(_, d)| d)
    }

    pub fn whole(&self, name: &str) -> Option<i64> {
        match self.is_set(name) {
            Some(Datum::Whole(n)) => Some(*n),
            _ => None,
        }
    }

    pub fn real(&self, name: &str) -> Option<f64> {
        self.is_set(name).and_then(Datum::real)
    }

    pub fn truth(&self, name: &str) -> bool {
        self.is_set(name) == Some(&Datum::Truth(true))
    }

    /// A truth that has a default other than false.
    pub fn truth_or(&self, name: &str, default: bool) -> bool {
        self.is_set(name).map_or(default, |d| *d == Datum::Truth(true))
    }

    pub fn word(&self, name: &str) -> Option<&str> {
        match self.is_set(name) {
            Some(Datum::Word(word)) => Some(word),
            _ => None,
        }
    }

    pub fn list(&self, name: &str) -> Option<Vec<f64>> {
        match self.is_set(name) {
            Some(Datum::List(list)) => Some(list.iter().filter_map(Datum::real).collect()),
            _ => None,
        }
    }

    /// A list of numbers, each with how Python writes it: a whole number stays one.
    pub fn written(&self, name: &str) -> Vec<(f64, String)> {
        let Some(Datum::List(list)) = self.is_set(name) else { return Vec::new() };
        let text = |d: &Datum| match d {
            Datum::Whole(n) => Some((*n as f64, n.to_string())),
            Datum::Real(x) => Some((*x, format!("{x:?}"))),
            _ => None,
        };
        list.iter().filter_map(text).collect()
    }
}
