//! Every feature against PyRadiomics, both ways: none missing, none extra.

#[path = "features/folder.rs"]
mod folder;
#[path = "features/ibsi.rs"]
mod ibsi;
#[path = "features/matrices.rs"]
mod matrices;
#[path = "features/parameters.rs"]
mod parameters;
#[path = "features/regions.rs"]
mod regions;

use std::env;
use std::path::Path;

use folder::{Exception, Limit, Report, TIE_LIMIT, TIES, compare};

/// Where phantoms and their values lie; `make.py` there made them.
const PHANTOMS: &str = "tests/baseline";

const THIRD_MOMENT: &str =
    "the values lie symmetrically about their mean: the third moment is 0, and each sum rounds in its own order";
const RUN_VARIANCE: &str =
    "every run has length 1: the variance is 0, where PyRadiomics is left with the rounding of its mean";

/// Every value that differs from PyRadiomics by more than 1e-9 of itself, and why.
const EXCEPTIONS: &[Exception] = &[
    zero("unweighted-sum", "four_voxels", "original_glcm_ClusterShade", THIRD_MOMENT),
    zero("weighted-infinity", "four_voxels", "original_glcm_ClusterShade", THIRD_MOMENT),
    zero("weighted-euclidean", "scattered", "original_glrlm_RunVariance", RUN_VARIANCE),
    zero("resegment-edge", "three_values", "original_firstorder_Skewness", THIRD_MOMENT),
    zero("resegment-relative", "three_values", "original_firstorder_Skewness", THIRD_MOMENT),
    zero("resegment-sigma", "three_values", "original_firstorder_Skewness", THIRD_MOMENT),
];

/// A value that is 0 but for rounding.
const fn zero(case: &'static str, id: &'static str, column: &'static str, cause: &'static str) -> Exception {
    Exception { case, id, column, limit: Limit::Zero(1e-12), cause }
}

/// Compares a folder, prints what it gave and fails on any wrong value, or when it holds no case.
fn hold(folder: &Path) -> Report {
    let report = compare(folder, EXCEPTIONS);
    println!("{}: {} values in {} cases", folder.display(), report.values, report.cases);
    println!(
        "{} of them differ where the reference's order of summation decides, by at most {TIE_LIMIT:e}",
        report.ties
    );
    TIES.iter().for_each(|tie| println!("  cause: {}", tie.cause));
    report.lines.iter().for_each(|line| println!("  {line}"));
    assert!(report.cases > 0, "{} holds no case", folder.display());
    assert!(report.wrong.is_empty(), "{} wrong:\n{}", report.wrong.len(), report.wrong.join("\n"));
    report
}

#[test]
fn phantoms_have_the_features_of_pyradiomics() {
    let report = hold(Path::new(PHANTOMS));
    assert_eq!(report.cases, 31);
}

#[test]
fn patients_have_the_features_of_pyradiomics() {
    let folder = Path::new("../shared/sts-mri");
    if folder.is_dir() {
        hold(folder);
    } else {
        println!("skipped: no sts-mri");
    }
}

#[test]
fn folders_of_baselines_have_the_features_of_pyradiomics() {
    match env::var("RADNOTE_BASELINES") {
        Ok(folders) => env::split_paths(&folders).for_each(|folder| drop(hold(&folder))),
        Err(_) => println!("skipped: RADNOTE_BASELINES names no folder"),
    }
}

#[test]
fn a_folder_without_a_case_is_told_from_one_that_agrees() {
    let folder = env::temp_dir().join(format!("radnote-baselines-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("reference")).unwrap();
    std::fs::write(folder.join("cohort.csv"), "ID,Image,Mask\n").unwrap();
    let report = compare(&folder, EXCEPTIONS);
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!((report.cases, report.values), (0, 0));
}

#[test]
fn every_exception_is_needed_small_and_has_its_cause() {
    let report = compare(Path::new(PHANTOMS), EXCEPTIONS);
    for (k, exception) in EXCEPTIONS.iter().enumerate() {
        let Exception { case, id, column, limit, cause } = exception;
        println!("{case} {id} {column}: {cause}");
        assert!(report.used.contains(&k), "{case} {id} {column} agrees without its exception");
        assert!(cause.len() > 20);
        match limit {
            Limit::Relative(limit) => assert!(*limit <= 1e-6),
            Limit::Zero(limit) => assert!(*limit <= 1e-12),
        }
    }
}
