//! The command line: one file per command, all definitions in [`args`]. A command makes one text
//! and an exit code; printing happens once, here.

mod add;
pub mod args;
mod changes;
mod crawl;
mod deliver;
mod demo;
mod diff;
mod export;
mod extract;
mod feeds;
mod files;
mod init;
mod misc;
mod notices;
mod notify;
mod panics;
mod probe;
mod recordings;
mod report;
mod schema;
mod serve;
mod session;
mod show;
mod signals;
mod sources;
mod status;
mod units;
mod verify;

use crate::render::safe;
use args::{Cli, Command, Format, Global};
use clap::{CommandFactory, Parser};
use session::Session;
use std::io::Write;
use std::process::ExitCode;

/// All well.
pub(crate) const WELL: u8 = 0;
/// Some source failed.
pub(crate) const SOME_FAILED: u8 = 1;
/// Usage or configuration.
pub(crate) const USAGE: u8 = 2;
/// Nothing succeeded.
pub(crate) const NOTHING: u8 = 3;
/// The database cannot be used.
pub(crate) const DATABASE: u8 = 4;
/// `--exit-code`: something new, all well.
pub(crate) const NEWS: u8 = 10;
/// `--exit-code`: something new, some source failed.
pub(crate) const NEWS_SOME_FAILED: u8 = 11;
/// Standard output cannot be written (EX_IOERR of sysexits.h).
pub(crate) const UNWRITABLE: u8 = 74;
/// Another run holds the lock (EX_TEMPFAIL).
pub(crate) const BUSY: u8 = 75;

/// What a command gives: a text for standard output, an exit code, and a line for standard error
/// where it was not done to the end.
#[derive(Debug, Default)]
pub(crate) struct Output {
    text: String,
    code: u8,
    complaint: Option<String>,
}

impl Output {
    pub(crate) fn text(text: impl Into<String>) -> Output {
        Output {
            text: text.into(),
            ..Output::default()
        }
    }
    pub(crate) fn code(mut self, code: u8) -> Output {
        self.code = code;
        self
    }
    pub(crate) fn complain(mut self, line: Option<String>) -> Output {
        self.complaint = line;
        self
    }
}

/// Why a command could not be done: one clear line and an exit code.
#[derive(Debug)]
pub(crate) struct Failure {
    message: String,
    code: u8,
}

impl Failure {
    pub(crate) fn usage(message: impl AsRef<str>) -> Failure {
        Failure::with(USAGE, message)
    }
    /// The message may quote what a person pasted or a page says: it stays one harmless line.
    pub(crate) fn with(code: u8, message: impl AsRef<str>) -> Failure {
        Failure {
            message: safe::terminal(message.as_ref()),
            code,
        }
    }
}

impl From<crate::store::StoreError> for Failure {
    fn from(error: crate::store::StoreError) -> Failure {
        use crate::store::StoreError;
        let code = match error {
            StoreError::Busy { .. } => BUSY,
            StoreError::WrongEpoch { .. } | StoreError::Exists { .. } => USAGE,
            _ => DATABASE,
        };
        Failure::with(code, error.to_string())
    }
}

impl From<crate::config::ConfigError> for Failure {
    fn from(error: crate::config::ConfigError) -> Failure {
        // Several lines: the place in the file, with a caret.
        let lines: Vec<String> = error.to_string().lines().map(safe::terminal).collect();
        Failure {
            message: lines.join("\n"),
            code: USAGE,
        }
    }
}

/// Parses, runs, prints.
pub fn main() -> ExitCode {
    ExitCode::from(panics::guarded(program))
}

fn program() -> u8 {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() { USAGE } else { WELL };
        }
    };
    start_tracing(&cli.global);
    let quiet = cli.global.quiet;
    match dispatch(cli) {
        Ok(output) => {
            let text = if quiet { "" } else { &output.text };
            let printed = print(text);
            if let Some(line) = &output.complaint {
                complain(line);
            }
            match printed {
                // The reader has gone (`| head`): what was done is done.
                Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
                    complain(&format!("cannot write to standard output: {error}"));
                    UNWRITABLE
                }
                _ => output.code,
            }
        }
        Err(failure) => {
            complain(&failure.message);
            failure.code
        }
    }
}

fn complain(line: &str) {
    let _ = writeln!(anstream::stderr().lock(), "lingzheng: {}", line.trim_end());
}

