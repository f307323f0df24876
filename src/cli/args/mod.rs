//! All command-line definitions: what a person reads in `--help`.

mod outputs;

pub use outputs::*;

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// lingzheng (领证) watches the offices that hand out exam certificates in China and tells what is
/// new or changed, with the office's own words as evidence.
#[derive(Debug, Parser)]
#[command(
    version,
    about = "Watches Chinese exam offices for certificate-pickup notices",
    long_about = None,
    arg_required_else_help = true,
    after_help = "First steps:\n  \
        lingzheng demo              a tour in seconds, without network\n  \
        lingzheng init              write commented settings; put your contact in them\n  \
        lingzheng crawl             look at every office; run it from cron\n  \
        lingzheng status 广东       where one region stands\n\n\
        Exit codes: 0 all well, 1 some source failed, 2 usage or configuration, 3 nothing succeeded,\n\
        4 database unusable, 70 a fault of lingzheng, 74 standard output cannot be written,\n\
        75 another run holds the lock, 130 and 143 ended by a signal."
)]
pub struct Cli {
    /// What is common to all commands.
    #[command(flatten)]
    pub global: Global,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// Options that every command takes.
#[derive(Debug, Args)]
pub struct Global {
    /// Database [default: $XDG_DATA_HOME/lingzheng/lingzheng.db]
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        help_heading = "Global options"
    )]
    pub db: Option<PathBuf>,
    /// Your own offices, laid over the built-in ones by id
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        help_heading = "Global options"
    )]
    pub sources: Option<PathBuf>,
    /// Settings [default: $XDG_CONFIG_HOME/lingzheng/config.toml]
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        help_heading = "Global options"
    )]
    pub config: Option<PathBuf>,
    /// Pretend that it is this moment, e.g. 2026-12-14T09:00:00+08:00
    #[arg(
        long,
        global = true,
        value_name = "RFC3339",
        help_heading = "Global options"
    )]
    pub now: Option<String>,
    /// Language of what is told about notices
    #[arg(long, global = true, value_enum, default_value_t = Lang::Zh, help_heading = "Global options")]
    pub lang: Lang,
    /// For people or for programs
    #[arg(long, global = true, value_enum, default_value_t = AnyFormat::Text, help_heading = "Global options")]
    pub format: AnyFormat,
    /// Say nothing but errors
    #[arg(short, long, global = true, help_heading = "Global options")]
    pub quiet: bool,
    /// Log what is done (-v), and each request (-vv), to standard error
    #[arg(short, long, global = true, action = clap::ArgAction::Count, help_heading = "Global options")]
    pub verbose: u8,
    /// Log lines as JSON
    #[arg(long, global = true, help_heading = "Global options")]
    pub log_json: bool,
}

/// Language of the sentences.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Lang {
    /// Chinese.
    Zh,
    /// English.
    En,
}

/// Form of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// One JSON document in the envelope `{"schema":1, …}`.
    Json,
    /// One JSON object a line.
    Jsonl,
}

/// Form of the output, with those that only `report` has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AnyFormat {
    /// For people.
    Text,
    /// One JSON document in the envelope `{"schema":1, …}`.
    Json,
    /// One JSON object a line.
    Jsonl,
    /// `report`: CommonMark, ready to publish.
    #[value(hide = true)]
    Markdown,
    /// `report`: one page that loads nothing.
    #[value(hide = true)]
    Html,
    /// `report`: a drawing.
    #[value(hide = true)]
    Svg,
}

