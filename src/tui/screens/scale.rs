//! A scale in one row, with a point on it, and the texts of its marks in the row below.

use crate::render::theme::Glyphs;
use crate::render::words::{clean, width};

/// Marks of a probability.
pub(super) const TENTHS: [f64; 6] = [0.0, 0.2, 0.4, 0.6, 0.8, 1.0];

/// From `low` to `high`, the point `at`, and marks with their texts.
pub(super) struct Scale<'a> {
    pub low: f64,
    pub high: f64,
    pub at: f64,
    pub marks: &'a [(f64, String)],
    /// The marks are levels of a factor: none may go, since no neighbour tells where it was.
    pub levels: bool,
}

/// Blanks between the texts of two levels.
const GAP: usize = 2;

impl Scale<'_> {
    /// The line with its marks and the point; a point beyond an end stands at it.
    pub fn line(&self, room: usize, glyphs: Glyphs) -> String {
        let [rule, mark, point] = match glyphs {
            Glyphs::Ascii => ['-', '+', '#'],
            _ => ['─', '┴', glyphs.knob()],
        };
        let marks: Vec<usize> = self.marks.iter().filter_map(|(v, _)| self.column(*v, room)).collect();
        let share = ((self.at - self.low) / (self.high - self.low)).clamp(0.0, 1.0);
        let at = (share * room.saturating_sub(1) as f64).round() as usize;
        let sign = |x: usize| {
            if x == at {
                point
            } else if marks.contains(&x) {
                mark
            } else {
                rule
            }
        };
        (0..room).map(sign).collect()
    }

    /// The texts under their marks, the ends first; one that would touch another is left out, but for levels: those stand side
    /// by side where all have room.
    pub fn texts(&self, room: usize, glyphs: Glyphs) -> String {
        if let Some(row) = self.side_by_side(room, glyphs).filter(|_| self.levels) {
            return row;
        }
        let mut row = vec![' '; room];
        let count = self.marks.len();
        let mut order: Vec<usize> = (0..count).collect();
        order.sort_by_key(|i| *i != 0 && i + 1 != count);
        for i in order {
            let (value, text) = &self.marks[i];
            let text = clean(text, glyphs).into_owned();
            let wide = width(&text);
            // A text that is not one column a letter would shift those after it.
            let Some(column) = self.column(*value, room).filter(|_| wide == text.chars().count() && wide <= room)
            else {
                continue;
            };
            let from = column.saturating_sub(wide / 2).min(room - wide);
            let around = from.saturating_sub(1)..(from + wide + 1).min(room);
            if row[around].iter().all(|c| *c == ' ') {
                row.splice(from..from + wide, text.chars());
            }
        }
        row.into_iter().collect()
    }

    /// All texts in the order of their marks, each as near to its mark as those beside it leave room; none where they do not fit.
    fn side_by_side(&self, room: usize, glyphs: Glyphs) -> Option<String> {
        let mut marks: Vec<&(f64, String)> = self.marks.iter().collect();
        marks.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut texts: Vec<(usize, String)> = Vec::new();
        let mut free = 0;
        for (value, text) in marks {
            let text = clean(text, glyphs).into_owned();
            let wide = width(&text);
            // A text that is not one column a letter would shift those after it.
            let column = self.column(*value, room).filter(|_| wide == text.chars().count())?;
            let from = column.saturating_sub(wide / 2).max(free);
            free = from + wide + GAP;
            texts.push((from, text));
        }
        let mut end = room;
        for (from, text) in texts.iter_mut().rev() {
            *from = (*from).min(end.checked_sub(width(text))?);
            end = from.saturating_sub(GAP);
        }
        let fits = texts.windows(2).all(|pair| pair[0].0 + width(&pair[0].1) + GAP <= pair[1].0);
        let mut row = String::new();
        for (from, text) in &texts {
            row += &" ".repeat(from.saturating_sub(width(&row)));
            row += text;
        }
        fits.then(|| row.clone() + &" ".repeat(room.saturating_sub(width(&row))))
    }

    /// Where a value stands; none beyond the ends.
    fn column(&self, value: f64, room: usize) -> Option<usize> {
        let share = (value - self.low) / (self.high - self.low);
        (-1e-9..=1.0 + 1e-9).contains(&share).then(|| (share * room.saturating_sub(1) as f64).round() as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_stand_under_their_marks_and_touch_no_other() {
        let marks: Vec<(f64, String)> = (0..=10).map(|i| (f64::from(i) * 10.0, format!("{}", i * 10))).collect();
        let scale = Scale { low: 0.0, high: 100.0, at: 250.0, marks: &marks, levels: false };
        for room in 0..120 {
            let (line, texts) = (scale.line(room, Glyphs::Ascii), scale.texts(room, Glyphs::Ascii));
            assert_eq!((line.len(), texts.len()), (room, room));
            assert!(room == 0 || line.ends_with('#'), "{line}");
            assert!(texts.split_whitespace().all(|t| marks.iter().any(|m| m.1 == t)), "{room}: {texts}");
            assert!(room < 5 || (texts.starts_with('0') && texts.ends_with("100")), "{room}: {texts}");
        }
        assert_eq!(scale.texts(60, Glyphs::Ascii).split_whitespace().count(), 11);
    }

    #[test]
    fn no_level_is_lost_where_all_have_room() {
        let marks = [(0.0, "poor".to_string()), (0.7, "well".to_string()), (100.0, "not known".to_string())];
        let scale = Scale { low: 0.0, high: 100.0, at: 0.0, marks: &marks, levels: true };
        for room in 21..120 {
            let texts = scale.texts(room, Glyphs::Ascii);
            assert_eq!(texts.len(), room);
            assert!(texts.starts_with("poor  well  ") && texts.ends_with("  not known"), "{room}: {texts}");
        }
        let right = [(99.0, "poor".to_string()), (100.0, "well".to_string())];
        assert!(Scale { marks: &right, ..scale }.texts(60, Glyphs::Ascii).ends_with("  poor  well"));
    }
}