fn print(text: &str) -> std::io::Result<()> {
    let mut out = anstream::stdout().lock();
    out.write_all(text.as_bytes())?;
    if !text.is_empty() && !text.ends_with('\n') {
        out.write_all(b"\n")?;
    }
    out.flush()
}

fn dispatch(cli: Cli) -> Result<Output, Failure> {
    let global = &cli.global;
    if global.format.common().is_none() && !matches!(cli.command, Command::Report(_)) {
        return Err(Failure::usage(
            "--format: only `report` has this form; give text, json or jsonl",
        ));
    }
    match &cli.command {
        Command::Demo(args) => demo::run(global, args),
        Command::Crawl(args) => crawl::run(&Session::new(global)?.with_by_hand(), args),
        Command::Status(args) => status::run(&Session::new(global)?.with_by_hand(), args),
        Command::Report(args) => {
            report::run(&Session::new(global)?.with_by_hand(), global.format, args)
        }
        Command::Serve(args) => serve::run(
            &Session::new(global)?.with_by_hand(),
            global.now.is_some(),
            args,
        ),
        Command::Export(args) => export::run(&Session::new(global)?.with_by_hand(), args),
        Command::Changes(args) => changes::run(&Session::new(global)?.with_by_hand(), args),
        Command::Notices(args) => notices::run(&Session::new(global)?.with_by_hand(), args),
        Command::Show(args) => show::run(&Session::new(global)?.with_by_hand(), args),
        Command::Diff(args) => diff::run(&Session::new(global)?, args),
        Command::Extract(args) => extract::run(&Session::new(global)?, args, extract::As::Facts),
        Command::Explain(args) => extract::run(&Session::new(global)?, args, extract::As::Marks),
        Command::Sources(args) => sources::run(&Session::new(global)?.with_by_hand(), args),
        Command::Add(args) => add::add(Session::new(global)?.with_by_hand(), args),
        Command::Import(args) => add::import(Session::new(global)?.with_by_hand(), args),
        Command::Probe(args) => probe::run(&Session::new(global)?, args),
        Command::Deliver => deliver::run(&Session::new(global)?),
        Command::Notify(args) => notify::run(&Session::new(global)?, args),
        Command::Schema(args) => Ok(schema::run(args)),
        Command::Units(args) => Ok(units::run(args)),
        Command::Verify(args) => verify::run(&Session::new(global)?, args),
        Command::Backup(args) => misc::backup(&Session::new(global)?, args),
        Command::Doctor => misc::doctor(&Session::new(global)?),
        Command::Init(args) => init::run(global, args),
        Command::Completions { shell } => {
            let mut bytes = Vec::new();
            clap_complete::generate(*shell, &mut Cli::command(), "lingzheng", &mut bytes);
            Ok(Output::text(String::from_utf8_lossy(&bytes)))
        }
        Command::Man => {
            let mut bytes = Vec::new();
            clap_mangen::Man::new(Cli::command())
                .render(&mut bytes)
                .map_err(|e| Failure::usage(format!("cannot write the manual page: {e}")))?;
            Ok(Output::text(String::from_utf8_lossy(&bytes)))
        }
    }
}

/// Log lines go to standard error; by default only what is wrong with lingzheng itself.
fn start_tracing(global: &Global) {
    use tracing_subscriber::filter::EnvFilter;
    let level = match global.verbose {
        0 => "lingzheng=error",
        1 => "lingzheng=info",
        _ => "lingzheng=debug",
    };
    let filter = EnvFilter::try_from_env("LINGZHENG_LOG").unwrap_or_else(|_| EnvFilter::new(level));
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    let started = if global.log_json {
        lines.json().try_init()
    } else {
        lines.with_ansi(false).try_init()
    };
    // A second start (tests in one process) changes nothing.
    let _ = started;
}

/// The JSON envelope of every document: `{"schema":1,"kind":…,"generated":…,"data":…}`.
fn document(session: &Session, kind: &str, data: impl serde::Serialize) -> Result<Output, Failure> {
    let value = crate::render::envelope(kind, session.now, data);
    let value = value.map_err(|e| Failure::usage(format!("cannot write JSON: {e}")))?;
    json(&value, session.format)
}

/// A value as JSON: indented for a document, one line for JSON Lines.
fn json(value: &serde_json::Value, format: Format) -> Result<Output, Failure> {
    let text = match format {
        Format::Jsonl => serde_json::to_string(value),
        _ => serde_json::to_string_pretty(value),
    };
    let text = text.map_err(|e| Failure::usage(format!("cannot write JSON: {e}")))?;
    Ok(Output::text(text + "\n"))
}
