//! Pages as the commands make them, with invented but deterministic numbers.

use radnote::caution::Caution;
use radnote::page::{Axis, Block, Guide, Mark, Page, Plot, Scale, Series, Table, number};

/// Every sample under a short name, in the order of an analysis.
pub fn all() -> Vec<(&'static str, &'static str, Page)> {
    vec![
        ("cohort", "open cohort.csv --clinical clinical.csv --outcome metastasis", cohort()),
        ("table1", "table1", table1()),
        ("features", "icc --above 0.85", features()),
        ("lasso_error", "lasso --rule 1se --folds 10 --seed 1", lasso_error()),
        ("lasso_path", "show path", lasso_path()),
        ("signature", "signature", signature()),
        ("nomogram", "nomogram signature margin age", nomogram()),
        ("roc", "roc", roc()),
        ("calibration", "calibrate", calibration()),
        ("cohorts", "calibrate --each role", cohorts()),
        ("decision", "decision", decision()),
    ]
}

/// 2000 rows by 50 columns.
pub fn large() -> Page {
    let mut table = (1..50).fold(Table::new("").left("id"), |t, c| t.right(&format!("feature{c}")));
    for r in 0..2000 {
        table.row((0..50).map(|c| if c == 0 { format!("P{r:04}") } else { format!("{:.3}", f64::from(r * c)) }));
    }
    Page::new("features", "2000 rows").table(table)
}

/// Numbers between 0 and 1 that look random.
fn noise(seed: u64) -> impl FnMut() -> f64 {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1u64 << 53) as f64
    }
}

fn cohort() -> Page {
    let mut roles = Table::new("Patients by role").left("role").right("patients").right("metastasis").right("none");
    roles.row(["training", "82", "35", "47"]);
    roles.row(["internal", "40", "17", "23"]);
    roles.row(["external", "32", "15", "17"]);
    Page::new("Cohort", "154 patients, 67 metastasis; training 82, internal 40, external 32")
        .facts([
            ("scans", "cohort/cohort.csv, 154 NIfTI images with masks, 30 with a second reader's mask"),
            ("outcome", "metastasis (positive: 1)"),
            ("split", "as given in the column `role`"),
        ])
        .table(roles)
        .caution(Caution::Unpaired {
            where_: "only in clinical.csv".into(),
            ids: vec!["P017".into(), "Müller-3".into()],
        })
}

fn table1() -> Page {
    let mut table = Table::new("Characteristics in training")
        .left("characteristic")
        .left("level")
        .right("metastasis (n = 35)")
        .right("none (n = 47)")
        .right("p")
        .left("test");
    for row in [
        ["age, years", "median (IQR)", "48 (36-61)", "52 (40-64)", "0.214", "Mann-Whitney"],
        ["sex", "male", "19 (54.3 %)", "24 (51.1 %)", "0.772", "chi-square"],
        ["", "female", "16 (45.7 %)", "23 (48.9 %)", "", ""],
        ["margin", "poorly defined", "30 (85.7 %)", "30 (63.8 %)", "0.027", "chi-square"],
        ["", "well defined", "5 (14.3 %)", "17 (36.2 %)", "", ""],
        ["size, cm", "median (IQR)", "9.1 (6.2-12.4)", "6.8 (4.4-9.0)", "<0.001", "Mann-Whitney"],
    ] {
        table.row(row);
    }
    Page::new("Table 1", "5 characteristics, 2 with p < 0.05").table(table)
}

