//! Tail probabilities and quantiles of the distributions that tests and intervals need.
//!
//! Each tail is computed on its own side, never as one minus the other, so that small p-values keep their digits. The
//! normal distribution is `libm::erfc` (statrs 0.19.1 is off by 1e-10 there); the others are statrs' incomplete beta and
//! gamma functions, asked on the side where they are accurate. Quantiles are found by bisection on the bits of the double:
//! at most 64 steps, no start value, and as accurate as the tail itself, where statrs' own can hang or be wrong.
//! NaN in any argument gives NaN.

use std::f64::consts::{FRAC_1_SQRT_2, SQRT_2};

use statrs::function::{beta::checked_beta_reg, erf::erfc_inv, gamma::checked_gamma_ur};

/// P(Z <= z) of the standard normal.
pub fn normal_lower(z: f64) -> f64 {
    0.5 * libm::erfc(-z * FRAC_1_SQRT_2)
}

/// P(Z > z) of the standard normal.
pub fn normal_upper(z: f64) -> f64 {
    normal_lower(-z)
}

/// P(|Z| > |z|) of the standard normal.
pub fn normal_two_sided(z: f64) -> f64 {
    libm::erfc(z.abs() * FRAC_1_SQRT_2)
}

/// The z with P(Z <= z) = p.
pub fn normal_quantile(p: f64) -> f64 {
    match p {
        p if !(0.0..=1.0).contains(&p) => f64::NAN,
        0.0 => f64::NEG_INFINITY,
        1.0 => f64::INFINITY,
        p => -SQRT_2 * erfc_inv(2.0 * p),
    }
}

/// P(X > x) of chi-square with `df` degrees of freedom.
pub fn chi2_upper(x: f64, df: f64) -> f64 {
    match x {
        x if x.is_nan() || df.is_nan() => f64::NAN,
        x if x <= 0.0 => 1.0,
        f64::INFINITY => 0.0,
        x => checked_gamma_ur(df / 2.0, x / 2.0).unwrap_or(f64::NAN),
    }
}

/// P(X <= x) of the beta distribution: the regularised incomplete beta function.
pub fn beta_lower(x: f64, a: f64, b: f64) -> f64 {
    checked_beta_reg(a, b, x.clamp(0.0, 1.0)).unwrap_or(f64::NAN)
}

/// The x with P(X <= x) = p of the beta distribution.
pub fn beta_quantile(p: f64, a: f64, b: f64) -> f64 {
    quantile(p, 1.0, |x| beta_lower(x, a, b), |x| beta_lower(1.0 - x, b, a))
}

/// P(X <= x) of F with `df1` and `df2` degrees of freedom, which need not be whole.
pub fn f_lower(x: f64, df1: f64, df2: f64) -> f64 {
    match x {
        x if x <= 0.0 => 0.0,
        f64::INFINITY => 1.0,
        x => beta_lower(df1 * x / (df1 * x + df2), df1 / 2.0, df2 / 2.0),
    }
}

/// P(X > x) of F with `df1` and `df2` degrees of freedom, which need not be whole.
pub fn f_upper(x: f64, df1: f64, df2: f64) -> f64 {
    match x {
        x if x <= 0.0 => 1.0,
        f64::INFINITY => 0.0,
        x => beta_lower(df2 / (df1 * x + df2), df2 / 2.0, df1 / 2.0),
    }
}

/// The x with P(X <= x) = p of F. (R's `qf` itself is off by up to 1e-3 at p < 1e-5 with df1 = 1.)
pub fn f_quantile(p: f64, df1: f64, df2: f64) -> f64 {
    quantile(p, f64::MAX, |x| f_lower(x, df1, df2), |x| f_upper(x, df1, df2))
}

/// P(|T| > |t|) of Student's t with `df` degrees of freedom, which need not be whole.
pub fn t_two_sided(t: f64, df: f64) -> f64 {
    if t.is_infinite() { 0.0 } else { beta_lower(df / (df + t * t), df / 2.0, 0.5) }
}

/// P(T > t) of Student's t with `df` degrees of freedom.
pub fn t_upper(t: f64, df: f64) -> f64 {
    let half = t_two_sided(t, df) / 2.0;
    if t > 0.0 { half } else { 1.0 - half }
}

/// The t with P(T <= t) = p of Student's t.
pub fn t_quantile(p: f64, df: f64) -> f64 {
    let tail = p.min(1.0 - p);
    let t = quantile(1.0 - 2.0 * tail, f64::MAX, |t| 1.0 - t_two_sided(t, df), |t| t_two_sided(t, df));
    if p < 0.5 { -t } else { t }
}

/// The smallest double in `0..hi` where `lower` reaches `p`; by the upper tail where p is above one half.
fn quantile(p: f64, hi: f64, lower: impl Fn(f64) -> f64, upper: impl Fn(f64) -> f64) -> f64 {
    match p {
        p if !(0.0..=1.0).contains(&p) || lower(0.5).is_nan() => f64::NAN,
        0.0 => 0.0,
        1.0 if hi == 1.0 => 1.0,
        1.0 => f64::INFINITY,
        p if p <= 0.5 => first(hi, |x| lower(x) >= p),
        p => first(hi, |x| upper(x) <= 1.0 - p),
    }
}

/// The smallest double in `0..=hi` for which the monotone `reached` holds: doubles of one sign are ordered as their bits.
fn first(hi: f64, reached: impl Fn(f64) -> bool) -> f64 {
    let (mut below, mut above) = (0, hi.to_bits());
    while above - below > 1 {
        let middle = below + (above - below) / 2;
        if reached(f64::from_bits(middle)) {
            above = middle;
        } else {
            below = middle;
        }
    }
    f64::from_bits(above)
}
