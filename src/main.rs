//! The arguments, the choice of front end, the exit code.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::LazyLock;

use clap::{Parser, Subcommand};
use radnote::batch::extract::{Batch, Format};
use radnote::batch::{self, Exit, Print};
use radnote::commands::quote;
use radnote::error::{Error, Result};
use radnote::features::Profile;
use radnote::files;
use radnote::render::theme::{Glyphs, Theme};
use radnote::render::words;
use radnote::session::{self, Script, ScriptLine, Session, default_cache};
use radnote::task::Task;
use radnote::{repl, tui};

static VERSION: LazyLock<String> = LazyLock::new(version);

/// A terminal notebook for radiomics cohorts: scans and masks in, a validated nomogram out.
#[derive(Parser)]
#[command(name = "radnote", version = VERSION.as_str())]
struct Arguments {
    /// The notebook to open; `notebook.rad` in this folder when none is named
    file: Option<PathBuf>,
    /// Run this line without a terminal and print its page; may be given again
    #[arg(short = 'c', value_name = "LINE", conflicts_with_all = ["file", "plain"])]
    lines: Vec<String>,
    /// The line prompt instead of the full screen
    #[arg(long, global = true)]
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
    /// The prompt's keys are those of vi; so they are where RADNOTE_KEYS is `vi`
    #[arg(long, global = true)]
    vi: bool,
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
    /// Compute the features of every row of a table of scans and masks, as PyRadiomics' batch tool does
    Extract(Extract),
    /// Walk the paper in ten steps on the built-in cohort, in the notebook tour.rad
    Tour,
    /// Print a test card of this terminal and machine, and what to do about each problem
    Doctor,
    /// Write the built-in cohort (once) and open the paper's notebook on it
    Demo {
        #[arg(default_value = "radnote-demo")]
        folder: PathBuf,
    },
}

#[derive(clap::Args)]
struct Extract {
    /// A CSV file with the columns Image and Mask, and where wanted Label and Label_channel
    #[arg(long, value_name = "CSV")]
    batch: PathBuf,
    /// A preset (paper-1967, mr, original-107) or a PyRadiomics parameter file
    #[arg(long, value_name = "FILE|PRESET", default_value = "paper-1967")]
    params: String,
    /// Resample to cubes of this side, whatever the parameters say
    #[arg(long, value_name = "MM", value_parser = side)]
    spacing: Option<f64>,
    /// Whose definitions count where they differ
    #[arg(long, value_parser = ["pyradiomics", "ibsi"], default_value = "pyradiomics")]
    profile: String,
    /// Where the features go
    #[arg(long, value_name = "FILE", default_value = "features.csv")]
    out: PathBuf,
    /// What is written; by the ending of --out when it is not given
    #[arg(long, value_parser = ["csv", "json", "parquet"])]
    format: Option<String>,
    /// Threads; one a core when 0
    #[arg(long, default_value_t = 0)]
    jobs: usize,
    /// Write diagnostics_* columns before the features
    #[arg(long)]
    diagnostics: bool,
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
        let mut text = Vec::new();
        let _ = batch::complain(&mut text, &error);
        eprint!("{}", wrapped(&String::from_utf8_lossy(&text), io::stderr().is_terminal()));
        Exit::Failed
    });
    ExitCode::from(exit as u8)
}

fn start(arguments: Arguments) -> Result<Exit> {
    let look = arguments.look;
    // Flags may stand before a command's word as behind it; a notebook or lines beside a command would be passed over.
    let beside =
        arguments.file.iter().map(|file| file.display().to_string()).chain(arguments.lines.iter().cloned()).next();
    if let (Some(_), Some(given)) = (&arguments.command, beside) {
        let expected = "it stands beside a command of the program, which takes what follows its own word".into();
        return Err(Error::BadValue { what: "the argument".into(), given, expected });
    }
    match arguments.command {
        Some(What::Run { file, check, brief }) => run(&file, check, print(look, brief)),
        Some(What::Extract(asked)) => extract(asked),
        Some(What::Demo { folder }) => demo(&folder, arguments.plain, look),
        Some(What::Tour) => notebook(Path::new("tour.rad"), arguments.plain, look, "tour"),
        Some(What::Doctor) => lines(&["doctor".to_string()], print(look, false)),
        None if !arguments.lines.is_empty() => lines(&arguments.lines, print(look, false)),
        None => {
            let file = arguments.file.map_or_else(usual, Ok)?;
            notebook(&file, arguments.plain, look, "")
        }
    }
}