fn features() -> Page {
    let classes =
        ["firstorder_Energy", "glcm_ClusterShade", "glrlm_RunEntropy", "glszm_ZoneEntropy", "gldm_DependenceVariance"];
    let images = ["original", "wavelet-LLL", "wavelet-HHL", "log-sigma-5-0-mm-3D", "lbp-3D-m2", "squareroot"];
    let mut table =
        Table::new("Reliability of each feature").left("feature").right("ICC(2,1)").right("95 % CI").right("kept");
    let mut next = noise(1);
    for i in 0..1967 {
        let icc = 1.0 - next() * next() * 0.6;
        let name = format!("{}_{}{}", images[i % 6], classes[i / 6 % 5], i / 30);
        table.row([
            name,
            number::share(icc),
            number::interval(icc - 0.09, 1.0 - (1.0 - icc) * 0.4),
            if icc > 0.85 { "yes" } else { "" }.into(),
        ]);
    }
    Page::new("Inter-reader reliability", "1967 -> 1599 features with ICC above 0.85").table(table)
}

fn lasso_error() -> Page {
    let mut next = noise(7);
    let xs: Vec<f64> = (0..60).map(|i| -1.4 - 0.075 * f64::from(i)).collect();
    let curve = |x: f64| 1.02 + 0.055 * (x + 3.1).powi(2) + 0.02 * (x + 3.1).powi(3).min(0.0);
    let points: Vec<(f64, f64)> = xs.iter().map(|x| (*x, curve(*x))).collect();
    let spread: Vec<f64> = xs.iter().map(|_| 0.06 + 0.02 * next()).collect();
    let limits: Vec<(f64, f64)> = points.iter().zip(&spread).map(|(p, s)| (p.1 - s, p.1 + s)).collect();
    let x = Axis::around("log(lambda)", xs.iter().copied()).padded(0.02);
    let y = Axis::around("binomial deviance", limits.iter().flat_map(|l| [l.0, l.1])).padded(0.04);
    let counts = (0..10).map(|i| (xs[i * 6], format!("{}", i * i / 2 + i))).collect();
    let plot = Plot::new("LASSO: cross-validated error", x, y)
        .top("features chosen", counts)
        .guide(Guide::Vertical(-3.1, "min".into()))
        .guide(Guide::Vertical(-2.3, "1 se".into()))
        .series(Series::new("mean of 10 folds, 1 se", Mark::Dots, points).within(limits));
    let mut table = Table::new("").left("rule").right("lambda").right("features").right("deviance");
    table.row(["min", "0.0450", "8", "1.020"]);
    table.row(["1se", "0.1003", "1", "1.055"]);
    Page::new("LASSO logistic regression", "110 -> 8 features, lambda 0.0450 (min)")
        .table(table)
        .plot(plot)
        .value("lambda", 0.1 + 0.2)
        .value("selected", ["wavelet-LLL_glcm_MCC"])
        .caution(Caution::FewEvents { fewest: 35, with_event: true, coefficients: 110 })
}

fn lasso_path() -> Page {
    let mut next = noise(3);
    let x = Axis::new("log(lambda)", -6.0, -1.4);
    let mut plot = Plot::new("LASSO: coefficient paths", x, Axis::new("standardised coefficient", -1.6, 1.6))
        .guide(Guide::Vertical(-3.1, "min".into()))
        .guide(Guide::Horizontal(0.0, String::new()));
    let names = ["lbp-3D-m2_glszm_ZoneEntropy", "wavelet-LLL_glcm_MCC", "original_shape_Sphericity"];
    for k in (0..40).rev() {
        let (start, slope) = (-1.6 - 0.11 * f64::from(k) - 0.3 * next(), (next() - 0.5) * 1.4);
        let points: Vec<(f64, f64)> = (0..=60)
            .map(|i| -1.4 - 4.6 * f64::from(i) / 60.0)
            .map(|x| (x, slope * (start - x).max(0.0) / (1.0 + 0.3 * (start - x).max(0.0))))
            .collect();
        let name = names.get(k as usize).map_or_else(|| format!("feature {k}"), ToString::to_string);
        let series = Series::new(name, Mark::Line, points);
        plot = plot.series(if k < 3 { series } else { series.faint() });
    }
    Page::new("LASSO logistic regression", "3 of 40 features have a coefficient at lambda.min").plot(plot)
}

