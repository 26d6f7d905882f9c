//! The digital phantom of IBSI 1 with its consensus values (reference manual v11, tables of the phantom "dig. phantom",
//! three-dimensional aggregation), each given there to three figures.

use std::path::Path;

use radnote::features::{self, Profile, Settings};
use radnote::image::{Geometry, Mask, Pixel, Volume};
use radnote::task::Task;

/// Grey levels slice by slice, row by row; 0 lies outside the region. Voxels are cubes of 2 mm.
const PHANTOM: [[[u8; 5]; 4]; 4] = [
    [[1, 4, 4, 1, 1], [1, 4, 6, 1, 1], [4, 1, 6, 4, 1], [4, 4, 6, 4, 1]],
    [[1, 4, 4, 1, 1], [1, 1, 6, 1, 1], [0, 1, 3, 1, 1], [4, 4, 6, 1, 1]],
    [[1, 4, 4, 0, 0], [1, 1, 1, 1, 1], [1, 1, 0, 1, 1], [1, 1, 6, 1, 1]],
    [[1, 4, 4, 0, 0], [1, 1, 1, 1, 1], [1, 1, 1, 1, 1], [1, 1, 6, 1, 1]],
];

/// Feature, and the consensus value.
const CONSENSUS: &[(&str, f64)] = &[
    ("shape_MeshVolume", 556.0),
    ("shape_VoxelVolume", 592.0),
    ("shape_SurfaceArea", 388.0),
    ("shape_SurfaceVolumeRatio", 0.698),
    ("shape_Compactness1", 0.0411),
    ("shape_Compactness2", 0.599),
    ("shape_SphericalDisproportion", 1.19),
    ("shape_Sphericity", 0.843),
    ("shape_Maximum3DDiameter", 13.1),
    ("shape_MajorAxisLength", 11.4),
    ("shape_MinorAxisLength", 9.31),
    ("shape_LeastAxisLength", 8.54),
    ("shape_Elongation", 0.816),
    ("shape_Flatness", 0.749),
    ("firstorder_Mean", 2.15),
    ("firstorder_Variance", 3.05),
    ("firstorder_Skewness", 1.08),
    ("firstorder_Kurtosis", -0.355),
    ("firstorder_Median", 1.0),
    ("firstorder_Minimum", 1.0),
    ("firstorder_10Percentile", 1.0),
    ("firstorder_90Percentile", 4.0),
    ("firstorder_Maximum", 6.0),
    ("firstorder_InterquartileRange", 3.0),
    ("firstorder_Range", 5.0),
    ("firstorder_MeanAbsoluteDeviation", 1.55),
    ("firstorder_RobustMeanAbsoluteDeviation", 1.11),
    ("firstorder_Energy", 567.0),
    ("firstorder_RootMeanSquared", 2.77),
    ("firstorder_Entropy", 1.27),
    ("firstorder_Uniformity", 0.512),
    ("glcm_MaximumProbability", 0.503),
    ("glcm_JointAverage", 2.14),
    ("glcm_SumSquares", 3.1),
    ("glcm_JointEntropy", 2.4),
    ("glcm_DifferenceAverage", 1.43),
    ("glcm_DifferenceVariance", 3.06),
    ("glcm_DifferenceEntropy", 1.56),
    ("glcm_SumAverage", 4.29),
    ("glcm_ClusterTendency", 7.07),
    ("glcm_SumEntropy", 1.92),
    ("glcm_JointEnergy", 0.303),
    ("glcm_Contrast", 5.32),
    ("glcm_Id", 0.677),
    ("glcm_Idn", 0.851),
    ("glcm_Idm", 0.618),
    ("glcm_Idmn", 0.898),
    ("glcm_InverseVariance", 0.0604),
    ("glcm_Correlation", 0.157),
    ("glcm_Autocorrelation", 5.06),
    ("glcm_ClusterShade", 16.6),
    ("glcm_ClusterProminence", 145.0),
    ("glcm_Imc1", -0.157),
    ("glcm_Imc2", 0.52),
    ("glrlm_ShortRunEmphasis", 0.705),
    ("glrlm_LongRunEmphasis", 3.06),
    ("glrlm_LowGrayLevelRunEmphasis", 0.603),
    ("glrlm_HighGrayLevelRunEmphasis", 9.7),
    ("glrlm_ShortRunLowGrayLevelEmphasis", 0.352),
    ("glrlm_ShortRunHighGrayLevelEmphasis", 8.54),
    ("glrlm_LongRunLowGrayLevelEmphasis", 2.39),
    ("glrlm_LongRunHighGrayLevelEmphasis", 17.6),
    ("glrlm_GrayLevelNonUniformity", 21.8),
    ("glrlm_GrayLevelNonUniformityNormalized", 0.43),
    ("glrlm_RunLengthNonUniformity", 26.9),
    ("glrlm_RunLengthNonUniformityNormalized", 0.513),
    ("glrlm_RunPercentage", 0.68),
    ("glrlm_GrayLevelVariance", 3.46),
    ("glrlm_RunVariance", 0.574),
    ("glrlm_RunEntropy", 2.43),
    ("glszm_SmallAreaEmphasis", 0.255),
    ("glszm_LargeAreaEmphasis", 550.0),
    ("glszm_LowGrayLevelZoneEmphasis", 0.253),
    ("glszm_HighGrayLevelZoneEmphasis", 15.6),
    ("glszm_SmallAreaLowGrayLevelEmphasis", 0.0256),
    ("glszm_SmallAreaHighGrayLevelEmphasis", 2.76),
    ("glszm_LargeAreaLowGrayLevelEmphasis", 503.0),
    ("glszm_LargeAreaHighGrayLevelEmphasis", 1490.0),
    ("glszm_GrayLevelNonUniformity", 1.4),
    ("glszm_GrayLevelNonUniformityNormalized", 0.28),
    ("glszm_SizeZoneNonUniformity", 1.0),
    ("glszm_SizeZoneNonUniformityNormalized", 0.2),
    ("glszm_ZonePercentage", 0.0676),
    ("glszm_GrayLevelVariance", 2.64),
    ("glszm_ZoneVariance", 331.0),
    ("glszm_ZoneEntropy", 2.32),
    ("ngtdm_Coarseness", 0.0296),
    ("ngtdm_Contrast", 0.584),
    ("ngtdm_Busyness", 6.54),
    ("ngtdm_Complexity", 13.5),
    ("ngtdm_Strength", 0.763),
    ("gldm_SmallDependenceEmphasis", 0.045),
    ("gldm_LargeDependenceEmphasis", 109.0),
    ("gldm_LowGrayLevelEmphasis", 0.693),
    ("gldm_HighGrayLevelEmphasis", 7.66),
    ("gldm_SmallDependenceLowGrayLevelEmphasis", 0.00963),
    ("gldm_SmallDependenceHighGrayLevelEmphasis", 0.736),
    ("gldm_LargeDependenceLowGrayLevelEmphasis", 102.0),
    ("gldm_LargeDependenceHighGrayLevelEmphasis", 235.0),
    ("gldm_GrayLevelNonUniformity", 37.9),
    ("gldm_DependenceNonUniformity", 4.86),
    ("gldm_DependenceNonUniformityNormalized", 0.0657),
    ("gldm_GrayLevelVariance", 3.05),
    ("gldm_DependenceVariance", 22.1),
    ("gldm_DependenceEntropy", 4.4),
];

