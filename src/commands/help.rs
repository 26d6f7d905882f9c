//! `help`: the commands, or all about one.

use serde::{Deserialize, Serialize};

use super::spec::{Command, Flag, Kind, Place, Position, Spec, Step, World};
use crate::error::Result;
use crate::page::Page;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Help {
    command: Option<String>,
}

impl Command for Help {
    const SPEC: Spec = Spec {
        name: "help",
        summary: "list the commands, or explain one",
        about: "`help` lists every command in the order of the chain; `help NAME` gives its formula, flags and examples.",
        place: Place::Request,
        flags: &[Flag::first("command", Kind::CommandName, "the command to explain")],
        examples: &["help", "help lasso"],
    };

    fn run(&self, _: &World<'_>) -> Result<Step> {
        match &self.command {
            Some(name) => Ok(Step::Show(one(super::find(name)?.spec))),
            None => Ok(Step::Show(all())),
        }
    }
}

/// What the status line counts.
pub const TRIED: &str = "`3 alternatives tried` in the status line (`3 tried` where there is little room): lines evaluated for a step beyond its first one, on this \
                         cohort and since the notebook's first day, also those taken back, and those of your other notebooks; each is a chance more to find what \
                         is not there, so report the number. A copied table is the same cohort, and so is one that shares half of its patients or more (by id and \
                         scan, or the row of a table without scans). A threshold that is moved and not kept is not counted.";

fn all() -> Page {
    let page = Page::new("Commands", format!("{} commands", super::table().len()));
    let page = page.facts(super::table().iter().map(|row| (row.spec.name, row.spec.summary)));
    page.text("`help NAME` explains a command. Steps (open to nomogram) form a chain: running one again replaces its cell, and everything below follows.").text(TRIED)
}

fn one(spec: &Spec) -> Page {
    let (many, examples) = (if spec.examples.len() > 1 { "s" } else { "" }, spec.examples.join("\n  "));
    let mut page = Page::new(spec.name, spec.summary).verbatim(format!("Example{many}:\n  {examples}"));
    // What is said of a flag or word begins a line of its own, so that the eye finds it.
    page = page.text(spec.about.replace(". `", ".\n`"));
    let defaults = super::parse(spec.name).ok().flatten().map(|c| c.values()).unwrap_or_default();
    if !spec.flags.is_empty() {
        page = page.facts(spec.flags.iter().map(|flag| (written(flag), meaning(flag, &defaults[flag.field()]))));
    }
    page.value("example", spec.examples)
}

/// What a flag means, what it takes where that is a choice, and its default.
fn meaning(flag: &Flag, default: &serde_json::Value) -> String {
    let choices = match flag.kind {
        Kind::Choice(choices) if choices.len() > 1 => format!("; one of {}", super::args::listed(choices)),
        _ => String::new(),
    };
    let default = match default {
        serde_json::Value::String(text) if !text.is_empty() => format!("; {text} when not given"),
        serde_json::Value::String(_) | serde_json::Value::Null | serde_json::Value::Array(_) => String::new(),
        other => format!("; {other} when not given"),
    };
    format!("{}{choices}{default}", flag.help)
}

fn written(flag: &Flag) -> String {
    match (flag.position, flag.kind) {
        (Position::Named, Kind::Choice(_)) => format!("--{}", flag.name),
        (Position::Named, _) => format!("--{} {}", flag.name, value(flag)),
        _ => flag.name.to_uppercase(),
    }
}

fn value(flag: &Flag) -> String {
    match flag.kind {
        Kind::Number => "NUMBER".into(),
        Kind::Whole => "N".into(),
        Kind::Word => "VALUE".into(),
        Kind::Choice(_) => String::new(),
        Kind::File | Kind::Table => "FILE".into(),
        Kind::Params => "PRESET|FILE".into(),
        Kind::Image => "IMAGE".into(),
        Kind::Column => "COLUMN".into(),
        Kind::Term => "VARIABLE".into(),
        Kind::Feature => "FEATURE".into(),
        Kind::Patient => "ID".into(),
        Kind::Variant => "NAME".into(),
        Kind::CommandName => "COMMAND".into(),
    }
}