impl AnyFormat {
    /// The form for commands other than `report`; None where they do not have it.
    pub fn common(self) -> Option<Format> {
        match self {
            AnyFormat::Text => Some(Format::Text),
            AnyFormat::Json => Some(Format::Json),
            AnyFormat::Jsonl => Some(Format::Jsonl),
            AnyFormat::Markdown | AnyFormat::Html | AnyFormat::Svg => None,
        }
    }
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// A tour without network: recorded pages of five days through the very code of `crawl`
    Demo(DemoArgs),
    /// Look at the offices: fetch, read, keep, compare, tell. Quiet when nothing happened
    Crawl(CrawlArgs),
    /// Where every region stands with a sitting, or one region in full
    Status(StatusArgs),
    /// The same to publish: text, Markdown, HTML, SVG or JSON
    Report(ReportArgs),
    /// The same as a web site, with search, history and a JSON API
    Serve(ServeArgs),
    /// Write files for others
    Export(ExportArgs),
    /// What changed, newest first
    Changes(ChangesArgs),
    /// List or search the notices that are kept
    Notices(NoticesArgs),
    /// One notice with its facts, evidence and history
    Show(ShowArgs),
    /// What the office changed between two versions of a notice
    Diff(DiffArgs),
    /// Facts of one saved page, without database or network
    Extract(ExtractArgs),
    /// The same page with each fact marked in its text and named by its rule
    Explain(ExtractArgs),
    /// The offices that are watched, and their health
    Sources(SourcesArgs),
    /// Watch one notice that you found yourself
    Add(AddArgs),
    /// Watch a page that you saved from the browser, of an office that refuses programs
    Import(ImportArgs),
    /// Look at an unknown office's list: what made it, how it reads, the block that describes it
    Probe(ProbeArgs),
    /// Send what waits for the sinks of the settings; `crawl` does it by itself
    Deliver,
    /// The sinks one by one: how they stand, a trial, another try
    Notify(NotifyArgs),
    /// The JSON Schema of what `changes --format jsonl`, webhooks and exports hold
    Schema(SchemaArgs),
    /// A systemd service and timer, ready to install
    Units(UnitsArgs),
    /// Is this address an office's own? Exit 0 = official, 1 = not
    Verify(VerifyArgs),
    /// Copy the database safely, also while a crawl runs
    Backup(BackupArgs),
    /// Check database, settings and surroundings
    #[command(
        after_help = "Examples:\n  lingzheng doctor\n  lingzheng --db copy.db doctor    \
        is this backup whole?\n\nExit code 4 where something is wrong."
    )]
    Doctor,
    /// Write commented settings
    Init(InitArgs),
    /// Shell completions
    #[command(hide = true)]
    Completions {
        /// Shell.
        shell: clap_complete::Shell,
    },
    /// The manual page (roff)
    #[command(hide = true)]
    Man,
}

/// `demo`
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  lingzheng demo\n  lingzheng demo --keep tour      the same, and a database to look around in"
)]
pub struct DemoArgs {
    /// Keep the database and what was printed in this folder
    #[arg(long, value_name = "DIR")]
    pub keep: Option<PathBuf>,
}

/// `crawl`
#[derive(Debug, Args)]
#[command(
    after_help = "From cron (mail only when something happened or broke):\n  \
    17 8-20 * * *  lingzheng crawl\n\n\
    Examples:\n  \
    lingzheng crawl gx gd\n  \
    lingzheng crawl --region 广东 --exit-code\n\n\
    In scripts, --exit-code tells news by the exit code: 10 something new and all well, 11 something \
    new and some source failed."
)]
pub struct CrawlArgs {
    /// Sources by id [default: all]
    #[arg(value_name = "ID")]
    pub ids: Vec<String>,
    /// Only the sources that serve this region (name, pinyin or code)
    #[arg(long, value_name = "REGION")]
    pub region: Option<String>,
    /// Read recorded pages from this folder in place of the network
    #[arg(long, value_name = "DIR", requires = "round")]
    pub recorded: Option<PathBuf>,
    /// Which round of the recording
    #[arg(long, value_name = "N", requires = "recorded")]
    pub round: Option<u32>,
    /// Leave what is to be sent to `deliver`
    #[arg(long)]
    pub no_deliver: bool,
    /// Tell by the exit code whether something is new (10, 11)
    #[arg(long)]
    pub exit_code: bool,
}

/// Which sitting of which exam.
#[derive(Debug, Args, Default)]
pub struct SittingArgs {
    /// Exam by id or name, or one of its qualifications, e.g. 网络工程师 [default: the first watched]
    #[arg(long, value_name = "EXAM")]
    pub exam: Option<String>,
    /// Sitting, e.g. 2026H2 [default: the one whose certificates are due]
    #[arg(long, value_name = "SITTING")]
    pub sitting: Option<String>,
}