fn phantom() -> (Volume, Mask) {
    let geometry = Geometry::new([5, 4, 4], [2.0; 3]);
    let levels: Vec<u8> = PHANTOM.as_flattened().as_flattened().to_vec();
    let inside = levels.iter().map(|l| *l > 0).collect();
    let voxels = levels.into_iter().map(f64::from).collect();
    (Volume { geometry, voxels, pixel: Pixel::Integer { bits: 8, signed: false } }, Mask { geometry, inside })
}

fn settings(profile: Profile) -> Settings {
    let text = "featureClass:\n  shape: [MeshVolume, VoxelVolume, SurfaceArea, SurfaceVolumeRatio, Compactness1, \
                Compactness2, SphericalDisproportion, Sphericity, Maximum3DDiameter, MajorAxisLength, MinorAxisLength, \
                LeastAxisLength, Elongation, Flatness]\n  firstorder:\n  glcm:\n  glrlm:\n  glszm:\n  gldm:\n  ngtdm:\n\
                setting:\n  binWidth: 1\n";
    Settings::parse(text, Path::new("phantom.yaml")).unwrap().with_profile(profile)
}

/// More than by rounding.
fn apart(a: features::Value, b: features::Value) -> bool {
    match (a.number(), b.number()) {
        (Some(a), Some(b)) => (a - b).abs() > 1e-12 * a.abs().max(b.abs()),
        (a, b) => a.is_some() != b.is_some(),
    }
}

/// The value rounded to the three figures the consensus has.
fn rounded(value: f64) -> f64 {
    format!("{value:.2e}").parse().unwrap()
}

#[test]
fn the_digital_phantom_has_the_consensus_values() {
    let (image, roi) = phantom();
    let settings = settings(Profile::Ibsi);
    let values = features::extract(&image, &roi, &settings, &Task::default()).unwrap().values;
    let names = features::names(&settings);
    for (feature, want) in CONSENSUS {
        let at = names.iter().position(|n| *n == format!("original_{feature}")).unwrap();
        let got = rounded(values[at].number().unwrap());
        assert!((got - want).abs() < 1e-9 * want.abs().max(1.0), "{feature}: {got}, not {want}");
    }
    println!("IBSI digital phantom: {} consensus values", CONSENSUS.len());
}

#[test]
fn the_profiles_differ_in_bin_origin_axis_lengths_and_kurtosis_only() {
    let (mut image, roi) = phantom();
    image.voxels.iter_mut().for_each(|v| *v += 0.25);
    let extract = |profile, width| {
        let mut settings = settings(profile);
        settings.images[0].intensity.bins = features::Bins::Width(width);
        features::extract(&image, &roi, &settings, &Task::default()).unwrap().values
    };
    let names = features::names(&settings(Profile::Ibsi));
    let differ = |width| -> Vec<String> {
        let both = extract(Profile::PyRadiomics, width).into_iter().zip(extract(Profile::Ibsi, width));
        both.zip(&names).filter(|((a, b), _)| apart(*a, *b)).map(|(_, name)| name.clone()).collect()
    };
    let axes = ["LeastAxisLength", "MajorAxisLength", "MinorAxisLength"].map(|axis| format!("original_shape_{axis}"));
    let always: Vec<String> = axes.into_iter().chain(["original_firstorder_Kurtosis".into()]).collect();
    let mut found = differ(1.0);
    found.sort();
    let mut wanted = always.clone();
    wanted.sort();
    assert_eq!(found, wanted, "levels one apart fall into the same bins");
    assert!(differ(3.0).len() > 20, "bins of 3 begin at 0 or at 1.25");
}
