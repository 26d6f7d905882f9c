//! What the grammar asks for at the cursor.

use crate::commands::{self, Flag, Position, Spec, Word};

/// The place of the word under the cursor.
pub(super) enum Slot<'a> {
    Command,
    /// The value of this flag; `attached` bytes of the word are `--name=`.
    Value {
        flag: &'static Flag,
        spec: &'static Spec,
        attached: usize,
    },
    /// A word without a flag, where one is taken, or a flag that is not yet given.
    Words {
        flag: Option<&'static Flag>,
        spec: &'static Spec,
        given: Vec<&'a str>,
    },
    /// No such command.
    Nothing,
}

/// The slot after the words `before`, where `typed` is begun.
pub(super) fn at<'a>(before: &'a [Word], typed: &str) -> Slot<'a> {
    let Some((name, before)) = before.split_first() else { return Slot::Command };
    let Ok(row) = commands::find(&name.text) else { return Slot::Nothing };
    let spec = row.spec;
    let named = |name: &str| spec.flags.iter().find(|f| f.position == Position::Named && f.name == name);
    let mut given = Vec::new();
    let mut bare = 0;
    let mut words = before.iter();
    while let Some(word) = words.next() {
        let Some(flag) = word.text.strip_prefix("--") else {
            bare += 1;
            continue;
        };
        let (flag, attached) = flag.split_once('=').map_or((flag, false), |(name, _)| (name, true));
        given.push(flag);
        if let Some(flag) = named(flag).filter(|_| !attached)
            && words.next().is_none()
        {
            return Slot::Value { flag, spec, attached: 0 };
        }
    }
    if let Some((name, _)) = typed.strip_prefix("--").and_then(|t| t.split_once('='))
        && let Some(flag) = named(name)
    {
        return Slot::Value { flag, spec, attached: name.len() + 3 };
    }
    let mut firsts = spec.flags.iter().filter(|f| f.position == Position::First);
    let rest = spec.flags.iter().find(|f| f.position == Position::Rest);
    Slot::Words { flag: firsts.nth(bare).or(rest), spec, given }
}
