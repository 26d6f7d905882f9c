//! Several readers, replicates of masks, a signature that travels, and a new patient.

use ndarray::Array2;
use radnote::image::{Extent, Geometry, Mask, Movement, dice, perturb};
use radnote::page::Block;
use radnote::stats::icc::{self, Form};

use crate::common;

const OPEN: &str = "open cohort.csv --clinical clinical.csv --outcome lung_metastasis --role role";
const EXTRACT: &str = "extract --params original-107";

/// An ellipsoid off the middle of its grid.
fn mask() -> Mask {
    let geometry = Geometry::new([40, 36, 14], [0.8, 0.8, 3.0]);
    let mut inside = Vec::new();
    for z in 0..14 {
        for y in 0..36 {
            for x in 0..40 {
                let r = [(f64::from(x) - 19.0) / 11.0, (f64::from(y) - 17.0) / 8.0, (f64::from(z) - 6.0) / 3.5];
                inside.push(r.iter().map(|r| r * r).sum::<f64>() <= 1.0);
            }
        }
    }
    Mask { geometry, inside }
}

const STILL: Movement = Movement { rotation: 0.0, shift: [0.0; 3], volume: 1.0, contour: 0.0, seed: 1 };

#[test]
fn a_mask_that_is_not_moved_comes_back() {
    assert_eq!(perturb(&mask(), &STILL).unwrap(), mask());
}

#[test]
fn a_shift_by_whole_voxels_moves_every_voxel() {
    let moved = perturb(&mask(), &Movement { shift: [1.6, -0.8, 3.0], ..STILL }).unwrap();
    let (low, high) = mask().bounds().unwrap();
    let by = |at: [usize; 3]| [at[0] + 2, at[1] - 1, at[2] + 1];
    assert_eq!(moved.bounds().unwrap(), (by(low), by(high)));
    let grid = mask().geometry;
    let same =
        |x: usize, y: usize, z: usize| moved.inside[grid.at(x + 2, y - 1, z + 1)] == mask().inside[grid.at(x, y, z)];
    assert!((1..36).all(|y| (0..38).all(|x| (0..13).all(|z| same(x, y, z)))));
}

#[test]
fn the_volume_is_met_to_the_voxel() {
    let count = mask().count() as f64;
    for volume in [0.5, 0.9, 1.1, 1.3] {
        let moved = perturb(&mask(), &Movement { volume, ..STILL }).unwrap();
        assert_eq!(moved.count() as f64, (count * volume).round());
        let nested =
            moved.inside.iter().zip(&mask().inside).all(|(m, o)| if volume < 1.0 { !m || *o } else { *m || !o });
        assert!(nested, "{volume}");
    }
    assert!(perturb(&mask(), &Movement { volume: 1e-9, ..STILL }).is_err());
}

#[test]
fn a_right_angle_swaps_the_axes() {
    let turned = perturb(&mask(), &Movement { rotation: 90.0, ..STILL }).unwrap();
    let span = |m: &Mask, k: usize| m.bounds().map(|(low, high)| high[k] - low[k]).unwrap();
    assert_eq!((span(&turned, 0), span(&turned, 1)), (span(&mask(), 1), span(&mask(), 0)));
    assert_eq!(span(&turned, 2), span(&mask(), 2));
}

#[test]
fn a_contour_moves_by_its_seed_and_a_flat_mask_stays_flat() {
    let wobbly = |seed: i32| perturb(&mask(), &Movement { contour: 1.0, seed, ..STILL }).unwrap();
    assert_eq!(wobbly(3), wobbly(3));
    assert_ne!(wobbly(3), wobbly(4));
    let share = dice(&wobbly(3), &mask());
    assert!((0.75..0.98).contains(&share), "{share}");
    let mut flat = mask();
    let slice = 40 * 36;
    flat.inside.iter_mut().enumerate().for_each(|(i, v)| *v = *v && i / slice == 6);
    let extent = Extent { rotation: 20.0, shift: 2.0, volume: 0.3, contour: 1.0 };
    for seed in 0..5 {
        let (low, high) = perturb(&flat, &extent.draw(seed)).unwrap().bounds().unwrap();
        assert_eq!((low[2], high[2]), (6, 6));
    }
}

