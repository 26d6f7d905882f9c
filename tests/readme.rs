//! What README says is what the program does.

use std::sync::Mutex;

use radnote::commands;

use crate::common;

fn readme() -> String {
    std::fs::read_to_string("README.md").unwrap()
}

/// The part between `<!-- name -->` and `<!-- end of name -->`.
fn part<'a>(text: &'a str, name: &str) -> &'a str {
    let start = text.find(&format!("<!-- {name} -->")).unwrap() + name.len() + 9;
    &text[start..start + text[start..].find(&format!("<!-- end of {name} -->")).unwrap()]
}

/// Where tests rewrite README, one at a time.
static PEN: Mutex<()> = Mutex::new(());

/// The part of that name is this text. `RADNOTE_BLESS=1` makes it so.
fn holds(name: &str, wanted: &str) {
    let _pen = PEN.lock().unwrap();
    if common::bless() {
        let text = readme();
        let (head, rest) = text.split_once(&format!("<!-- {name} -->")).unwrap();
        let (_, tail) = rest.split_once(&format!("<!-- end of {name} -->")).unwrap();
        let text = format!("{head}<!-- {name} -->{wanted}<!-- end of {name} -->{tail}");
        // Taken over whole: the other tests read it meanwhile.
        std::fs::write("README.md.new", text).unwrap();
        std::fs::rename("README.md.new", "README.md").unwrap();
    }
    assert_eq!(part(&readme(), name), wanted);
}

#[test]
fn the_list_of_commands_is_the_table() {
    let rows = commands::table().iter().map(|r| format!("| `{}` | {} |\n", r.spec.name, r.spec.summary));
    holds("commands", &format!("\n| command | what it does |\n|---|---|\n{}", rows.collect::<String>()));
}

/// The screens shown are the captures of the walk in `examples/tour`.
#[test]
fn the_screens_are_those_of_the_walk() {
    for name in ["12-tune-moved", "15-boxes", "18-slice"] {
        let capture = std::fs::read_to_string(format!("examples/tour/{name}.txt")).unwrap();
        holds(&format!("screen {name}"), &format!("\n```text\n{capture}```\n"));
    }
}

#[test]
fn the_first_screen_has_two_commands() {
    let text = readme();
    let block = text.split("```sh\n").nth(1).unwrap().split("```").next().unwrap();
    let commands: Vec<&str> = block.lines().map(|l| l.split('#').next().unwrap().trim()).collect();
    assert_eq!(commands, ["cargo run --release -- demo", "cargo test --release"]);
    assert!(text.lines().take(24).any(|l| l.contains("cargo test --release")));
}

/// The results shown are those of the paper's notebook on the built-in cohort.
#[test]
fn the_results_shown_are_the_results() {
    let text = readme();
    let shown = text.split("```text\n").nth(1).unwrap().split("```").next().unwrap();
    let session = std::fs::read_to_string("sessions/paper.rad").unwrap();
    let script = radnote::session::Script::parse(&session.replace("demo ../radnote-demo", "demo ."));
    let mut session = common::notebook(common::demo(), &[]);
    let mut said = String::new();
    for line in &script.lines {
        if let radnote::session::Reply::Cell(at) = common::submit(&mut session, &line.line) {
            let entry = &session.entries()[at];
            said.push_str(&format!("> {}\n{}\n", entry.line, entry.result.as_ref().unwrap().headline));
        }
    }
    assert_eq!(shown, said);
}