fn signature() -> Page {
    let mut next = noise(11);
    let mut scores: Vec<(f64, bool)> = (0..82)
        .map(|i| (i < 35, next() + next() - 1.0))
        .map(|(e, s)| (2.2 * s + if e { 0.8 } else { -0.9 }, e))
        .collect();
    scores.sort_by(|a, b| a.0.total_cmp(&b.0));
    let of = |event: bool| -> Vec<(f64, f64)> {
        scores.iter().enumerate().filter(|(_, s)| s.1 == event).map(|(i, s)| (i as f64 + 1.0, s.0)).collect()
    };
    let y = Axis::around("radscore", scores.iter().map(|s| s.0)).padded(0.03);
    let plot = Plot::new("Signature by patient", Axis::new("patients, sorted by score", 0.0, 83.0), y)
        .series(Series::new("metastasis", Mark::Bars, of(true)))
        .series(Series::new("none", Mark::Bars, of(false)));
    let formula = "radscore = -0.341\n  + 0.939 lbp-3D-m2_glszm_ZoneEntropy\n  - 0.627 wavelet-LLL_glcm_MCC\n  - 1.252 original_shape_Sphericity";
    Page::new("Signature", "3 features, AUC 0.862 in training")
        .verbatim(formula)
        .text("Each feature is z-scored by mean and standard deviation of training before it is weighted.")
        .plot(plot)
        .caution(Caution::Optimistic {
            what: "AUC 0.862".into(),
            why: "the features were chosen on the same patients".into(),
        })
}

fn nomogram() -> Page {
    let ruler = |from: f64, to: f64, n: i32, low: f64, high: f64| -> Vec<(f64, String)> {
        (0..=n)
            .map(|i| f64::from(i) / f64::from(n))
            .map(|t| (from + t * (to - from), format!("{}", low + t * (high - low))))
            .collect()
    };
    let risk = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95];
    let odds = |p: f64| 92.0 + 20.0 * (p / (1.0 - p)).ln();
    Page::new("Nomogram", "signature + margin + age, C-index 0.894").block(Block::Scales {
        title: "Nomogram for lung metastasis".into(),
        scales: vec![
            Scale::new("Points", ruler(0.0, 100.0, 10, 0.0, 100.0)),
            Scale::new("Signature", ruler(0.0, 100.0, 6, -3.0, 3.0)),
            Scale::new("Margin", vec![(0.0, "well".into()), (34.0, "poor".into())]),
            Scale::new("Age, years", ruler(21.0, 0.0, 7, 20.0, 90.0)),
            Scale::of_total("Total points", ruler(0.0, 160.0, 8, 0.0, 160.0)),
            Scale::of_total("Risk of metastasis", risk.map(|p| (odds(p), format!("{p}"))).to_vec()),
        ],
    })
}

fn curve(seed: u64, power: f64) -> Vec<(f64, f64)> {
    let mut next = noise(seed);
    let mut points = vec![(0.0, 0.0)];
    let (mut x, mut y) = (0.0_f64, 0.0_f64);
    while x < 1.0 || y < 1.0 {
        if next() < 0.45 && x < 1.0 {
            x += 1.0 / 47.0
        }
        y = y.max(x.powf(power) + 0.08 * (next() - 0.5)).clamp(0.0, 1.0);
        x = x.min(1.0);
        if x >= 1.0 {
            y = 1.0
        }
        points.push((x, y));
    }
    points
}

fn roc_plot(title: &str) -> Plot {
    Plot::new(title, Axis::new("1 - specificity", 0.0, 1.0), Axis::new("sensitivity", 0.0, 1.0))
        .guide(Guide::Diagonal)
        .series(Series::new("nomogram, AUC 0.894", Mark::Step, curve(5, 0.16)))
        .series(Series::new("signature, AUC 0.862", Mark::Step, curve(23, 0.24)))
        .series(Series::new("margin, AUC 0.609", Mark::Line, vec![(0.0, 0.0), (0.638, 0.857), (1.0, 1.0)]))
}

