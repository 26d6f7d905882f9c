//! `help`: the commands, or all about one.

use serde::{Deserialize, Serialize};

use super::spec::{Command, Flag, Kind, Place, Position, Spec, Step, World};
use crate::error::Result;
use crate::page::{Page, Table};

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
                         cohort and since the notebook's first day, also those taken back; each is a chance more to find what \
                         is not there, so report the number. A threshold that is moved and not kept is not counted.";

fn all() -> Page {
    let mut table = Table::new("").left("command").left("what it does");
    for row in super::table() {
        table.row([row.spec.name, row.spec.summary]);
    }
    let page = Page::new("Commands", format!("{} commands", super::table().len())).table(table);
    page.text("`help NAME` explains a command. Steps (open to nomogram) form a chain: running one again replaces its cell, and everything below follows.").text(TRIED)
}

fn one(spec: &Spec) -> Page {
    let mut page = Page::new(spec.name, spec.summary).verbatim(usage(spec)).text(spec.about);
    let defaults = super::parse(spec.name).ok().flatten().map(|c| c.values()).unwrap_or_default();
    if !spec.flags.is_empty() {
        let mut table = Table::new("Flags").left("flag").left("value").left("default").left("meaning");
        for flag in spec.flags {
            let default = match &defaults[flag.field()] {
                serde_json::Value::String(text) => text.clone(),
                serde_json::Value::Null | serde_json::Value::Array(_) => String::new(),
                other => other.to_string(),
            };
            table.row([written(flag), value(flag), default, flag.help.to_string()]);
        }
        page = page.table(table);
    }
    page.verbatim(spec.examples.join("\n"))
}

/// The line as a pattern: `icc [--above NUMBER] [--form 1,1|2,1|...]`.
pub(super) fn usage(spec: &Spec) -> String {
    let part = |f: &Flag| match f.position {
        Position::Named => format!(" [--{} {}]", f.name, value(f)),
        Position::First => format!(" [{}]", f.name.to_uppercase()),
        Position::Rest => format!(" [{} ...]", f.name.to_uppercase()),
    };
    spec.flags.iter().fold(spec.name.to_string(), |line, f| line + &part(f))
}

fn written(flag: &Flag) -> String {
    if flag.position == Position::Named { format!("--{}", flag.name) } else { flag.name.to_uppercase() }
}

fn value(flag: &Flag) -> String {
    match flag.kind {
        Kind::Number => "NUMBER".into(),
        Kind::Whole => "N".into(),
        Kind::Word => "VALUE".into(),
        Kind::Choice(choices) => choices.join("|"),
        Kind::File => "FILE".into(),
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
