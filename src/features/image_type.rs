//! Image types: the scan, and the images PyRadiomics derives from it before it computes features.

use serde::Serialize;

use super::Reason;
use super::parameters::Given;
use super::settings::Intensity;
use crate::error::Result;
use crate::image::filters::{self, Decomposition, Lbp2d, Lbp3d, Pattern, Wavelet};
use crate::image::{Mask, Volume, Window};

/// An image type with its settings. The names of settings are those of a parameter file.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum ImageType {
    /// The scan as it is.
    Original,
    Wavelet(Decomposition),
    LoG(Vec<Sigma>),
    Square,
    SquareRoot,
    Logarithm,
    Exponential,
    Gradient {
        #[serde(rename = "gradientUseSpacing")]
        use_spacing: bool,
    },
    Lbp2d(Lbp2d),
    Lbp3d(Lbp3d),
}

/// The width of a Gaussian.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Sigma {
    /// Millimetres.
    pub mm: f64,
    /// As the parameter file has it, whole or with a point: PyRadiomics puts it into the columns' names.
    pub written: String,
}

/// Image types of PyRadiomics.
pub(super) const NAMES: [&str; 10] =
    ["Original", "Wavelet", "LoG", "Square", "SquareRoot", "Logarithm", "Exponential", "Gradient", "LBP2D", "LBP3D"];

/// What takes the images of a type, one at a time, each with its place in the names; the reason where there is none.
pub(super) type Sink<'a> = dyn FnMut(usize, std::result::Result<Volume, Reason>) -> Result<()> + 'a;

impl ImageType {
    /// The image type of a name in [`NAMES`] under the settings of a parameter file.
    ///
    /// [`NoSuch`](crate::error::Error::NoSuch) for an unknown wavelet.
    pub(super) fn new(name: &str, given: &Given, intensity: &Intensity) -> Result<Self> {
        let whole = |name: &str, default: usize| given.whole(name).map_or(default, |n| n as usize);
        Ok(match name {
            "Wavelet" => Self::Wavelet(Decomposition {
                wavelet: Wavelet::named(given.word("wavelet").unwrap_or("coif1"))?,
                level: whole("level", 1),
                start_level: whole("start_level", 0),
                plane: intensity.plane(),
            }),
            "LoG" => Self::LoG(given.written("sigma").into_iter().map(|(mm, written)| Sigma { mm, written }).collect()),
            "Square" => Self::Square,
            "SquareRoot" => Self::SquareRoot,
            "Logarithm" => Self::Logarithm,
            "Exponential" => Self::Exponential,
            "Gradient" => Self::Gradient { use_spacing: given.truth_or("gradientUseSpacing", true) },
            "LBP2D" => Self::Lbp2d(Lbp2d {
                radius: given.real("lbp2DRadius").unwrap_or(1.0),
                samples: whole("lbp2DSamples", 8),
                method: match given.word("lbp2DMethod") {
                    Some("default") => Pattern::Default,
                    Some("ror") => Pattern::Ror,
                    Some("var") => Pattern::Var,
                    _ => Pattern::Uniform,
                },
                plane: 2 - whole("force2Ddimension", 0),
            }),
            "LBP3D" => Self::Lbp3d(Lbp3d {
                levels: whole("lbp3DLevels", 2),
                radius: given.real("lbp3DIcosphereRadius").unwrap_or(1.0),
                subdivision: whole("lbp3DIcosphereSubdivision", 1),
            }),
            _ => Self::Original,
        })
    }

    /// As a parameter file spells it.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Original => "Original",
            Self::Wavelet(_) => "Wavelet",
            Self::LoG(_) => "LoG",
            Self::Square => "Square",
            Self::SquareRoot => "SquareRoot",
            Self::Logarithm => "Logarithm",
            Self::Exponential => "Exponential",
            Self::Gradient { .. } => "Gradient",
            Self::Lbp2d(_) => "LBP2D",
            Self::Lbp3d(_) => "LBP3D",
        }
    }

    /// What the columns of each image begin with.
    pub fn names(&self) -> Vec<String> {
        let one = |name: &str| vec![name.to_string()];
        match self {
            Self::Original => one("original"),
            Self::Wavelet(decomposition) => decomposition.names(),
            Self::LoG(sigma) => {
                sigma.iter().map(|s| format!("log-sigma-{}-mm-3D", s.written.replace('.', "-"))).collect()
            }
            Self::Square => one("square"),
            Self::SquareRoot => one("squareroot"),
            Self::Logarithm => one("logarithm"),
            Self::Exponential => one("exponential"),
            Self::Gradient { .. } => one("gradient"),
            Self::Lbp2d(_) => one("lbp-2D"),
            Self::Lbp3d(lbp) => lbp.names(),
        }
    }

    /// Hands over a window of each image of a scan, each once, in any order; of LBP3D only the region's voxels are
    /// computed. Errors are the sink's.
    pub(super) fn each(&self, scan: &Volume, roi: &Mask, window: &Window, sink: &mut Sink<'_>) -> Result<()> {
        match self {
            Self::Original => sink(0, Ok(scan.cut(window))),
            Self::Wavelet(decomposition) => decomposition.each(scan, window, |k, image| sink(k, Ok(image))),
            Self::LoG(sigma) => {
                let image = |mm| filters::log_sigma(scan, window, mm).map_err(|_| Reason::TooSmall);
                sigma.iter().enumerate().try_for_each(|(k, sigma)| sink(k, image(sigma.mm)))
            }
            Self::Square => sink(0, Ok(filters::square(scan, window))),
            Self::SquareRoot => sink(0, Ok(filters::square_root(scan, window))),
            Self::Logarithm => sink(0, Ok(filters::logarithm(scan, window))),
            Self::Exponential => sink(0, Ok(filters::exponential(scan, window))),
            Self::Gradient { use_spacing } => sink(0, Ok(filters::gradient(scan, window, *use_spacing))),
            Self::Lbp2d(lbp) => sink(0, Ok(filters::lbp2d(scan, window, lbp))),
            Self::Lbp3d(lbp) => filters::lbp3d(scan, roi, window, lbp, |k, image| sink(k, Ok(image))),
        }
    }

    /// The settings of the filter itself, by their names in a parameter file, each value as it is written there.
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Wavelet(d) => vec![
                ("wavelet", d.wavelet.name().to_string()),
                ("level", d.level.to_string()),
                ("start_level", d.start_level.to_string()),
            ],
            Self::LoG(sigma) => {
                let mm: Vec<&str> = sigma.iter().map(|s| s.written.as_str()).collect();
                vec![("sigma", format!("[{}]", mm.join(", ")))]
            }
            Self::Gradient { use_spacing } => vec![("gradientUseSpacing", use_spacing.to_string())],
            Self::Lbp2d(l) => vec![
                ("lbp2DMethod", format!("{:?}", l.method).to_lowercase()),
                ("lbp2DRadius", l.radius.to_string()),
                ("lbp2DSamples", l.samples.to_string()),
            ],
            Self::Lbp3d(l) => vec![
                ("lbp3DLevels", l.levels.to_string()),
                ("lbp3DIcosphereRadius", l.radius.to_string()),
                ("lbp3DIcosphereSubdivision", l.subdivision.to_string()),
            ],
            Self::Original | Self::Square | Self::SquareRoot | Self::Logarithm | Self::Exponential => Vec::new(),
        }
    }
}