#[test]
fn replicates_stand_for_readers() {
    let made = |more: &str, above: &[&str]| {
        let mut session = common::notebook(common::demo(), &[OPEN, EXTRACT]);
        above.iter().for_each(|line| drop(common::submit(&mut session, line)));
        common::submit(&mut session, &format!("perturb --replicates 2 --patients 6 {more}"));
        session
    };
    let mut session = made("", &["icc"]);
    let heads: Vec<&str> = session.entries().iter().map(|e| e.line.split(' ').next().unwrap()).collect();
    assert_eq!(heads, ["open", "extract", "perturb", "icc"]);
    let values = common::values(&session, "perturb").clone();
    assert_eq!(values["n_failed"], 0);
    assert_eq!(values["dice"].as_array().unwrap().len(), 12);
    let alike = |d: &serde_json::Value| (0.6..1.0).contains(&d.as_f64().unwrap());
    assert!(values["dice"].as_array().unwrap().iter().all(alike), "{}", values["dice"]);
    let first = common::values(&session, "icc").clone();
    assert!(first["n"].as_array().unwrap().iter().all(|n| n.as_f64() == Some(6.0)));
    // The same whatever the threads, another with another seed.
    let one = made("--jobs 1", &["icc"]);
    assert_eq!(common::values(&one, "icc")["icc"], first["icc"]);
    common::submit(&mut session, "perturb --replicates 2 --patients 6 --seed 2");
    assert_ne!(common::values(&session, "icc")["icc"], first["icc"]);
}

#[test]
fn perturb_says_what_it_needs() {
    let mut session = common::notebook(common::demo(), &[OPEN, EXTRACT]);
    let mut says = |line: &str| session.submit(line, &radnote::task::Task::default()).unwrap_err().to_string();
    assert!(says("perturb --replicates 0").contains("from 1 to 100"));
    assert!(says("perturb --volume 1").contains("a share from 0 to 0.9"));
    let file = common::scratch("robust-features").join("features.csv");
    common::submit(&mut session, &format!("export {} --features all", file.display()));
    let mut session = common::notebook(common::demo(), &[OPEN, &format!("features {}", file.display())]);
    let error = session.submit("perturb", &radnote::task::Task::default()).unwrap_err();
    assert!(error.to_string().contains("features extracted from scans and masks"), "{error}");
}

/// A folder with three readers' tables of 12 patients; the third lacks one patient and one cell.
fn three_readers(name: &str) -> std::path::PathBuf {
    let folder = common::scratch(name);
    let mut cohort = String::from("ID,event\n");
    let mut tables = [0, 1, 2].map(|_| String::from("ID,a,b,flat\n"));
    for i in 0..12 {
        cohort += &format!("P{i},{}\n", i % 2);
        for (r, table) in tables.iter_mut().enumerate().filter(|(r, _)| *r < 2 || i != 3) {
            let b = if r == 2 && i == 5 { String::new() } else { format!("{}", (i * 7 + r) % 5) };
            *table += &format!("P{i},{}.{},{b},2.5\n", i * i, (i * 3 + r * 5) % 10);
        }
    }
    std::fs::write(folder.join("cohort.csv"), cohort).unwrap();
    for (name, table) in ["f.csv", "f_reader2.csv", "f_reader3.csv"].iter().zip(&tables) {
        std::fs::write(folder.join(name), table).unwrap();
    }
    folder
}

#[test]
fn three_readers_take_part_with_the_cells_they_have() {
    let folder = three_readers("three");
    let open = "open cohort.csv --outcome event";
    let session = common::notebook(&folder, &[open, "features f.csv", "icc --above 0.5"]);
    let values = common::values(&session, "icc");
    assert_eq!(values["n"].to_string(), "[11.0,10.0,null]");
    assert!(values["icc"][2].is_null());
    let named =
        common::notebook(&folder, &[open, "features f.csv --reader2 f_reader2.csv --reader3 f_reader3.csv", "icc"]);
    assert_eq!(common::values(&named, "icc")["icc"], values["icc"]);
    let two = common::notebook(&folder, &[open, "features f.csv --reader2 f_reader2.csv", "icc"]);
    assert_ne!(common::values(&two, "icc")["icc"], values["icc"]);
    let mut session = common::notebook(&folder, &[open]);
    let gap = session.submit("features f.csv --reader3 f_reader3.csv", &radnote::task::Task::default()).unwrap_err();
    assert!(gap.to_string().contains("give `--reader2` too"), "{gap}");
    std::fs::write(folder.join("gap.csv"), "ID,Image,Mask,Mask_reader3\nP1,a,b,c\n").unwrap();
    let gap = session.submit("open gap.csv", &radnote::task::Task::default()).unwrap_err();
    assert!(gap.to_string().contains("and none `Mask_reader2`"), "{gap}");
}

