//! Every plotted point as CSV, for those who draw a figure again: what stands in the plot, in all its digits.

use crate::page::{Axis, Block, Guide, Mark, Plot, Scale, Series};

/// One row a point: `figure` counts from 1, and `title`, `x_axis` and `y_axis` say what it shows; `kind` is how a point is drawn, `of`
/// what it belongs to (a row's name, a cohort, a patient, a feature), and an empty field is what it does not have. Values are
/// those that are read off the axes: an odds ratio, not its logarithm. Marks of a nomogram's scales lie at `x` points and
/// carry their text.
pub fn csv(figures: &[&Block]) -> String {
    table(rows(figures))
}

/// The same as rows of text, the names of the columns first.
pub fn rows(figures: &[&Block]) -> Vec<Vec<String>> {
    let head = ["figure", "title", "x_axis", "y_axis", "series", "kind", "of", "x", "y", "lower", "upper", "label"];
    let mut out = vec![head.map(String::from).to_vec()];
    for (i, figure) in figures.iter().enumerate() {
        let (title, x, y, rows) = match figure {
            Block::Plot(plot) => (&*plot.title, &*plot.x.label, &*plot.y.label, plotted(plot)),
            Block::Scales { title, scales } => (&**title, "points", "", marked(scales)),
            _ => continue,
        };
        let said = [(i + 1).to_string(), title.into(), x.into(), y.into()];
        out.extend(rows.into_iter().map(|row| said.iter().cloned().chain(row).collect()));
    }
    out
}

/// Rows of text as CSV.
pub fn table(rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let line = |row: Vec<String>| row.iter().map(|cell| field(cell)).collect::<Vec<_>>().join(",") + "\n";
    rows.into_iter().map(line).collect()
}

type Row = [String; 8];

fn plotted(plot: &Plot) -> Vec<Row> {
    let mut rows = Vec::new();
    for series in &plot.series {
        let kind = match series.mark {
            Mark::Line => "line",
            Mark::Step => "step",
            Mark::Dots => "dots",
            Mark::Bars => "bar",
            Mark::Boxes => "box",
        };
        match &series.data {
            Some(data) => rows.extend(data.iter().enumerate().map(|(i, d)| {
                let part = if series.mark == Mark::Boxes { part(series, i) } else { "" };
                row(&series.name, kind, &d.of, [d.x, d.y, d.lower, d.upper], part)
            })),
            None => rows.extend(series.points.iter().enumerate().map(|(i, (x, y))| {
                let (lower, upper) = series.interval.get(i).copied().unwrap_or((f64::NAN, f64::NAN));
                row(&series.name, kind, "", [*x, *y, lower, upper], "")
            })),
        }
    }
    let read = |axis: &Axis, at: f64| if axis.decades { 10_f64.powf(at) } else { at };
    let none = f64::NAN;
    rows.extend(plot.guides.iter().map(|guide| match guide {
        Guide::Vertical(x, label) => row("", "vertical", "", [read(&plot.x, *x), none, none, none], label),
        Guide::Horizontal(y, label) => row("", "horizontal", "", [none, read(&plot.y, *y), none, none], label),
        Guide::Diagonal => row("", "diagonal", "", [none; 4], "y = x"),
    }));
    rows
}

/// What the i-th point is of its box.
fn part(series: &Series, i: usize) -> &'static str {
    let x = series.points[i].0;
    let before = series.points[..i].iter().rev().take_while(|p| p.0 == x).count();
    ["lower whisker", "lower hinge", "median", "upper hinge", "upper whisker"].get(before).unwrap_or(&"beyond")
}

fn marked(scales: &[Scale]) -> Vec<Row> {
    let of = |scale: &Scale| {
        let marks = scale
            .marks
            .iter()
            .map(|(at, text)| row(&scale.name, "scale", "", [*at, f64::NAN, f64::NAN, f64::NAN], text));
        marks.collect::<Vec<_>>()
    };
    scales.iter().flat_map(of).collect()
}

fn row(series: &str, kind: &str, of: &str, numbers: [f64; 4], label: &str) -> Row {
    let [x, y, lower, upper] = numbers.map(number);
    [series.into(), kind.into(), of.into(), x, y, lower, upper, label.into()]
}

/// The shortest text that reads back as the same; infinity as R and Python read it.
fn number(v: f64) -> String {
    match v {
        v if v.is_nan() => String::new(),
        f64::INFINITY => "Inf".into(),
        f64::NEG_INFINITY => "-Inf".into(),
        v => v.to_string(),
    }
}

fn field(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_point_and_guide_has_a_row() {
        let axis = |label: &str| Axis::new(label, 0.0, 1.0);
        let curve = Series::new("a, \"b\"", Mark::Step, vec![(0.1, 1.0 / 3.0), (0.5, f64::NAN)]);
        let plot = Plot::new("t", axis("u"), axis("v")).series(curve.within(vec![(0.0, 1.0), (0.25, 0.75)]));
        let scales = vec![Scale::new("margin", vec![(0.0, "wide".into())])];
        let blocks = [Block::Plot(plot.guide(Guide::Diagonal)), Block::Scales { title: "n".into(), scales }];
        let lines = csv(&blocks.iter().collect::<Vec<_>>());
        let wanted = "1,t,u,v,\"a, \"\"b\"\"\",step,,0.1,0.3333333333333333,0,1,\n\
                      1,t,u,v,\"a, \"\"b\"\"\",step,,0.5,,0.25,0.75,\n\
                      1,t,u,v,,diagonal,,,,,,y = x\n\
                      2,n,points,,margin,scale,,0,,,,wide\n";
        assert_eq!(lines, format!("figure,title,x_axis,y_axis,series,kind,of,x,y,lower,upper,label\n{wanted}"));
    }
}
