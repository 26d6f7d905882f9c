//! The exact test of a table of any size, as a walk through a network of margins.
//!
//! Columns are filled one after another. What may still come depends only on how much each row still takes, whatever the
//! order of the rows: such margins are a node, and tables that come to a node with one probability go on as one (Mehta and
//! Patel 1983). From every node the most and the least probable way on are known, so that a table that cannot cross the
//! bound any more is counted, with all that may follow, or dropped.

use std::collections::{BTreeMap, HashMap};

use crate::error::{Error, Result};

/// Log probabilities of equal tables, summed in another order, differ by less than this.
const SAME: f64 = 1e-11;
/// The most columns that are tried, and the most different probabilities kept after a column: some 300 MB.
const LIMIT: usize = 10_000_000;

/// A node: what each row still takes, ascending; and the ways on.
struct Node {
    margins: Vec<usize>,
    ways: Vec<Way>,
    /// Log weight of all ways to the end together, of the heaviest and of the lightest.
    total: f64,
    most: f64,
    least: f64,
}

/// A column that leads to node `to` of the next layer, its log weight, and how many columns do so with that weight.
struct Way {
    to: usize,
    weight: f64,
    count: f64,
}

/// A partial table's log probability, and how many have it.
type Past = (f64, f64);

/// The sum over all tables with these margins whose log probability is at most `bound`. `log` holds log k!.
///
/// # Errors
/// `Undefined` where more would have to be kept than [`LIMIT`].
pub(super) fn sum_up_to(bound: f64, rows: &[usize], columns: &[usize], log: &[f64]) -> Result<f64> {
    let layers = network(rows, columns, log)?;
    let n: usize = rows.iter().sum();
    let start = rows.iter().chain(columns).map(|&m| log[m]).sum::<f64>() - log[n];
    let mut reached: Vec<Vec<Past>> = vec![vec![(start, 1.0)]];
    let mut sum = 0.0;
    for (layer, after) in layers.iter().zip(&layers[1..]) {
        let mut next = vec![Gathered::default(); after.len()];
        for (node, pasts) in layer.iter().zip(reached) {
            let below = cumulated(&pasts, node.total);
            for way in &node.ways {
                let to = &after[way.to];
                // Pasts ascend: first those that stay below the bound whatever follows, then those that may, then none.
                let low = pasts.partition_point(|past| past.0 + way.weight + to.most <= bound);
                let open = pasts.partition_point(|past| past.0 + way.weight + to.least <= bound);
                sum += below[low] * way.count * (way.weight + to.total - node.total).exp();
                let goes_on = |&(past, count): &Past| (past + way.weight, count * way.count);
                next[way.to].extend(pasts[low..open.max(low)].iter().map(goes_on));
            }
        }
        if next.iter().map(|g| g.pasts.len()).sum::<usize>() > LIMIT {
            return Err(too_many());
        }
        reached = next.into_iter().map(Gathered::merged).collect();
    }
    Ok(sum.min(1.0))
}

/// The probability of all tables that go through a node, of the first so many pasts; `total` is what follows the node.
fn cumulated(pasts: &[Past], total: f64) -> Vec<f64> {
    let mut sum = 0.0;
    let each = pasts.iter().map(|(past, count)| {
        sum += count * (past + total).exp();
        sum
    });
    std::iter::once(0.0).chain(each).collect()
}

/// Partial tables that came to one node.
#[derive(Clone, Default)]
struct Gathered {
    pasts: Vec<Past>,
    /// How many there were when they were last merged.
    merged: usize,
}

impl Gathered {
    /// Take these too. What has doubled is merged, so that no more is kept than twice what differs.
    fn extend(&mut self, more: impl Iterator<Item = Past>) {
        self.pasts.extend(more);
        if self.pasts.len() > 2 * self.merged.max(1000) {
            self.merge();
        }
    }

    fn merge(&mut self) {
        self.pasts.sort_by(|a, b| a.0.total_cmp(&b.0));
        self.pasts.dedup_by(|later, first| {
            let same = later.0 - first.0 < SAME;
            if same {
                first.1 += later.1;
            }
            same
        });
        self.merged = self.pasts.len();
    }

