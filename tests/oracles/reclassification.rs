//! Step `idi_nri`: IDI and NRI against Hmisc's `improveProb` and the formulas of Pencina et al.

use radnote::stats::reclassification as re;

use super::case::Node;
use super::tolerance::{EXACT, P, Tolerance, absolute};

/// An index of 0 may be 1e-17.
const FINE: Tolerance = absolute(1e-12);

#[test]
fn reclassification_equals_r() {
    super::compare("idi_nri", |case| {
        for (_, node) in case.results() {
            visit(&node);
        }
    });
}

/// A node with two models' risks, or groups of such nodes.
fn visit(node: &Node) {
    if node.at("p1").is_none() {
        node.entries().iter().filter(|(_, n)| n.is_object()).for_each(|(_, n)| visit(n));
        return;
    }
    let (first, second) = (node.need("p1").numbers(), node.need("p2").numbers());
    let outcome: Vec<bool> = node.need("y").numbers().iter().map(|y| *y > 0.5).collect();
    let idi = re::idi(&first, &second, &outcome).unwrap();
    let nri = re::continuous(&first, &second, &outcome);
    node.has("idi", idi.value, FINE);
    node.has("se_idi_n_minus_1", idi.se, FINE);
    node.has("se_idi_n", idi.se_n, FINE);
    node.has("z_idi_n_minus_1", idi.z, FINE);
    node.has("p_idi_n_minus_1", idi.p, P);
    if let Some(node) = node.at("hmisc") {
        hmisc(&node, &idi, nri);
    }
    for (key, node) in node.entries() {
        if key.starts_with("nri_cat") {
            let cuts = node.need("cuts").numbers();
            categories(&node, &re::by_category(&first, &second, &outcome, &cuts));
        }
    }
}

fn hmisc(node: &Node, idi: &re::Idi, nri: re::Nri) {
    let share = |count: usize, of: re::Moves| count as f64 / of.n as f64;
    let (ev, ne) = (nri.events, nri.others);
    let z = nri.test().0;
    let exact = [("n", (ev.n + ne.n) as f64), ("na", ev.n as f64), ("nb", ne.n as f64)];
    exact.iter().for_each(|(key, ours)| node.has(key, *ours, EXACT));
    let fine = [
        ("pup.ev", share(ev.up, ev)),
        ("pup.ne", share(ne.up, ne)),
        ("pdown.ev", share(ev.down, ev)),
        ("pdown.ne", share(ne.down, ne)),
        ("nri", nri.value()),
        ("se.nri", nri.se()),
        ("z.nri", z),
        ("nri.ev", ev.net()),
        ("se.nri.ev", ev.variance().sqrt()),
        ("z.nri.ev", ev.net() / ev.variance().sqrt()),
        ("nri.ne", -ne.net()),
        ("se.nri.ne", ne.variance().sqrt()),
        ("z.nri.ne", -ne.net() / ne.variance().sqrt()),
        ("improveSens", idi.events),
        ("improveSpec", idi.others),
        ("idi", idi.value),
        ("se.idi", idi.se),
        ("z.idi", idi.z),
    ];
    fine.iter().for_each(|(key, ours)| node.has(key, *ours, FINE));
}

fn categories(node: &Node, ours: &re::ByCategory) {
    for (key, table) in [("reclass_events", &ours.event_table), ("reclass_nonevents", &ours.other_table)] {
        for (theirs, row) in node.need(key).items().iter().zip(table) {
            theirs.are(&row.iter().map(|n| *n as f64).collect::<Vec<f64>>(), EXACT);
        }
    }
    let nri = ours.nri;
    let (z, p) = nri.null_test();
    node.has("nri", nri.value(), FINE);
    node.has("nri_events", nri.events.net(), FINE);
    node.has("nri_nonevents", -nri.others.net(), FINE);
    node.has("se_null", nri.null_se(), FINE);
    node.has("z_null", z, FINE);
    node.has("p_null", p, P);
    node.has("se_unrestricted", nri.se(), FINE);
    let (lower, upper) = nri.interval(0.95);
    node.have("ci", &[lower, upper], FINE);
}
