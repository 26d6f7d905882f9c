//! What is known of the notebook, in one row: each part in the longest form that leaves room for the others.
//!
//! A report must say how many alternatives were tried, so that is the last to go. Before it go the program's name, the events,
//! the patients and the funnel; the roles and the file's name stand behind it where there is room.

use super::{BAR, NAME, Part, UNSAVED};
use crate::caution::counted;
use crate::render::words::width;
use crate::tui::layout::NARROW;
use crate::tui::notebook::funnel;
use crate::tui::view::View;

/// The parts by their numbers: the program's name, what is computed behind, the patients, the funnel, the alternatives tried.
const NAMED: usize = 0;
const BEHIND: usize = 1;
const PATIENTS: usize = 2;
const FUNNEL: usize = 3;
const TRIED: usize = 4;

/// A form shorter, in this order, until there is room.
const GIVEN_UP: [usize; 7] = [TRIED, NAMED, PATIENTS, PATIENTS, FUNNEL, FUNNEL, BEHIND];
/// What the last one left over is for these, the most wanted first.
const TAKEN_BACK: [usize; 5] = [BEHIND, FUNNEL, PATIENTS, TRIED, NAMED];

/// The name before them, and the parts; on a narrow screen the funnel comes before the patients.
pub(super) fn facts(view: &View, behind: Option<Part>, room: usize) -> (&'static str, Vec<Part>) {
    let notebook = &view.notebook;
    let narrow = view.area.width < NARROW;
    let mut cohort = notebook.cohort.iter().cloned();
    let patients = cohort.next().unwrap_or_default();
    let without_events = patients.split_once(", ").map(|(patients, _)| patients.to_string());
    let counts: Vec<String> = funnel(view.cells()).iter().map(ToString::to_string).collect();
    let steps = if counts.is_empty() { String::new() } else { format!("features {}", counts.join(" -> ")) };
    let ends = (counts.len() > 2).then(|| format!("features {} -> {}", counts[0], counts[counts.len() - 1]));
    let tried = match notebook.tried.count {
        0 => Vec::new(),
        count => vec![counted(count, "alternatives tried"), format!("{count} tried")],
    };
    let name = if narrow { vec![" ".to_string()] } else { vec![NAME.to_string(), " ".into()] };
    let behind = behind.into_iter().flat_map(|(whole, short)| [whole].into_iter().chain(short)).collect();
    let or_gone = |forms: Vec<String>| forms.into_iter().chain([String::new()]).collect();
    let patients = or_gone([patients].into_iter().chain(without_events).collect());
    let parts = [name, behind, patients, or_gone([steps].into_iter().chain(ends).collect()), tried];
    let unsaved = if notebook.unsaved.is_some() { width(UNSAVED) + width(BAR) } else { 0 };
    let [name, behind, patients, steps, tried] = fitted(&parts, room.saturating_sub(unsaved));
    let (first, second) = if narrow { (steps, patients) } else { (patients, steps) };
    let file = notebook.file.as_ref().map(|f| f.file_name().unwrap_or_default().to_string_lossy().into_owned());
    let file = file.unwrap_or_else(|| "kept in no file".into());
    let all = [behind, first, second, tried].into_iter().chain(cohort).chain([file]);
    (if name == NAME { NAME } else { " " }, all.map(|part| (part, None)).collect())
}

/// The form of each part; empty where it has none or had to go.
fn fitted(parts: &[Vec<String>; 5], room: usize) -> [String; 5] {
    let text = |part: usize, form: usize| parts[part].get(form).map_or("", String::as_str);
    let fits = |forms: &[usize; 5]| {
        let texts = (BEHIND..=TRIED).map(|part| text(part, forms[part])).filter(|text| !text.is_empty());
        let (wide, count) = texts.fold((0, 0), |(wide, count), text| (wide + width(text), count + 1));
        width(text(NAMED, forms[NAMED])) + wide + width(BAR) * usize::saturating_sub(count, 1) <= room
    };
    let mut forms = [0; 5];
    for part in GIVEN_UP {
        if !fits(&forms) && forms[part] + 1 < parts[part].len() {
            forms[part] += 1;
        }
    }
    for part in TAKEN_BACK {
        while let Some(form) = forms[part].checked_sub(1) {
            let mut longer = forms;
            longer[part] = form;
            if !fits(&longer) {
                break;
            }
            forms = longer;
        }
    }
    std::array::from_fn(|part| text(part, forms[part]).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(room: usize, behind: &[&str]) -> String {
        let forms = |forms: &[&str]| forms.iter().map(ToString::to_string).collect::<Vec<_>>();
        let parts = [
            forms(&[NAME, " "]),
            forms(behind),
            forms(&["154 patients, 67 events", "154 patients", ""]),
            forms(&["features 107 -> 101 -> 77 -> 5 -> 3", "features 107 -> 3", ""]),
            forms(&["12 alternatives tried", "12 tried"]),
        ];
        let [name, rest @ ..] = fitted(&parts, room);
        let text = name + &rest.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(BAR);
        assert!(width(&text) <= room, "{text}");
        text
    }

    #[test]
    fn the_count_of_alternatives_is_the_last_to_go() {
        let funnel = "features 107 -> 101 -> 77 -> 5 -> 3";
        assert_eq!(shown(100, &[]), format!("{NAME}154 patients, 67 events | {funnel} | 12 alternatives tried"));
        assert_eq!(shown(84, &[]), format!("{NAME}154 patients, 67 events | {funnel} | 12 tried"));
        assert_eq!(shown(80, &[]), format!(" 154 patients, 67 events | {funnel} | 12 tried"));
        assert_eq!(shown(64, &[]), format!(" 154 patients | {funnel} | 12 tried"));
        assert_eq!(shown(50, &[]), format!(" {funnel} | 12 tried"));
        assert_eq!(shown(36, &[]), " features 107 -> 3 | 12 tried");
        assert_eq!(shown(23, &[]), " 12 alternatives tried");
        assert_eq!(shown(9, &[]), " 12 tried");
    }

    #[test]
    fn how_far_a_slow_view_is_comes_before_the_funnel() {
        let behind = ["validating 11/2000 runs, 13:55 left  Ctrl-C stops", "validating 11/2000  Ctrl-C stops"];
        assert_eq!(shown(84, &behind), format!(" {} | features 107 -> 3 | 12 tried", behind[0]));
        assert_eq!(shown(44, &behind), format!(" {} | 12 tried", behind[1]));
    }
}