#[test]
fn all_forms_at_once_are_the_forms_one_by_one() {
    let value = |i: usize, j: usize, r: usize| ((i * (j + 3) * 37 + r * 11) % 23) as f64 + i as f64;
    let reader = |r: usize| {
        Array2::from_shape_fn((14, 5), |(i, j)| if (i, j, r) == (2, 1, 1) { f64::NAN } else { value(i, j, r) })
    };
    let readers = [reader(0), reader(1), reader(2)];
    let views: Vec<_> = readers.iter().map(|r| r.view()).collect();
    let all = icc::every_form(&views, 0.95);
    for (f, form) in Form::ALL.into_iter().enumerate() {
        for (one, six) in icc::each(&views, form, 0.95).iter().zip(&all) {
            assert_eq!(one.as_ref().unwrap(), &six.as_ref().unwrap()[f]);
        }
    }
    assert_eq!(all[1].as_ref().unwrap()[0].n, 13);
}

#[test]
fn the_lower_limit_is_the_stricter_judge() {
    let kept = |line: &str| {
        let session = common::notebook(common::demo(), &[OPEN, EXTRACT, line]);
        common::values(&session, "icc")["n_out"].as_u64().unwrap()
    };
    let (estimate, lower) = (kept("icc --above 0.85"), kept("icc --above 0.85 --by lower"));
    assert!(0 < lower && lower < estimate, "{lower} of {estimate}");
}

#[test]
fn a_signature_travels_in_a_file() {
    let folder = &common::scratch("travels");
    for name in ["cohort.csv", "clinical.csv", "scans"] {
        std::os::unix::fs::symlink(common::demo().join(name), folder.join(name)).unwrap();
    }
    let chain = [OPEN, EXTRACT, "icc", "mannwhitney", "lasso --rule min", "stepwise", "signature"];
    let mut session = common::notebook(folder, &chain);
    common::submit(&mut session, "export frozen.toml");
    let made = common::values(&session, "signature").clone();
    let mut other = common::notebook(folder, &[OPEN, EXTRACT, "signature load frozen.toml"]);
    let loaded = common::values(&other, "signature");
    assert_eq!(loaded["score"], made["score"]);
    let page = other.entries().last().unwrap().result.clone().unwrap();
    assert!(page.cautions.is_empty(), "{:?}", page.cautions);
    common::submit(&mut other, "signature load frozen.toml --scale training");
    let rescaled = common::values(&other, "signature")["score"][3].as_f64().unwrap();
    // The training patients are the same, and so is their scaling.
    assert!((rescaled - made["score"][3].as_f64().unwrap()).abs() < 1e-9);
    let mut says = |line: &str| {
        let error = other.submit(line, &radnote::task::Task::default()).unwrap_err();
        format!("{error}; {}", error.remedy())
    };
    std::fs::write(folder.join("broken.toml"), "name = \"x\"\nintercept = 1\ncoefficients = 3\n").unwrap();
    assert!(
        says("signature load broken.toml").contains("broken.toml, line 3, column 1: unknown field"),
        "{}",
        says("signature load broken.toml")
    );
    assert!(says("signature load").contains("needs the name of a file"));
    assert!(says("signature load frozen.toml --from lasso").contains("for a signature that is fitted"));
    assert!(says("signature --scale training").contains("`--scale` is for `signature load`"));
}

