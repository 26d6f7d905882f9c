//! A figure as data: axes, series and guides in the units of the result. No medium, no size, no colour.

/// One axis of a plot.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    pub label: String,
    pub low: f64,
    pub high: f64,
    /// Marked positions with their text; empty: the medium chooses.
    pub ticks: Vec<(f64, String)>,
    /// Every tick is a category, not a number: each has a row of its own, however high that makes the figure.
    pub categories: bool,
    /// Positions are decimal logarithms of what the axis says.
    pub decades: bool,
}

/// How a series is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Points joined by straight lines.
    Line,
    /// Points joined by steps: first across, then up.
    Step,
    Dots,
    /// One bar a point, from zero.
    Bars,
    /// Box plots: at each x five points (whisker, hinge, median, hinge, whisker, upwards), then any values beyond them.
    Boxes,
}

/// A box of a box plot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Boxed<'a> {
    pub x: f64,
    /// Whisker, hinge, median, hinge, whisker.
    pub five: [f64; 5],
    /// Values beyond the whiskers.
    pub beyond: &'a [(f64, f64)],
}

/// One curve or cloud, with its name for the legend.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    pub name: String,
    pub mark: Mark,
    pub points: Vec<(f64, f64)>,
    /// Lower and upper limit of each point, where it has an interval; as long as `points`, or empty.
    pub interval: Vec<(f64, f64)>,
    /// What the points say, where that is not where they lie: on an axis of logarithms, beside a name. None: they lie where
    /// they say; empty: another series says it.
    pub data: Option<Vec<Datum>>,
    /// Context for the other series: drawn thin and without a mark; the legend names what all of context are together.
    pub faint: bool,
}

/// A point as data. What it does not have is NaN.
#[derive(Clone, Debug, PartialEq)]
pub struct Datum {
    /// What it is of: a row's name, a cohort, a patient, a feature.
    pub of: String,
    pub x: f64,
    pub y: f64,
    /// Of whichever has an interval.
    pub lower: f64,
    pub upper: f64,
}

/// A reference line.
#[derive(Clone, Debug, PartialEq)]
pub enum Guide {
    /// A vertical line at x, with what it says.
    Vertical(f64, String),
    /// A horizontal line at y, with what it says.
    Horizontal(f64, String),
    /// The line y = x: chance in a ROC, perfection in a calibration. Such a plot is drawn square.
    Diagonal,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Plot {
    pub title: String,
    pub x: Axis,
    pub y: Axis,
    /// What the x axis says a second time above the panel, as the number of features left at a lambda: only its label and
    /// ticks count, at positions of `x`.
    pub top: Option<Axis>,
    pub series: Vec<Series>,
    pub guides: Vec<Guide>,
}

/// One scale of a nomogram, a ruler from `low` to `high` points: each mark's position in points, with its text. The axis of
/// points itself is a scale too, and so is that of the total.
#[derive(Clone, Debug, PartialEq)]
pub struct Scale {
    pub name: String,
    pub low: f64,
    pub high: f64,
    pub marks: Vec<(f64, String)>,
    /// Positions are total points, of all terms together; such scales share one width, the others the width of one term's
    /// points.
    pub total: bool,
}

impl Axis {
    pub fn new(label: impl Into<String>, low: f64, high: f64) -> Self {
        Self { label: label.into(), low, high, ticks: Vec::new(), categories: false, decades: false }
    }

    /// An axis of categories, a unit each, the first at the highest value.
    pub fn of_categories(label: impl Into<String>, names: &[&str]) -> Self {
        let count = names.len() as f64;
        let ticks = names.iter().enumerate().map(|(i, name)| (count - i as f64, name.to_string())).collect();
        Self { ticks, categories: true, ..Self::new(label, 0.5, count + 0.5) }
    }

    /// An axis that just holds the finite values given; a single value gets room on both sides.
    pub fn around(label: impl Into<String>, values: impl IntoIterator<Item = f64>) -> Self {
        let (low, high) = values
            .into_iter()
            .filter(|v| v.is_finite())
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(v), b.max(v)));
        match low.partial_cmp(&high) {
            Some(std::cmp::Ordering::Less) => Self::new(label, low, high),
            Some(std::cmp::Ordering::Equal) => Self::new(label, low - 0.5, high + 0.5),
            _ => Self::new(label, 0.0, 1.0),
        }
    }

    /// The same axis with room at both ends, as a share of its length, so that no mark lies on the border.
    pub fn padded(mut self, share: f64) -> Self {
        let room = (self.high - self.low) * share;
        self.low -= room;
        self.high += room;
        self
    }
}