    fn merged(mut self) -> Vec<Past> {
        self.merge();
        self.pasts
    }
}

/// The layers of nodes, from the whole margins to the empty ones: one more than there are columns.
fn network(rows: &[usize], columns: &[usize], log: &[f64]) -> Result<Vec<Vec<Node>>> {
    let node = |margins: Vec<usize>| Node { margins, ways: Vec::new(), total: 0.0, most: 0.0, least: 0.0 };
    let mut first = rows.to_vec();
    first.sort_unstable();
    let mut layers = vec![vec![node(first)]];
    let mut tried = 0;
    for &column in columns {
        let mut known: HashMap<Vec<usize>, usize> = HashMap::new();
        let mut next: Vec<Node> = Vec::new();
        for from in layers.last_mut().into_iter().flatten() {
            let mut fill = Fill { log, left: from.margins.clone(), ends: BTreeMap::new(), tried };
            fill.row(0, column, 0.0)?;
            tried = fill.tried;
            for (margins, weights) in fill.ends {
                let to = *known.entry(margins).or_insert_with_key(|margins| {
                    next.push(node(margins.clone()));
                    next.len() - 1
                });
                from.ways.extend(weights.into_iter().map(|(weight, count)| Way { to, weight, count }));
            }
        }
        layers.push(next);
    }
    weigh(&mut layers, columns, log);
    Ok(layers)
}

/// All ways to fill one column, by the margins they leave.
struct Fill<'a> {
    log: &'a [f64],
    left: Vec<usize>,
    /// Log weights, each with how many columns have it.
    ends: BTreeMap<Vec<usize>, Vec<Past>>,
    tried: usize,
}

impl Fill<'_> {
    /// Share `take` among the rows from `row` on.
    fn row(&mut self, row: usize, take: usize, weight: f64) -> Result<()> {
        let Some(&most) = self.left.get(row) else { return self.end(weight) };
        let after: usize = self.left[row + 1..].iter().sum();
        for cell in take.saturating_sub(after)..=most.min(take) {
            self.left[row] = most - cell;
            self.row(row + 1, take - cell, weight - self.log[cell])?;
        }
        self.left[row] = most;
        Ok(())
    }

    fn end(&mut self, weight: f64) -> Result<()> {
        self.tried += 1;
        if self.tried > LIMIT {
            return Err(too_many());
        }
        let mut margins = self.left.clone();
        margins.sort_unstable();
        let weights = self.ends.entry(margins).or_default();
        match weights.iter_mut().find(|known| (known.0 - weight).abs() < SAME) {
            Some(known) => known.1 += 1.0,
            None => weights.push((weight, 1.0)),
        }
        Ok(())
    }
}

/// What is to come from each node, from the end backwards. All ways together weigh N! / (product of the margins' factorials).
fn weigh(layers: &mut [Vec<Node>], columns: &[usize], log: &[f64]) {
    let mut after: Vec<(f64, f64)> = Vec::new();
    for (k, layer) in layers.iter_mut().enumerate().rev() {
        let to_come = columns[k..].iter().map(|&c| log[c]).sum::<f64>();
        for node in layer.iter_mut() {
            let margins = &node.margins;
            node.total = log[margins.iter().sum::<usize>()] - margins.iter().map(|&m| log[m]).sum::<f64>() - to_come;
            if !node.ways.is_empty() {
                let ways = || node.ways.iter();
                node.most = ways().map(|w| w.weight + after[w.to].0).fold(f64::NEG_INFINITY, f64::max);
                node.least = ways().map(|w| w.weight + after[w.to].1).fold(f64::INFINITY, f64::min);
            }
        }
        after = layer.iter().map(|node| (node.most, node.least)).collect();
    }
}

fn too_many() -> Error {
    Error::Undefined {
        what: "Fisher's test".into(),
        why: "there are too many different tables with these margins; use the chi-square test".into(),
    }
}