#[test]
fn the_papers_formula_is_applied_by_a_stated_choice() {
    let folder = common::scratch("papers");
    std::fs::copy("examples/paper-signature.toml", folder.join("paper.toml")).unwrap();
    let names = [
        "lbp-3D-m2_glszm_ZoneEntropy",
        "wavelet-LLL_glcm_MCC",
        "original_shape_Sphericity",
        "log-sigma-5-0-mm-3D_glszm_SmallAreaEmphasis",
        "wavelet-LLL_firstorder_Minimum",
    ];
    let value = |i: usize, j: usize| ((i * (2 * j + 3)) % 17) as f64;
    let mut cohort = String::from("ID,event\n");
    let (mut all, mut few) = (format!("ID,{}\n", names.join(",")), format!("ID,{}\n", names[..4].join(",")));
    for i in 0..20 {
        let cells: Vec<String> = (0..5).map(|j| value(i, j).to_string()).collect();
        cohort += &format!("P{i},{}\n", i % 2);
        all += &format!("P{i},{}\n", cells.join(","));
        few += &format!("P{i},{}\n", cells[..4].join(","));
    }
    for (file, text) in [("cohort.csv", cohort), ("all.csv", all), ("few.csv", few)] {
        std::fs::write(folder.join(file), text).unwrap();
    }
    let open = "open cohort.csv --outcome event";
    let mut session = common::notebook(&folder, &[open, "features all.csv"]);
    let error = session.submit("signature load paper.toml", &radnote::task::Task::default()).unwrap_err();
    assert!(error.to_string().contains("means and standard deviations, which paper.toml does not give"), "{error}");
    common::submit(&mut session, "signature load paper.toml --scale training");
    let coef = [0.939, -0.627, -1.252, -1.462, 1.309];
    let z = |j: usize| {
        let mean = (0..20).map(|i| value(i, j)).sum::<f64>() / 20.0;
        let sd = ((0..20).map(|i| (value(i, j) - mean).powi(2)).sum::<f64>() / 19.0).sqrt();
        (value(7, j) - mean) / sd
    };
    let expected = -0.341 + (0..5).map(|j| coef[j] * z(j)).sum::<f64>();
    let score = common::values(&session, "signature")["score"][7].as_f64().unwrap();
    assert!((score - expected).abs() < 1e-12, "{score} is not {expected}");
    let page = session.entries().last().unwrap().result.clone().unwrap();
    let said: String = page.cautions.iter().map(|c| format!("{c}\n")).collect();
    assert!(said.contains("20 present training patients") && said.contains("does not say how"), "{said}");
    let mut session = common::notebook(&folder, &[open, "features few.csv"]);
    let error =
        session.submit("signature load paper.toml --scale training", &radnote::task::Task::default()).unwrap_err();
    assert!(error.to_string().contains("1 of its 5 features are not there: wavelet-LLL_firstorder_Minimum"), "{error}");
}

#[test]
fn points_and_formula_give_one_probability() {
    let chain =
        [OPEN, EXTRACT, "icc", "mannwhitney", "lasso --rule min", "stepwise", "signature", "nomogram signature margin"];
    let mut session = common::notebook(common::demo(), &chain);
    let mut at = |line: &str| {
        common::submit(&mut session, line);
        let cell = session.entries().iter().rev().find(|e| e.line.starts_with("predict")).unwrap();
        (*cell.result.clone().unwrap()).clone()
    };
    let page = at("predict margin=well signature=0.4");
    let number = |page: &radnote::page::Page, name: &str| page.values[name].as_f64().unwrap();
    for (points, formula) in [("linear_by_points", "linear"), ("probability_by_points", "probability")] {
        assert!((number(&page, points) - number(&page, formula)).abs() < 1e-12);
    }
    assert!((number(&page, "probability_read") - number(&page, "probability")).abs() < 0.02);
    assert!(page.cautions.is_empty());
    // Where the screen is low the first table is what is seen, and where it is narrow its first columns.
    let first = page.blocks.iter().find_map(|b| if let Block::Table(table) = b { Some(table) } else { None }).unwrap();
    assert_eq!((&*first.title, &*first.columns[1].name), ("Probability", "probability"));
    assert!(first.rows.iter().all(|row| row[1].starts_with("0.")), "{:?}", first.rows);
    assert!(page.headline.starts_with("probability 0."), "{}", page.headline);
    let far = at("predict margin=well signature=40");
    assert!(
        far.cautions[0].to_string().contains("signature 40 lies outside the training patients'"),
        "{:?}",
        far.cautions
    );
    let of_patient = at("predict --patient P003");
    let turned = at("predict --patient P003 signature=0.4 margin=well");
    assert_eq!(number(&turned, "probability"), number(&page, "probability"));
    let file = common::scratch("robust-patients").join("patients.csv");
    common::submit(&mut session, &format!("export {}", file.display()));
    let text = std::fs::read_to_string(file).unwrap();
    let cells = |line: &str| line.split(',').map(str::to_string).collect::<Vec<_>>();
    let head = cells(text.lines().next().unwrap());
    let column = head.iter().position(|n| n == "nomogram_probability").unwrap();
    let row = text.lines().map(cells).find(|c| c[0] == "P003").unwrap();
    assert!((row[column].parse::<f64>().unwrap() - number(&of_patient, "probability")).abs() < 1e-12);
    let mut says = |line: &str| session.submit(line, &radnote::task::Task::default()).unwrap_err().to_string();
    assert!(says("predict margin=well").contains("a value of `signature`"));
    assert!(says("predict margin=wel signature=1").contains("there is no level of `margin` `wel`"));
    assert!(says("predict margin=well signature=high").contains("a number is expected"));
}