/// `status`
#[derive(Debug, Args, Default)]
#[command(after_help = "How each office itself answers: lingzheng sources\n\
    Examples:\n  \
    lingzheng status                       every region, those that need action first\n  \
    lingzheng status 广东                  dates, places and papers of one region\n  \
    lingzheng status --exam 网络工程师 --sitting 2026H1")]
pub struct StatusArgs {
    /// One region in full (name, pinyin or code)
    #[arg(value_name = "REGION")]
    pub region: Option<String>,
    /// Which sitting.
    #[command(flatten)]
    pub which: SittingArgs,
}

/// `changes`
#[derive(Debug, Args)]
#[command(
    after_help = "As a stream for programs, one CloudEvents envelope a line, oldest first; go on from the \
    id that came last:\n  \
    lingzheng changes --after 1f2e3d4c:17 --format jsonl\n  \
    lingzheng changes --after 1f2e3d4c:17 --format jsonl --follow | jq -r .data.title"
)]
pub struct ChangesArgs {
    /// Since this day or moment (2026-12-01, 7d)
    #[arg(long, value_name = "WHEN", conflicts_with = "after")]
    pub since: Option<String>,
    /// After this cursor, oldest first (epoch:seq, as printed before)
    #[arg(long, value_name = "CURSOR")]
    pub after: Option<String>,
    /// At most so many
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub limit: u32,
    /// Also baselines, re-readings and sources
    #[arg(long)]
    pub all: bool,
    /// Then wait for what comes, until stopped
    #[arg(long)]
    pub follow: bool,
}

/// `notices`
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    lingzheng notices --region 广东\n  \
    lingzheng notices --search '证书 邮寄'                 both words")]
pub struct NoticesArgs {
    /// Only this region's
    #[arg(long, value_name = "REGION")]
    pub region: Option<String>,
    /// Only this source's
    #[arg(long, value_name = "ID")]
    pub source: Option<String>,
    /// Words that title or text must hold; two characters suffice
    #[arg(long, value_name = "WORDS")]
    pub search: Option<String>,
    /// Also rows that are only known by their title
    #[arg(long)]
    pub all: bool,
    /// At most so many
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub limit: u32,
}

/// `show`
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  lingzheng show 12\n  lingzheng show https://www.gxpta.com.cn/ksxm/zyzglks/t32741.html"
)]
pub struct ShowArgs {
    /// Number of the notice (see `notices`), or its address
    pub notice: String,
}

/// `diff`
#[derive(Debug, Args)]
#[command(
    after_help = "Both versions are read by today's rules, so only what the office changed is shown.\n\
    Examples:\n  lingzheng diff 12\n  lingzheng diff 12 --from 1 --to 3"
)]
pub struct DiffArgs {
    /// Number of the notice, or its address
    pub notice: String,
    /// From this version [default: the one before the last]
    #[arg(long, value_name = "N")]
    pub from: Option<u32>,
    /// To this version [default: the last]
    #[arg(long, value_name = "N")]
    pub to: Option<u32>,
}

/// `extract`, `explain`
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  curl -s URL > page.html\n  lingzheng extract --url URL page.html\n  lingzheng explain --url URL page.html    the same, fact by fact in its text"
)]
pub struct ExtractArgs {
    /// Address of the page: region, links and dates are read by it
    #[arg(long, value_name = "URL")]
    pub url: String,
    /// Charset that overrides what the page says
    #[arg(long, value_name = "LABEL")]
    pub charset: Option<String>,
    /// The saved page; - reads standard input
    pub file: PathBuf,
}

/// `sources`
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  lingzheng sources\n  lingzheng --sources mine.toml sources check\n\n\
    A list that lost 60 % of its rows, or its dates, is a fault and changes nothing; when it has been \
    so for a day it is taken for what the list is now. A certificate is named from two weeks before \
    its end on."
)]
pub struct SourcesArgs {
    /// What to do [default: list them]
    #[command(subcommand)]
    pub action: Option<SourcesAction>,
}

