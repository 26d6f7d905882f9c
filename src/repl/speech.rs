//! The language of the prompt as the line editor asks for it.

use std::borrow::Cow;
use std::cell::RefCell;
use std::path::PathBuf;

use rustyline::completion::{Completer, Pair};
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::{Hint, Hinter};
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Context, Helper};

use crate::render::theme::{Colour, Theme};
use crate::session::complete::{self, Token};
use crate::session::history::Ran;
use crate::study::Study;

/// What the notebook knows when the prompt is shown.
pub(super) struct Speech {
    pub study: Study,
    pub folder: PathBuf,
    pub theme: Theme,
    /// The line that mends the last one, offered while nothing is typed.
    pub mended: Option<String>,
    /// Lines that ran well.
    pub ran: Ran,
    /// The text the prompt began with: it needs no hint.
    pub given: String,
    /// The line as it is typed so far.
    pub begun: RefCell<String>,
}

/// The rest of a line, and how it is shown.
pub(super) struct Offer {
    text: String,
    shown: String,
}

impl Hint for Offer {
    fn display(&self) -> &str {
        &self.shown
    }

    fn completion(&self) -> Option<&str> {
        Some(&self.text)
    }
}

/// Lists longer than this show names only.
const EXPLAINED: usize = 16;

impl Completer for Speech {
    type Candidate = Pair;

    fn complete(&self, line: &str, at: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<Pair>)> {
        let completion = complete::complete(line, at, &self.study, &self.folder);
        let names = completion.candidates.iter().map(|c| c.text.len()).max().unwrap_or(0);
        let explained = completion.candidates.len() <= EXPLAINED;
        let pairs = completion.candidates.into_iter().map(|candidate| Pair {
            display: match explained && !candidate.help.is_empty() {
                true => format!("{:names$}  {}", candidate.text, candidate.help),
                false => candidate.text.clone(),
            },
            replacement: complete::inserted(&candidate),
        });
        Ok((completion.start, pairs.collect()))
    }
}

impl Hinter for Speech {
    type Hint = Offer;

    fn hint(&self, line: &str, at: usize, _: &Context<'_>) -> Option<Offer> {
        line.clone_into(&mut self.begun.borrow_mut());
        let text = match line {
            _ if at < line.len() => None,
            "" => self.mended.clone(),
            _ if line == self.given => None,
            _ => complete::hint(line.rsplit('\n').next().unwrap_or_default(), self.ran.lines()),
        }?;
        Some(Offer { shown: self.theme.offered(&text), text })
    }
}

impl Highlighter for Speech {
    fn highlight<'l>(&self, line: &'l str, _: usize) -> Cow<'l, str> {
        if self.theme.colour == Colour::None {
            return Cow::Borrowed(line);
        }
        let mut text = String::new();
        let mut at = 0;
        for (range, token) in complete::tokens(line) {
            let style = match token {
                Token::Command => "1;36",
                Token::Flag => "36",
                Token::Value => "32",
                Token::Wrong => "4;91",
                Token::Begun => continue,
            };
            text.push_str(&line[at..range.start]);
            text.push_str(&format!("\x1b[{style}m{}\x1b[m", &line[range.clone()]));
            at = range.end;
        }
        text.push_str(&line[at..]);
        Cow::Owned(text)
    }

    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        match self.theme.colour {
            Colour::None => Cow::Borrowed(hint),
            _ => Cow::Owned(format!("\x1b[2m{hint}\x1b[m")),
        }
    }

    fn highlight_char(&self, _: &str, _: usize, _: CmdKind) -> bool {
        self.theme.colour != Colour::None
    }
}

impl Validator for Speech {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        Ok(match complete::waits_for(context.input()) {
            Some(_) => ValidationResult::Incomplete,
            None => ValidationResult::Valid(None),
        })
    }
}

impl Helper for Speech {}
