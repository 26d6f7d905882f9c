//! Parameter files: what is taken, and what is refused with which words.

use std::path::Path;

use radnote::error::Error;
use radnote::features::{self, Bins, Settings};

fn parse(text: &str) -> Result<Settings, Error> {
    Settings::parse(text, Path::new("p.yaml"))
}

/// The sentence and the remedy of a refusal.
fn refusal(text: &str) -> (String, String) {
    let why = parse(text).unwrap_err();
    (why.to_string(), why.remedy())
}

#[test]
fn the_preset_has_the_107_features_in_the_columns_of_pyradiomics() {
    let settings = Settings::preset("original-107").unwrap();
    let names = features::names(&settings);
    assert_eq!(names.len(), 107);
    assert_eq!(names[0], "original_shape_Elongation");
    assert_eq!(names[106], "original_ngtdm_Strength");
    assert_eq!((settings.label, settings.minimum_roi_dimensions), (1, 2));
    let why = Settings::preset("orignal-107").unwrap_err();
    assert_eq!(why.to_string(), "there is no preset `orignal-107`");
    assert_eq!(why.remedy(), "did you mean `original-107`?");
}

#[test]
fn a_name_pyradiomics_does_not_know_is_refused_with_its_line_and_the_nearest() {
    let cases = [
        (
            "setting:\n  binWith: 25\n",
            "p.yaml, line 2, column 3: there is no setting `binWith`",
            "did you mean `binWidth`?",
        ),
        (
            "settings:\n  binWidth: 25\n",
            "p.yaml, line 1, column 1: there is no section `settings`",
            "did you mean `setting`?",
        ),
        (
            "imageType:\n  original: {}\n",
            "p.yaml, line 2, column 3: there is no image type `original`",
            "did you mean `Original`?",
        ),
        (
            "featureClass:\n  shape:\n  firstOrder:\n",
            "p.yaml, line 3, column 3: there is no feature class `firstOrder`",
            "did you mean `firstorder`?",
        ),
        (
            "featureClass:\n  glcm:\n    - Contrast\n    - Corelation\n",
            "p.yaml, line 4, column 7: there is no feature of glcm `Corelation`",
            "did you mean `Correlation`?",
        ),
        (
            "imageType:\n  Original:\n    label: 2\n",
            "p.yaml, line 3, column 5: `label` is one for all image types",
            "move it to the section `setting`",
        ),
    ];
    for (text, sentence, remedy) in cases {
        assert_eq!(refusal(text), (sentence.into(), remedy.into()));
    }
}

#[test]
fn a_value_of_the_wrong_kind_is_refused_with_what_it_must_be() {
    let cases = [
        ("binWidth: 0", "`binWidth` must be a number above 0"),
        ("binWidth: wide", "`binWidth` must be a number above 0"),
        ("binWidth:", "`binWidth` must be a number above 0"),
        ("binCount: 2.5", "`binCount` must be a whole number from 1"),
        ("label: 0", "`label` must be a whole number from 1"),
        ("minimumROIDimensions: 4", "`minimumROIDimensions` must be a whole number from 1 to 3"),
        ("distances: 1", "`distances` must be a list of different whole numbers from 1"),
        ("distances: [1, 1]", "`distances` must be a list of different whole numbers from 1"),
        ("symmetricalGLCM: yes", "`symmetricalGLCM` must be true or false"),
        ("weightingNorm: cosine", "`weightingNorm` must be one of manhattan, euclidean, infinity, no_weighting"),
        ("resegmentRange: [1, 2, 3]", "`resegmentRange` must be a list of one or two numbers"),
    ];
    for (setting, sentence) in cases {
        assert_eq!(refusal(&format!("setting:\n  {setting}\n")).0, format!("p.yaml, line 2, column 3: {sentence}"));
    }
}

#[test]
fn text_that_is_no_parameter_file_is_refused() {
    assert_eq!(refusal("").0, "p.yaml, line 1, column 1: is empty");
    assert_eq!(refusal("a: 1\n---\nb: 2\n").0, "p.yaml, line 1, column 1: holds more than one document");
    assert_eq!(refusal("[1, 2]").0, "p.yaml, line 1, column 1: the file is no mapping of names to values");
    assert!(refusal("setting:\n  binWidth: 1\n  binWidth: 2\n").0.starts_with("p.yaml, line 3, column 3: is no YAML:"));
    assert!(matches!(Settings::read(Path::new("nowhere.yaml")), Err(Error::File { .. })));
}