fn run(file: &Path, check: bool, print: Print<'_>) -> Result<Exit> {
    let script = batch::script(file)?;
    let folder = file.parent().unwrap_or(Path::new(""));
    let mut session = Session::new(folder, &default_cache()?);
    headless(|task, out, log| {
        if check {
            batch::check(&mut session, file, &script, task, out, log)
        } else {
            batch::lines(&mut session, &script.lines, Print { file: Some(file), ..print }, task, out, log)
        }
    })
}

fn side(text: &str) -> std::result::Result<f64, String> {
    let side = text.parse().ok().filter(|mm: &f64| *mm > 0.0 && mm.is_finite());
    side.ok_or_else(|| "a number of millimetres above 0 is expected".into())
}

fn extract(asked: Extract) -> Result<Exit> {
    let format = asked.format.as_deref().map(|format| match format {
        "json" => Format::Json,
        "parquet" => Format::Parquet,
        _ => Format::Csv,
    });
    let profile = if asked.profile == "ibsi" { Profile::Ibsi } else { Profile::PyRadiomics };
    let Extract { batch: table, params, spacing, out, jobs, diagnostics, .. } = asked;
    let batch = Batch { table, params, profile, spacing, out, format, jobs, diagnostics, cache: default_cache()? };
    let task = Task::default();
    interruptible(&task)?;
    let _watch = batch::progress::watch(&task);
    let lines = !io::stderr().is_terminal();
    batch::extract::extract(&batch, &task, lines, &mut io::stdout(), &mut io::stderr())
}

fn lines(lines: &[String], print: Print<'_>) -> Result<Exit> {
    let mut session = Session::new(Path::new(""), &default_cache()?);
    let lines: Vec<ScriptLine> = lines.iter().flat_map(|l| Script::parse(l).lines).collect();
    headless(|task, out, log| batch::lines(&mut session, &lines, print, task, out, log))
}

fn demo(folder: &Path, plain: bool, look: Look) -> Result<Exit> {
    let file = folder.join("paper.rad");
    if !file.exists() {
        files::folder(folder)?;
        files::write(&file, |out| out.write_all(paper().as_bytes()))?;
    }
    if io::stdout().is_terminal() && io::stdin().is_terminal() {
        notebook(&file, plain, look, "")
    } else {
        run(&file, false, print(look, true))
    }
}

/// The paper's notebook, for a folder that holds the cohort itself.
fn paper() -> String {
    include_str!("../sessions/paper.rad").replace("demo ../radnote-demo", "demo .")
}

/// The notebook on a full screen; at a line prompt where the terminal is no screen or that is asked for; and where there is
/// no terminal, its lines come from standard input. `first` is run at once.
fn notebook(file: &Path, plain: bool, look: Look, first: &str) -> Result<Exit> {
    if file.extension().is_none_or(|e| e != "rad") {
        let ending = file.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        let table = ["csv", "tsv", "txt", "parquet"].contains(&ending.as_str()) && file.is_file();
        let expected = match table {
            true => format!("it is a table: start `radnote`, and there type `open {}`", quote(&file.to_string_lossy())),
            false => "its name must end in .rad; `radnote --help` lists the commands of the program".into(),
        };
        return Err(Error::BadValue { what: "the notebook".into(), given: file.display().to_string(), expected });
    }
    let mut session = Session::new(Path::new(""), &default_cache()?);
    let lines = session.attach(file)?;
    session.announce();
    if let Some(state) = session::history::state() {
        session.count_in(&state);
    }
    let typed = io::stdin().is_terminal();
    if !typed || !(first.is_empty() || io::stdout().is_terminal()) {
        let given = if typed { Ok(String::new()) } else { io::read_to_string(io::stdin()) };
        let given = given.map_err(|e| Error::file("read", Path::new("standard input"), &e))?;
        return headless(|task, out, log| {
            let opened = batch::resume(&mut session, &lines, task, log)?;
            let given = Script::parse(&format!("{first}\n{given}")).lines;
            let ran = batch::lines(&mut session, &given, print(look, false), task, out, log)?;
            session.finish();
            Ok(opened.max(ran))
        });
    }
    let theme = theme(look);
    let vi = look.vi || variable("RADNOTE_KEYS") == "vi";
    let dumb = ["", "dumb", "emacs", "cons25"].contains(&variable("TERM").as_str());
    if plain || dumb || !io::stdout().is_terminal() {
        repl::run(session, &lines, theme, vi, first)?;
    } else {
        tui::run(session, lines, theme, vi, first)?;
    }
    Ok(Exit::Fine)
}

