//! The arguments, the choice of front end, the exit code.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use radnote::batch::{self, Exit, Print};
use radnote::error::{Error, Result};
use radnote::render::theme::Glyphs;
use radnote::session::{Script, ScriptLine, Session, default_cache};
use radnote::task::Task;

/// A terminal notebook for radiomics cohorts: scans and masks in, a validated nomogram out.
#[derive(Parser)]
#[command(name = "radnote", version = version(), args_conflicts_with_subcommands = true)]
struct Arguments {
    /// The notebook to open; `notebook.rad` in this folder when none is named
    file: Option<PathBuf>,
    /// Run this line without a terminal and print its page; may be given again
    #[arg(short = 'c', value_name = "LINE", conflicts_with_all = ["file", "plain"])]
    lines: Vec<String>,
    /// The line prompt instead of the full screen
    #[arg(long)]
    plain: bool,
    #[command(flatten)]
    look: Look,
    #[command(subcommand)]
    command: Option<What>,
}

#[derive(clap::Args, Clone, Copy)]
struct Look {
    /// Draw with plain ASCII characters only
    #[arg(long, global = true)]
    ascii: bool,
    /// Columns of printed pages
    #[arg(long, global = true, value_name = "COLUMNS", default_value_t = 100)]
    width: usize,
}

#[derive(Subcommand)]
enum What {
    /// Run a notebook without a terminal and print its pages
    Run {
        file: PathBuf,
        /// Compare every recorded result; exit 4 where one has drifted
        #[arg(long)]
        check: bool,
        /// Only each line and its result
        #[arg(long, conflicts_with = "check")]
        brief: bool,
    },
    /// Write the built-in cohort (once) and open the paper's notebook on it
    Demo {
        #[arg(default_value = "radnote-demo")]
        folder: PathBuf,
    },
}

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(asked) => {
            // Help and version are no errors; a stream that is gone cannot be told.
            let _ = asked.print();
            return ExitCode::from(if asked.use_stderr() { Exit::Usage as u8 } else { Exit::Fine as u8 });
        }
    };
    let exit = start(arguments).unwrap_or_else(|error| {
        let _ = batch::complain(&mut io::stderr(), &error);
        Exit::Failed
    });
    ExitCode::from(exit as u8)
}

fn start(arguments: Arguments) -> Result<Exit> {
    let look = arguments.look;
    match arguments.command {
        Some(What::Run { file, check, brief }) => run(&file, check, print(look, brief)),
        Some(What::Demo { folder }) => demo(&folder, arguments.plain, look),
        None if !arguments.lines.is_empty() => lines(&arguments.lines, print(look, false)),
        None => notebook(&arguments.file.unwrap_or_else(|| "notebook.rad".into()), arguments.plain, look),
    }
}

fn run(file: &Path, check: bool, print: Print) -> Result<Exit> {
    let script = batch::script(file)?;
    let folder = file.parent().unwrap_or(Path::new(""));
    let mut session = Session::new(folder, &default_cache()?);
    headless(|task, out, log| {
        if check {
            batch::check(&mut session, file, &script, task, out, log)
        } else {
            batch::lines(&mut session, &script.lines, print, task, out, log)
        }
    })
}

fn lines(lines: &[String], print: Print) -> Result<Exit> {
    let mut session = Session::new(Path::new(""), &default_cache()?);
    let lines: Vec<ScriptLine> = lines.iter().flat_map(|l| Script::parse(l).lines).collect();
    headless(|task, out, log| batch::lines(&mut session, &lines, print, task, out, log))
}
