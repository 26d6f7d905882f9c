//! Step `tails`: distributions to 17 digits by arbitrary precision, made by tails.py. `pipeline` holds some of R's own.

use radnote::num::tails;

use super::case::Node;
use super::tolerance::{P, relative};

#[test]
fn tails_equal_arbitrary_precision() {
    super::compare("tails", |case| distributions(&case.root().need("distributions")));
}

/// Each list by its name; what is asked stands beside the answer.
pub fn distributions(node: &Node) {
    for (key, list) in node.entries() {
        for item in list.items() {
            let v = |name: &str| item.need(name).number();
            match key.as_str() {
                "pf_upper" => item.has("p", tails::f_upper(v("f"), v("df1"), v("df2")), P),
                "qf" => item.has("q", tails::f_quantile(v("p"), v("df1"), v("df2")), relative(1e-11)),
                "pt2" => item.has("p", tails::t_two_sided(v("t"), v("df")), P),
                "qt" => item.has("t", tails::t_quantile(v("p"), v("df")), relative(1e-11)),
                "pnorm2" => item.has("p", tails::normal_two_sided(v("z")), relative(1e-12)),
                "qnorm" => item.has("z", tails::normal_quantile(v("p")), relative(1e-14)),
                "pchisq_upper" => item.has("p", tails::chi2_upper(v("x"), v("df")), P),
                "qbeta" => item.has("q", tails::beta_quantile(v("p"), v("a"), v("b")), relative(1e-11)),
                _ => {}
            }
        }
    }
}
