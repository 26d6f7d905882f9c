//! Every plotted point as CSV, for those who draw a figure again: what stands in the plot, in all its digits.

use crate::page::{Block, Guide, Mark, Plot, Scale, Series};

/// One row a point: `figure` counts from 1, `kind` is how it is drawn, an empty field is what a point does not have. Marks of
/// a nomogram's scales lie at `x` points and carry their text.
pub fn csv(figures: &[&Block]) -> String {
    let mut out = String::from("figure,series,kind,x,y,lower,upper,label\n");
    for (i, figure) in figures.iter().enumerate() {
        let rows = match figure {
            Block::Plot(plot) => plotted(plot),
            Block::Scales { scales, .. } => marked(scales),
            _ => Vec::new(),
        };
        for row in rows {
            out += &format!("{},{}\n", i + 1, row.join(","));
        }
    }
    out
}

/// Rows of text as CSV.
pub fn table(rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let line = |row: Vec<String>| row.iter().map(|cell| field(cell)).collect::<Vec<_>>().join(",") + "\n";
    rows.into_iter().map(line).collect()
}

type Row = [String; 7];

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
        for (i, (x, y)) in series.points.iter().enumerate() {
            let (lower, upper) = series.interval.get(i).copied().unwrap_or((f64::NAN, f64::NAN));
            let part = if series.mark == Mark::Boxes { part(series, i) } else { "" };
            rows.push(row(&series.name, kind, [*x, *y, lower, upper], part));
        }
    }
    let none = f64::NAN;
    rows.extend(plot.guides.iter().map(|guide| match guide {
        Guide::Vertical(x, label) => row("", "vertical", [*x, none, none, none], label),
        Guide::Horizontal(y, label) => row("", "horizontal", [none, *y, none, none], label),
        Guide::Diagonal => row("", "diagonal", [none; 4], "y = x"),
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
        let marks =
            scale.marks.iter().map(|(at, text)| row(&scale.name, "scale", [*at, f64::NAN, f64::NAN, f64::NAN], text));
        marks.collect::<Vec<_>>()
    };
    scales.iter().flat_map(of).collect()
}

fn row(series: &str, kind: &str, numbers: [f64; 4], label: &str) -> Row {
    // `Display` of a number is the shortest text that reads back as the same.
    let [x, y, lower, upper] = numbers.map(|v| if v.is_finite() { v.to_string() } else { String::new() });
    [field(series), kind.into(), x, y, lower, upper, field(label)]
}

fn field(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Axis;

    #[test]
    fn every_point_and_guide_has_a_row() {
        let axis = || Axis::new("", 0.0, 1.0);
        let curve = Series::new("a, \"b\"", Mark::Step, vec![(0.1, 1.0 / 3.0), (0.5, f64::NAN)]);
        let plot = Plot::new("", axis(), axis()).series(curve.within(vec![(0.0, 1.0), (0.25, 0.75)]));
        let scales = vec![Scale::new("margin", vec![(0.0, "wide".into())])];
        let blocks = [Block::Plot(plot.guide(Guide::Diagonal)), Block::Scales { title: String::new(), scales }];
        let lines = csv(&blocks.iter().collect::<Vec<_>>());
        let wanted = "figure,series,kind,x,y,lower,upper,label\n\
                      1,\"a, \"\"b\"\"\",step,0.1,0.3333333333333333,0,1,\n\
                      1,\"a, \"\"b\"\"\",step,0.5,,0.25,0.75,\n\
                      1,,diagonal,,,,,y = x\n\
                      2,margin,scale,0,,,,wide\n";
        assert_eq!(lines, wanted);
    }
}