/// The notebook where none is named: one that was cut off, where there is one and the reader wants it; else `notebook.rad`
/// in this folder.
fn usual() -> Result<PathBuf> {
    let here = PathBuf::from("notebook.rad");
    let cut_off = session::unfinished();
    // That of this folder is taken up whichever was cut off last.
    let own = here.canonicalize().is_ok_and(|here| cut_off.contains(&here));
    let Some(file) =
        cut_off.into_iter().next().filter(|_| !own && io::stdin().is_terminal() && io::stdout().is_terminal())
    else {
        return Ok(here);
    };
    let asks = "Enter goes on with it; n begins with notebook.rad in this folder; f too, and never asks for this session again:";
    print!("{}", wrapped(&format!("A session was cut off: {}\n{asks}", file.display()), true));
    print!("> ");
    let mut answer = String::new();
    let asked = io::stdout().flush().and_then(|()| io::stdin().read_line(&mut answer));
    asked.map_err(|e| Error::file("use", Path::new("the terminal"), &e))?;
    match answer.trim() {
        "n" | "no" => Ok(here),
        "f" => {
            session::forget(&file);
            Ok(here)
        }
        _ => Ok(file),
    }
}

/// Lines broken between words where the terminal's end: it breaks them anywhere.
fn wrapped(text: &str, terminal: bool) -> String {
    let columns = if terminal { crossterm::terminal::size().map_or(0, |(columns, _)| usize::from(columns)) } else { 0 };
    let lines = if columns > 0 { words::wrap(text.trim_end(), columns) } else { vec![text.trim_end().to_string()] };
    lines.join("\n") + "\n"
}

/// Work with Ctrl-C as cancel, progress on standard error, and a closed pipe as an ordinary end.
fn headless(work: impl FnOnce(&Task, &mut dyn Write, &mut dyn Write) -> io::Result<Exit>) -> Result<Exit> {
    let task = Task::default();
    interruptible(&task)?;
    let _watch = batch::progress::watch(&task);
    match work(&task, &mut io::stdout().lock(), &mut io::stderr()) {
        Ok(exit) => Ok(exit),
        Err(e) if e.kind() == io::ErrorKind::BrokenPipe => Ok(Exit::Fine),
        Err(e) => Err(Error::file("write", Path::new("standard output"), &e)),
    }
}

/// The first Ctrl-C asks the work to stop, the second stops the program.
fn interruptible(task: &Task) -> Result<()> {
    use signal_hook::consts::{SIGINT, SIGTERM};
    let mut signals = signal_hook::iterator::Signals::new([SIGINT, SIGTERM])
        .map_err(|e| Error::file("watch", Path::new("the keyboard's interrupt"), &e))?;
    let task = task.clone();
    std::thread::spawn(move || {
        for (i, _) in signals.forever().enumerate() {
            if i > 0 {
                std::process::exit(Exit::Cancelled as i32);
            }
            task.cancel();
        }
    });
    Ok(())
}

fn print(look: Look, brief: bool) -> Print<'static> {
    Print { file: None, width: look.width, glyphs: theme(look).glyphs, brief }
}

/// What the terminal can show, as its variables say.
fn theme(look: Look) -> Theme {
    let theme = Theme::of_environment();
    if look.ascii { Theme { glyphs: Glyphs::Ascii, ..theme } } else { theme }
}

fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_default()
}

/// Version, profile, linkage and the version of the feature definitions.
fn version() -> String {
    let profile = match (cfg!(radnote_dist), cfg!(debug_assertions)) {
        (true, _) => "dist",
        (false, true) => "dev",
        (false, false) => "release",
    };
    let linked = if cfg!(target_feature = "crt-static") { ", static" } else { "" };
    format!("{} ({profile}{linked}; features {})", env!("CARGO_PKG_VERSION"), radnote::features::DEFINITION)
}
