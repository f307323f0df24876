//! What the commands take that write for others: reports, the board, feeds, sinks, units.

use super::SittingArgs;
use crate::model::facts::NoticeKind;
use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

/// `report`
#[derive(Debug, Args)]
#[command(
    after_help = "--format text, markdown, html, svg or json. A file is replaced at once and only where \
    its content differs.\n\
    Examples:\n  \
    lingzheng report --format markdown --since 7d          what to tell in this week's article\n  \
    lingzheng report --format html --out board.html\n  \
    lingzheng report --format svg --what timeline --out pictures/"
)]
pub struct ReportArgs {
    /// Which sitting.
    #[command(flatten)]
    pub which: SittingArgs,
    /// Changes since this day or moment (2026-12-01, 7d); in text and Markdown only their regions
    #[arg(long, value_name = "WHEN")]
    pub since: Option<String>,
    /// Write to this file, or under the format's usual name into this folder
    #[arg(long, value_name = "FILE|DIR")]
    pub out: Option<PathBuf>,
    /// Which drawing, for --format svg
    #[arg(long, value_enum, default_value_t = Drawing::Map)]
    pub what: Drawing,
}

/// A drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Drawing {
    /// One tile per region.
    Map,
    /// One bar per region and way.
    Timeline,
}

/// `serve`
#[derive(Debug, Args)]
#[command(
    after_help = "Beyond this machine (any other --listen) a token of at least 128 bits is demanded, for \
    every page:\n  \
    openssl rand -hex 32 > token && chmod 600 token\n  \
    lingzheng serve --listen 0.0.0.0:8642 --token-file token\n\
    Programs send `Authorization: Bearer TOKEN`; people type it once. LINGZHENG_TOKEN may hold it too.\n\
    Put a TLS proxy in front where the network is not yours, and name it with --host."
)]
pub struct ServeArgs {
    /// Address and port
    #[arg(long, value_name = "IP:PORT", default_value = "127.0.0.1:8642")]
    pub listen: std::net::SocketAddr,
    /// File with the token
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<PathBuf>,
    /// A name under which the board is reached, beside its address; may be repeated
    #[arg(long, value_name = "NAME")]
    pub host: Vec<String>,
    /// Which sitting.
    #[command(flatten)]
    pub which: SittingArgs,
}

/// `export`
#[derive(Debug, Args)]
#[command(
    after_help = "A feed that is written only when it has changed, beside the crawl in cron:\n  \
    lingzheng export atom --region 广西 --out /srv/www/guangxi.xml --self-url https://example.org/guangxi.xml"
)]
pub struct ExportArgs {
    /// As what
    #[command(subcommand)]
    pub what: ExportWhat,
}

/// `export …`
#[derive(Debug, Subcommand)]
pub enum ExportWhat {
    /// Atom, for feed readers: one entry a notice, what changed on top
    Atom(SelectArgs),
    /// JSON Feed 1.1, the same with the facts
    Jsonfeed(SelectArgs),
    /// iCalendar: one event a window; a calendar that subscribes follows every move
    Ics(SelectArgs),
    /// A table: one row a window
    Csv(SelectArgs),
    /// The events, one CloudEvents envelope a line
    Jsonl(SelectArgs),
    /// The board as static pages with relative links; only files that differ are rewritten
    Site {
        /// The folder
        dir: PathBuf,
        /// Which sitting.
        #[command(flatten)]
        which: SittingArgs,
    },
}

/// What is exported, and where to.
#[derive(Debug, Args)]
pub struct SelectArgs {
    /// Write this file, at once and only if its content changes [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Only notices for this region (name, pinyin or code)
    #[arg(long, value_name = "REGION")]
    pub region: Option<String>,
    /// Only notices for this exam, and those that name none; all = every exam [default: the watched]
    #[arg(long, value_name = "EXAM")]
    pub exam: Option<String>,
    /// Only notices of this sitting (2026H2)
    #[arg(long, value_name = "SITTING")]
    pub sitting: Option<String>,
    /// Only notices of this kind; may be given more than once [default: those that are told]
    #[arg(long, value_name = "KIND", value_parser = kind)]
    pub kind: Vec<NoticeKind>,
    /// Where the document will be published
    #[arg(long, value_name = "URL")]
    pub self_url: Option<String>,
}

fn kind(word: &str) -> Result<NoticeKind, String> {
    let found = NoticeKind::ALL.into_iter().find(|k| k.word() == word);
    found.ok_or_else(|| {
        format!(
            "one of {}",
            NoticeKind::ALL.map(NoticeKind::word).join(", ")
        )
    })
}

/// `notify`
#[derive(Debug, Args)]
pub struct NotifyArgs {
    /// What to do
    #[command(subcommand)]
    pub action: NotifyAction,
}

/// `notify …`
#[derive(Debug, Subcommand)]
pub enum NotifyAction {
    /// What waits for each sink, what was given up, when it last took something
    Status,
    /// Send one message at once, to try the settings
    Test {
        /// Its name in the settings
        sink: String,
    },
    /// Show what was given up, or send it again
    Retry(RetryArgs),
    /// Ask a sink again that answered 410
    Enable {
        /// Its name in the settings
        sink: String,
    },
    /// Forget a sink and what it still should get
    Forget {
        /// Its name in the database
        sink: String,
    },
    /// Print a fresh secret for signed webhooks
    Secret,
}

/// `notify retry`
#[derive(Debug, Args)]
pub struct RetryArgs {
    /// Its name in the settings [default: every sink]
    pub sink: Option<String>,
    /// This event, whatever became of it: the number after the colon of its id
    #[arg(long, value_name = "N", requires = "sink")]
    pub id: Option<i64>,
    /// All that was given up
    #[arg(long, conflicts_with = "id")]
    pub all: bool,
}

/// `schema`
#[derive(Debug, Args)]
pub struct SchemaArgs {
    /// Of what
    #[arg(value_enum, default_value_t = SchemaName::Event)]
    pub name: SchemaName,
}

/// Which schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SchemaName {
    /// An event: the envelope and its data.
    Event,
    /// The facts of a notice.
    Facts,
}

/// `units`
#[derive(Debug, Args)]
#[command(
    after_help = "For the whole machine, with the settings in /etc/lingzheng/config.toml:\n  \
    lingzheng units service | sudo tee /etc/systemd/system/lingzheng.service\n  \
    lingzheng units timer | sudo tee /etc/systemd/system/lingzheng.timer\n  \
    sudo systemctl daemon-reload && sudo systemctl enable --now lingzheng.timer"
)]
pub struct UnitsArgs {
    /// Only this one [default: both, with a line of comment before each]
    #[arg(value_enum)]
    pub unit: Option<Unit>,
    /// For `systemctl --user`
    #[arg(long)]
    pub user: bool,
}

/// Which unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Unit {
    /// What is run.
    Service,
    /// When.
    Timer,
}
