//! Laws of the numeric kernels.

use radnote::num::{dense, pretty, rank, smooth, tails};

#[test]
fn ranks_add_up_and_ties_share() {
    let ranks = rank::average(&[3.0, 1.0, 3.0, -0.0, 0.0, f64::INFINITY]);
    assert_eq!(ranks.rank, [4.5, 3.0, 4.5, 1.5, 1.5, 6.0]);
    assert_eq!(ranks.ties, 12.0);
    assert_eq!(rank::average(&[]).rank, [0.0; 0]);
}

#[test]
fn quantiles_invert_their_tails() {
    for p in [1e-12, 1e-4, 0.025, 0.3, 0.5, 0.9, 0.975, 1.0 - 1e-9] {
        let near = |value: f64| assert!((value - p).abs() < 1e-11 * p.min(1.0 - p).max(1e-3), "{value} is not {p}");
        near(tails::normal_lower(tails::normal_quantile(p)));
        near(tails::f_lower(tails::f_quantile(p, 29.0, 3.7), 29.0, 3.7));
        near(1.0 - tails::t_upper(tails::t_quantile(p, 12.5), 12.5));
        near(tails::beta_lower(tails::beta_quantile(p, 3.0, 40.0), 3.0, 40.0));
    }
    assert!(tails::f_quantile(f64::NAN, 2.0, 2.0).is_nan() && tails::t_two_sided(f64::NAN, 3.0).is_nan());
    assert!(tails::t_two_sided(f64::INFINITY, f64::NAN).is_nan() && tails::t_two_sided(f64::INFINITY, 3.0) == 0.0);
    assert!(tails::chi2_upper(f64::NAN, 1.0).is_nan() && tails::beta_quantile(0.5, f64::NAN, 1.0).is_nan());
}

#[test]
fn least_squares_is_found_and_dependence_seen() {
    let a = vec![1.0, 1.0, 1.0, 1.0];
    let b = vec![1.0, 2.0, 3.0, 4.0];
    let both: Vec<f64> = a.iter().zip(&b).map(|(a, b)| 2.0 * a - b).collect();
    let qr = dense::qr(vec![a, both, b], 1e-11);
    assert_eq!(qr.rank, 2);
    let coef = qr.solve(&[3.0, 5.0, 7.0, 9.0]);
    assert!((coef[0] - 5.0).abs() < 1e-13 && (coef[1] + 2.0).abs() < 1e-13 && coef[2].is_nan());
    let gram = qr.inverse_gram();
    assert!((gram[[0, 1]] - gram[[1, 0]]).abs() < 1e-15 && gram[[2, 2]].is_nan());
}

#[test]
fn a_smooth_of_a_line_is_the_line() {
    let x: Vec<f64> = (0..30).map(|i| f64::from(i * i)).collect();
    let y: Vec<f64> = x.iter().map(|x| 2.0 * x - 7.0).collect();
    let curve = smooth::lowess(&x, &y, smooth::Options::default());
    assert!(curve.y.iter().zip(&y).all(|(a, b)| (a - b).abs() < 1e-9));
    assert_eq!(curve.at(-1.0), None);
    assert!((curve.at(2.5).unwrap() + 2.0).abs() < 1e-9);
}

#[test]
fn pretty_values_cover_the_range() {
    for (lo, hi) in [(0.0, 1.0), (-3.2, 3.4), (1e-9, 2e-9), (-1e6, 5.0), (7.0, 7.0)] {
        let ticks = pretty::pretty(lo, hi, 10);
        assert!(ticks[0] <= lo && hi <= ticks[ticks.len() - 1] && ticks.len() >= 2);
    }
}

#[test]
fn sums_have_one_order() {
    // Each part is lost on the large value when it is added alone, but not when its pair comes first.
    let large = 1e16;
    assert_eq!(dense::sum(&[large, 1.0, 1.0, 1.0, -large, 0.0, 0.0, 0.0]), 3.0);
    for n in 0..13 {
        let a: Vec<f64> = (0..n).map(|i| f64::from(i) + 0.5).collect();
        let ones = vec![1.0; a.len()];
        assert_eq!(dense::dot(&a, &ones), f64::from(n * n) / 2.0);
        assert_eq!(dense::dot3(&a, &ones, &ones), dense::sum(&a));
    }
}