impl Series {
    pub fn new(name: impl Into<String>, mark: Mark, points: Vec<(f64, f64)>) -> Self {
        Self { name: name.into(), mark, points, interval: Vec::new(), data: None, faint: false }
    }

    /// Limits without a curve between them: x, lower, upper.
    pub fn band(name: impl Into<String>, limits: &[(f64, f64, f64)]) -> Self {
        let points = limits.iter().map(|l| (l.0, f64::NAN)).collect();
        Self::new(name, Mark::Line, points).within(limits.iter().map(|l| (l.1, l.2)).collect()).faint()
    }

    /// The same series with the limits of its points.
    pub fn within(mut self, interval: Vec<(f64, f64)>) -> Self {
        self.interval = interval;
        self
    }

    /// The same series, with what its points say.
    pub fn saying(mut self, data: Vec<Datum>) -> Self {
        self.data = Some(data);
        self
    }

    /// The same series, with what each of its points is of.
    pub fn of<'a>(self, names: impl IntoIterator<Item = &'a str>) -> Self {
        let data = self.points.iter().zip(names).map(|(p, name)| Datum::new(name, *p)).collect();
        self.saying(data)
    }

    pub fn faint(mut self) -> Self {
        self.faint = true;
        self
    }

    /// The boxes of a series of [`Mark::Boxes`]; none of another.
    pub fn boxes(&self) -> impl Iterator<Item = Boxed<'_>> {
        let points = if self.mark == Mark::Boxes { self.points.as_slice() } else { &[] };
        points.chunk_by(|a, b| a.0 == b.0).filter_map(|at| {
            let (five, beyond) = at.split_first_chunk::<5>()?;
            Some(Boxed { x: five[0].0, five: five.map(|p| p.1), beyond })
        })
    }
}

impl Datum {
    /// A point without an interval.
    pub fn new(of: impl Into<String>, (x, y): (f64, f64)) -> Self {
        Self { of: of.into(), x, y, lower: f64::NAN, upper: f64::NAN }
    }
}

impl Scale {
    /// A term's scale: it reaches from its first to its last mark.
    pub fn new(name: impl Into<String>, marks: Vec<(f64, String)>) -> Self {
        let axis = Axis::around("", marks.iter().map(|m| m.0));
        Self { name: name.into(), low: axis.low, high: axis.high, marks, total: false }
    }

    /// A scale of total points: the total itself, the linear predictor, the probability.
    pub fn of_total(name: impl Into<String>, marks: Vec<(f64, String)>) -> Self {
        Self { total: true, ..Self::new(name, marks) }
    }
}

/// As many names of context as a legend holds.
const FEW: usize = 2;

impl Plot {
    /// What the series of context are, for the legend: their names where they have few, else how many they are. Of names
    /// such as "lowess, upper limit" the last part counts.
    pub fn context(&self) -> Option<String> {
        let faint = || self.series.iter().filter(|s| s.faint);
        let mut names: Vec<&str> = Vec::new();
        for name in faint().map(|s| s.name.rsplit(", ").next().unwrap_or_default()) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let alone = self.series.iter().all(|s| s.faint || s.name.is_empty());
        match faint().count() {
            0 => None,
            _ if names.len() <= FEW && !names.contains(&"") => Some(names.join(", ")),
            n if alone => Some(format!("{n} series")),
            n => Some(format!("{n} others")),
        }
    }

    pub fn new(title: impl Into<String>, x: Axis, y: Axis) -> Self {
        Self { title: title.into(), x, y, top: None, series: Vec::new(), guides: Vec::new() }
    }

    pub fn series(mut self, series: Series) -> Self {
        self.series.push(series);
        self
    }

    pub fn guide(mut self, guide: Guide) -> Self {
        self.guides.push(guide);
        self
    }

    /// Ticks above the panel, at positions of the x axis.
    pub fn top(mut self, label: impl Into<String>, ticks: Vec<(f64, String)>) -> Self {
        self.top = Some(Axis { ticks, ..Axis::new(label, self.x.low, self.x.high) });
        self
    }
}