fn roc() -> Page {
    let mut table = Table::new("")
        .left("model")
        .left("role")
        .right("AUC")
        .right("95 % CI")
        .right("threshold")
        .right("sensitivity")
        .right("specificity");
    table.row(["nomogram", "training", "0.894", "0.823-0.965", "0.412", "0.857", "0.830"]);
    table.row(["signature", "training", "0.862", "0.779-0.945", "0.388", "0.829", "0.787"]);
    table.row(["margin", "training", "0.609", "0.518-0.700", "0.500", "0.857", "0.362"]);
    Page::new("ROC", "training: nomogram 0.894, signature 0.862, margin 0.609")
        .table(table)
        .plot(roc_plot("ROC in training"))
}

fn calibration_plot(title: &str, seed: u64) -> Plot {
    let mut next = noise(seed);
    let xs: Vec<f64> = (0..=50).map(|i| 0.02 + 0.96 * f64::from(i) / 50.0).collect();
    let line: Vec<(f64, f64)> = xs.iter().map(|x| (*x, (x + 0.09 * (6.0 * x).sin()).clamp(0.0, 1.0))).collect();
    let band = line.iter().map(|(x, y)| (y - 0.06 - 0.12 * x * (1.0 - x), y + 0.06 + 0.12 * x * (1.0 - x))).collect();
    let groups: Vec<(f64, f64)> =
        (1..=5).map(|i| f64::from(i) / 5.0 - 0.1).map(|x| (x, x + 0.15 * (next() - 0.5))).collect();
    let limits = groups.iter().map(|g| (g.1 - 0.14, g.1 + 0.14)).collect();
    Plot::new(title, Axis::new("predicted risk", 0.0, 1.0), Axis::new("observed share", 0.0, 1.0))
        .guide(Guide::Diagonal)
        .series(Series::new("smoothed", Mark::Line, line).within(band))
        .series(Series::new("fifths, 95 % CI", Mark::Dots, groups).within(limits))
}

fn calibration() -> Page {
    Page::new("Calibration", "slope 0.93, intercept 0.04, Hosmer-Lemeshow p 0.412")
        .facts([("Brier score", "0.142"), ("slope", "0.93 (0.61-1.25)"), ("intercept", "0.04 (-0.47-0.55)")])
        .plot(calibration_plot("Calibration of the nomogram in training", 2))
}

fn cohorts() -> Page {
    Page::new("Calibration", "three roles")
        .plot(calibration_plot("training", 2))
        .plot(calibration_plot("internal", 4))
        .plot(calibration_plot("external", 9))
}

fn decision() -> Page {
    let xs: Vec<f64> = (1..=80).map(|i| f64::from(i) / 100.0).collect();
    let benefit = |sensitivity: f64, steep: f64| -> Vec<(f64, f64)> {
        xs.iter()
            .map(|t| {
                (
                    *t,
                    0.43 * sensitivity * (1.0 - t.powf(steep)) - 0.57 * (1.0 - sensitivity) * t / (1.0 - t) * (1.0 - t),
                )
            })
            .collect()
    };
    let all = xs.iter().map(|t| (*t, 0.43 - 0.57 * t / (1.0 - t))).collect();
    let plot = Plot::new(
        "Decision curves in training",
        Axis::new("threshold probability", 0.0, 0.8),
        Axis::new("net benefit", -0.1, 0.45),
    )
    .series(Series::new("nomogram", Mark::Line, benefit(0.97, 3.0)))
    .series(Series::new("signature", Mark::Line, benefit(0.92, 2.2)))
    .series(Series::new("margin", Mark::Line, benefit(0.8, 1.2)))
    .series(Series::new("treat all", Mark::Line, all))
    .series(Series::new("treat none", Mark::Line, vec![(0.0, 0.0), (0.8, 0.0)]));
    Page::new("Decision curves", "nomogram above both between 0.05 and 0.71").plot(plot)
}