/// `sources …`
#[derive(Debug, Subcommand)]
pub enum SourcesAction {
    /// Check the file without network: selectors, ids, regions, hosts
    Check,
}

/// `add`
#[derive(Debug, Args)]
#[command(
    after_help = "The page is fetched at once and read as `crawl` reads it; where it cannot be \
    read, nothing is kept.\nLater crawls look at it again while it matters. A WeChat article needs \
    its permanent link (mp.weixin.qq.com/s/…).\n\n\
    Example:\n  lingzheng add https://mp.weixin.qq.com/s/AbCdEfGhIjKlMn --region 广西"
)]
pub struct AddArgs {
    /// The notice's address
    #[arg(value_name = "URL")]
    pub url: String,
    /// What to call it [default: the page's own title]
    #[arg(long, value_name = "TITLE")]
    pub title: Option<String>,
    /// Where it holds (name, pinyin or code) [default: by its host]
    #[arg(long, value_name = "REGION")]
    pub region: Option<String>,
    /// The office under which it is kept [default: the one that owns the host, else `by-hand`]
    #[arg(long, value_name = "ID")]
    pub source: Option<String>,
}

/// `import`
#[derive(Debug, Args)]
#[command(
    after_help = "Save the page as \"Webpage, HTML only\"; an MHTML archive is not read.\n\
    Import the page again when it may have changed: the difference is told like any other change.\n\n\
    Example:\n  lingzheng import --url https://rsks.example.gov.cn/tzgg/t20261201_77.html saved.html"
)]
pub struct ImportArgs {
    /// The page's address, as the browser showed it
    #[arg(long, value_name = "URL")]
    pub url: String,
    /// What to call it [default: the page's own title]
    #[arg(long, value_name = "TITLE")]
    pub title: Option<String>,
    /// Where it holds (name, pinyin or code) [default: by its host]
    #[arg(long, value_name = "REGION")]
    pub region: Option<String>,
    /// The office under which it is kept [default: the one that owns the host, else `by-hand`]
    #[arg(long, value_name = "ID")]
    pub source: Option<String>,
    /// The saved page; - reads standard input
    pub file: PathBuf,
}

/// `probe`
#[derive(Debug, Args)]
#[command(after_help = "How an office is added:\n  \
    1. lingzheng probe https://…/tzgg/ --write fixtures --id sd-weifang\n  \
    2. correct fixtures/sd-weifang/source.toml: name, region, what the probe marked as a guess\n  \
    3. correct fixtures/sd-weifang/expect.toml by eye, beside the page in a browser\n  \
    4. lingzheng --sources fixtures/sd-weifang/source.toml crawl sd-weifang\n  \
    5. move the block into sources.toml; cargo test --test provinces\n\n\
    At most six pages are asked for, with the usual pause; robots.txt is obeyed.")]
pub struct ProbeArgs {
    /// Address of the list of notices
    #[arg(value_name = "URL")]
    pub url: String,
    /// Write block, pages and a first expect.toml into DIR/ID
    #[arg(long, value_name = "DIR")]
    pub write: Option<PathBuf>,
    /// Id of the office [default: from region and host]
    #[arg(long, value_name = "ID")]
    pub id: Option<String>,
}

/// `verify`
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  lingzheng verify https://www.gxpta.com.cn/ksxm/\n  lingzheng verify '【领证】请登录 www.example.com 办理'"
)]
pub struct VerifyArgs {
    /// An address, or a text that holds one
    pub text: String,
}

/// `backup`
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  lingzheng backup /backup/lingzheng.db\n\n\
    To restore, stop the runs and put the copy in the place of the database.")]
pub struct BackupArgs {
    /// The copy; must not exist yet
    pub file: PathBuf,
}

/// `init`
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  lingzheng init\n  lingzheng crawl                 after your contact is in the file"
)]
pub struct InitArgs {
    /// Overwrite settings that exist
    #[arg(long)]
    pub force: bool,
}