#[test]
fn settings_of_an_image_type_stand_above_those_of_the_file() {
    let settings = parse("imageType:\n  Original:\n    binWidth: 60\nsetting:\n  binWidth: 5\n").unwrap();
    assert_eq!(settings.images[0].intensity.bins, Bins::Width(60.0));
    let settings = parse("setting:\n  binWidth: 5\n  binCount: 8\n").unwrap();
    assert_eq!(settings.images[0].intensity.bins, Bins::Count(8));
}

#[test]
fn the_canonical_text_is_equal_exactly_when_the_settings_are() {
    let canonical = |text: &str| parse(text).unwrap().canonical();
    let usual = canonical("setting:\n  binWidth: 25\n");
    assert_eq!(
        usual,
        canonical("setting: {label: 1, binWidth: 25.0, additionalInfo: false}\nimageType:\n  Original: {}\n")
    );
    let others = [
        "binWidth: 24",
        "binCount: 25",
        "label: 2",
        "distances: [1, 2]",
        "symmetricalGLCM: false",
        "weightingNorm: no_weighting",
        "gldm_a: 1",
        "voxelArrayShift: 1",
        "force2D: true",
        "minimumROIDimensions: 1",
        "minimumROISize: 9",
        "resegmentRange: [0]",
    ];
    let mut all: Vec<String> = others.iter().map(|s| canonical(&format!("setting:\n  {s}\n"))).collect();
    all.push(usual);
    all.push(canonical("featureClass:\n  glcm:\n"));
    all.push(canonical("featureClass:\n  glcm: [Id]\n"));
    let count = all.len();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), count);
}

#[test]
fn what_pyradiomics_passes_over_is_taken_and_remarked() {
    let remarks = |text: &str| parse(text).unwrap().remarks;
    let cases = [
        (
            "featureClass:\n  glcm: [Homogeneity1, Id]\n",
            "there is no glcm Homogeneity1: PyRadiomics computes none, since",
        ),
        ("featureClass:\n  shape:\n  shape2D:\n", "without `force2D: true` there are no shape2D features"),
        ("imageType:\n  LoG: {}\n", "LoG without `sigma` gives no image"),
        ("voxelSetting:\n  kernelRadius: 2\n", "`voxelSetting` steers feature maps"),
    ];
    for (text, remark) in cases {
        let found = remarks(text);
        assert!(found.len() == 1 && found[0].starts_with(remark), "{text}: {found:?}");
    }
    let names = |text: &str| features::names(&parse(text).unwrap());
    assert_eq!(names("featureClass:\n  glcm: [Homogeneity1, Id]\n"), ["original_glcm_Id"]);
    assert_eq!(names("featureClass:\n  glcm: [Homogeneity1]\n"), [""; 0]);
    assert_eq!(names("imageType:\n  LoG: {}\nfeatureClass:\n  glcm:\n"), [""; 0]);
    assert_eq!(remarks("featureClass:\n  firstorder:\n"), [""; 0]);
}

#[test]
fn images_are_named_as_pyradiomics_names_them() {
    let images = |text: &str| features::images(&parse(&format!("imageType:\n{text}")).unwrap());
    assert_eq!(images("  LoG: {sigma: [1, 2.5, 3.0]}\n"), ["1", "2-5", "3-0"].map(|s| format!("log-sigma-{s}-mm-3D")));
    let levels = images("  Wavelet: {level: 2, force2D: true}\n");
    let bands = ["wavelet-LH", "wavelet-HL", "wavelet-HH", "wavelet2-LH", "wavelet2-HL", "wavelet2-HH", "wavelet2-LL"];
    assert_eq!(levels, bands);
    assert_eq!(images("  LBP3D: {lbp3DLevels: 3}\n"), ["lbp-3D-m1", "lbp-3D-m2", "lbp-3D-m3", "lbp-3D-k"]);
    let (why, remedy) = refusal("imageType:\n  Wavelet: {wavelet: coiff1}\n");
    assert_eq!(why, "p.yaml, line 2, column 3: there is no wavelet `coiff1`");
    assert_eq!(remedy, "did you mean `coif1`?");
}
