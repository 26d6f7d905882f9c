//! `show image`: a slice of a patient's scan, filtered or not, with the outlines of the masks.

use crate::cohort::Patient;
use crate::commands::World;
use crate::commands::scan::{Look, look};
use crate::error::{Error, Result};
use crate::features;
use crate::image::{Mask, Volume, Window};
use crate::num::summary;
use crate::page::{Page, Picture, number};

/// Voxels shown around the tumour, as a share of its extent.
const MARGIN: f64 = 0.25;

/// What is asked for.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// The image by the name its columns begin with.
    pub name: &'a str,
    pub patient: Option<&'a str>,
    /// From 1; none: the one with most of the region.
    pub slice: Option<u32>,
    pub params: Option<&'a str>,
    /// What is shown black and white; none: the hundredth and the ninety-ninth percentile.
    pub greys: Option<(f64, f64)>,
}

/// The page of a slice.
pub fn page(asked: &Asked<'_>, world: &World<'_>) -> Result<Page> {
    let name = asked.name;
    let Look { patient, settings, scan, roi, others } = look(world, "show image", asked.patient, asked.params)?;
    let (low, high) = roi.bounds().ok_or_else(|| Error::BadRoi { why: "is empty".into() })?;
    let z = match asked.slice {
        None => thickest(&roi),
        Some(slice) if (1..=scan.geometry.size[2]).contains(&(slice as usize)) => slice as usize - 1,
        Some(slice) => {
            let expected = format!("the image has slices 1 to {}", scan.geometry.size[2]);
            return Err(Error::BadValue { what: "`--slice`".into(), given: slice.to_string(), expected });
        }
    };
    let window = around((low, high), z, &scan);
    let slice = features::filtered(&scan, &roi, &settings, name, &window)?;
    let (black, white) = asked.greys.unwrap_or_else(|| greys(&slice));
    let (first, last, slices) = (low[2] + 1, high[2] + 1, scan.geometry.size[2]);
    let title = title(z + 1, slices, (first, last), &others, name);
    let shown = picture(&slice, (black, white), &window, &roi, &others, title);
    let readers = match others.as_slice() {
        [] => "1 the mask's outline".to_string(),
        [(2, _)] => "1 first reader's outline, 2 second's".to_string(),
        _ => "each reader's by the reader's number".to_string(),
    };
    let headline = format!("{name} of {}, slice {} of {slices}", patient.id, z + 1);
    Ok(Page::new("Image", headline)
        .block(crate::page::Block::Picture(shown))
        .facts([
            ("outlines", readers),
            ("grey", format!("from {} (black) to {} (white)", number::value(black), number::value(white))),
            ("tumour", format!("slices {first} to {last}")),
        ])
        .facts(around_it(name).map(|text| ("around the tumour", text)))
        .value("slice", z + 1)
        .value("slices", slices)
        .value("images", features::images(&settings))
        .value("greys", asked.greys.is_some())
        .value("black", black)
        .value("white", white)
        .value("sum", slice.voxels.iter().sum::<f64>()))
}

/// What is seen outside the outlines; nothing to say of a scan as it is.
fn around_it(name: &str) -> Option<&'static str> {
    match name {
        "original" => None,
        name if name.starts_with("lbp-3D") => Some("shown as 0: this filter is computed inside the tumour only"),
        _ => Some("filtered like the tumour: features are computed of the values inside only"),
    }
}

/// The slice of a scan as it is that holds most of a mask, with its outline and those of the others; none where the mask is
/// empty or of another size.
pub fn outlined(scan: &Volume, roi: &Mask, others: &[(usize, Mask)], patient: &Patient) -> Option<Picture> {
    let bounds = roi.bounds().filter(|_| roi.geometry.size == scan.geometry.size)?;
    let window = around(bounds, thickest(roi), scan);
    let slice = scan.cut(&window);
    let title = format!("{}, slice {} of {}", patient.id, window.low[2] + 1, scan.geometry.size[2]);
    Some(picture(&slice, greys(&slice), &window, roi, others, title))
}

/// The part of slice `z` with the tumour, whose lowest and highest voxels are given, and a margin.
fn around((low, high): ([usize; 3], [usize; 3]), z: usize, scan: &Volume) -> Window {
    let margin = |axis: usize| ((high[axis] - low[axis]) as f64 * MARGIN).ceil() as usize + 1;
    let size = [high[0] - low[0] + 1, high[1] - low[1] + 1, 1];
    Window { low: [low[0], low[1], z], size }.grown([margin(0), margin(1), 0], &scan.geometry)
}

/// The slice with most voxels of the region.
fn thickest(roi: &Mask) -> usize {
    let slice = roi.geometry.size[0] * roi.geometry.size[1];
    let count = |slice: &[bool]| slice.iter().filter(|inside| **inside).count();
    let counts: Vec<usize> = roi.inside.chunks(slice.max(1)).map(count).collect();
    (0..counts.len()).max_by_key(|z| (counts[*z], std::cmp::Reverse(*z))).unwrap_or(0)
}

/// What is shown black and white: a hundredth of the voxels lies below, and one above, so that a few do not take the contrast.
fn greys(slice: &Volume) -> (f64, f64) {
    let finite: Vec<f64> = slice.voxels.iter().copied().filter(|v| v.is_finite()).collect();
    let sorted = summary::sorted(&finite);
    (summary::quantile(&sorted, 0.01), summary::quantile(&sorted, 0.99))
}

/// What one needs to read the slice, the most wanted first: where it lies, and whose the outlines are.
fn title(slice: usize, slices: usize, (first, last): (usize, usize), others: &[(usize, Mask)], name: &str) -> String {
    let inside = if (first..=last).contains(&slice) { "tumour" } else { "outside the tumour," };
    let numbers: Vec<String> = std::iter::once(1).chain(others.iter().map(|o| o.0)).map(|n| n.to_string()).collect();
    let readers = if numbers.len() > 1 { "readers" } else { "outline" };
    format!("slice {slice} of {slices}, {inside} {first}-{last}; {} = {readers}; {name}", numbers.join(", "))
}

fn picture(
    slice: &Volume,
    (black, white): (f64, f64),
    window: &Window,
    roi: &Mask,
    others: &[(usize, Mask)],
    title: String,
) -> Picture {
    let size = [window.size[0], window.size[1]];
    let span = if white > black { white - black } else { 1.0 };
    let grey = |v: &f64| if v.is_finite() { (v - black) / span } else { 0.0 };
    let outline = |mask: &Mask| {
        let rows = (window.low[1]..window.low[1] + size[1]).map(|y| mask.geometry.at(window.low[0], y, window.low[2]));
        let inside: Vec<bool> = rows.flat_map(|at| mask.inside[at..at + size[0]].iter().copied()).collect();
        Picture::border(size, &inside)
    };
    let mut outlines = vec![('1', outline(roi))];
    let mark = |number: usize| u32::try_from(number).ok().and_then(|n| char::from_digit(n, 36)).unwrap_or('*');
    outlines.extend(others.iter().map(|(number, mask)| (mark(*number), outline(mask))));
    Picture {
        title,
        size,
        pixel: [slice.geometry.spacing[0], slice.geometry.spacing[1]],
        grey: slice.voxels.iter().map(grey).collect(),
        outlines,
    }
}
