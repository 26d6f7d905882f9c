//! Tail probabilities and quantiles of the distributions that tests and intervals need.
//!
//! Each tail is computed on its own side, never as one minus the other, so that small p-values keep their digits. The
//! normal distribution is `libm::erfc` (statrs 0.19.1 is off by 1e-10 there); the others are statrs' incomplete beta and
//! gamma functions, asked on the side where they are accurate. Quantiles of beta, F and t are one root, found by Newton's
//! method on the logarithms of tail and odds, where it converges from anywhere (both tails are log-concave) and to the
//! accuracy of the tail itself; statrs' own can hang or be wrong. NaN in any argument gives NaN.
//!
//! `tests/oracles/tails.json` holds 317 values of arbitrary precision against all of them: p to 1e-10 (most to 1e-14; the
//! worst is t with 2000 degrees of freedom), normal tails to z = 37 to 1e-12, quantiles to 1e-11, with fractional degrees of
//! freedom throughout.

use std::f64::consts::{FRAC_1_SQRT_2, SQRT_2};

use statrs::function::{beta::checked_beta_reg, beta::checked_ln_beta, erf::erfc_inv, gamma::checked_gamma_ur};

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
    1.0 / (1.0 + (-log_odds(p, 1.0 - p, a, b)).exp())
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
    df2 / df1 * log_odds(p, 1.0 - p, df1 / 2.0, df2 / 2.0).exp()
}

/// P(|T| > |t|) of Student's t with `df` degrees of freedom, which need not be whole.
pub fn t_two_sided(t: f64, df: f64) -> f64 {
    match df.is_nan() {
        true => f64::NAN,
        false if t.is_infinite() => 0.0,
        false => beta_lower(df / (df + t * t), df / 2.0, 0.5),
    }
}

/// P(T > t) of Student's t with `df` degrees of freedom.
pub fn t_upper(t: f64, df: f64) -> f64 {
    let half = t_two_sided(t, df) / 2.0;
    if t > 0.0 { half } else { 1.0 - half }
}

/// The t with P(T <= t) = p of Student's t, as t squared is F with 1 and `df` degrees of freedom.
pub fn t_quantile(p: f64, df: f64) -> f64 {
    let outside = 2.0 * p.min(1.0 - p);
    let t = (df * log_odds(1.0 - outside, outside, 0.5, df / 2.0).exp()).sqrt();
    if p < 0.5 { -t } else { t }
}

/// The log odds log(x / (1 - x)) where the beta distribution has P(X <= x) = p and P(X > x) = q.
fn log_odds(p: f64, q: f64, a: f64, b: f64) -> f64 {
    const STEPS: usize = 200;
    const FAR: f64 = 600.0;
    let Ok(ln_beta) = checked_ln_beta(a, b) else { return f64::NAN };
    if !(p >= 0.0 && q >= 0.0) {
        return f64::NAN;
    }
    if p == 0.0 || q == 0.0 {
        return if p == 0.0 { f64::NEG_INFINITY } else { f64::INFINITY };
    }
    // So far out that x itself would underflow, the tail is the first term of its series, x^a / (a B(a, b)).
    let outermost = |p: f64, a: f64| (p.ln() + a.ln() + ln_beta) / a;
    if outermost(p, a) < -FAR {
        return outermost(p, a);
    }
    if outermost(q, b) < -FAR {
        return -outermost(q, b);
    }
    let mut odds = (a / b).ln();
    let (mut low, mut high) = (-1500.0, 1500.0);
    for _ in 0..STEPS {
        let (x, y) = (1.0 / (1.0 + (-odds).exp()), 1.0 / (1.0 + odds.exp()));
        let (tail, target, sign) = if p <= q { (beta_lower(x, a, b), p, 1.0) } else { (beta_lower(y, b, a), q, -1.0) };
        if (tail < target) == (sign > 0.0) {
            low = odds;
        } else {
            high = odds;
        }
        let slope = (a * x.ln() + b * y.ln() - ln_beta).exp();
        let step = sign * (target / tail).ln() * tail / slope;
        if step.abs() <= 1e-12 * odds.abs().max(1.0) {
            return odds + step;
        }
        // Far out a tail runs out of digits, and the step with it: then halve what is left.
        let inside = odds + step > low && odds + step < high;
        odds = if inside { odds + step } else { (low + high) / 2.0 };
    }
    odds
}
