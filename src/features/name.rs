//! Column names as PyRadiomics writes them: image, class and feature joined by `_`.

use super::selection::Selection;
use super::settings::Settings;

/// The name of every feature [`super::extract`] computes under these settings, in PyRadiomics' column order: the shape of
/// the region first, in space and then in a plane, then each image with its classes, in the order of the parameter file.
pub fn names(settings: &Settings) -> Vec<String> {
    let columns = |image: &str, s: &Selection| {
        s.features.iter().map(|feature| format!("{image}_{}_{feature}", s.class)).collect::<Vec<_>>()
    };
    let mut names: Vec<String> = settings.outlines().flat_map(|(s, _)| columns("original", s)).collect();
    for image in images(settings) {
        let classes = settings.classes.iter().filter_map(Selection::of_image);
        names.extend(classes.flat_map(|(s, _)| columns(&image, s)));
    }
    names
}

/// The name of every image, the unfiltered one included, that features are computed of.
pub fn images(settings: &Settings) -> Vec<String> {
    settings.images.iter().flat_map(|image| image.kind.names()).collect()
}
