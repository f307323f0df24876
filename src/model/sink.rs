//! Where news is sent: the `[[sink]]` blocks of the settings.

use super::facts::NoticeKind;
use super::secret::Secret;
use super::template::Template;
use jiff::civil::Time;
use serde::{Deserialize, Serialize};

/// One receiver.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sink {
    /// Its name in reports and in the database: under another name it is another sink.
    pub name: String,
    /// How it is spoken to.
    pub kind: SinkKind,
    /// Address to post to; None = the service's own.
    pub url: Option<Secret>,
    /// File that holds the address.
    pub url_file: Option<String>,
    /// Variable of the environment that holds the address.
    pub url_env: Option<String>,
    /// What it must know of us: signing secret, token, device key, password of the mailbox.
    pub secret: Option<Secret>,
    /// File that holds the secret.
    pub secret_file: Option<String>,
    /// Variable of the environment that holds the secret.
    pub secret_env: Option<String>,
    /// The secret before: while it stands here, webhooks carry both signatures.
    pub old_secret: Option<Secret>,
    /// File that holds the secret before.
    pub old_secret_file: Option<String>,
    /// Variable of the environment that holds the secret before.
    pub old_secret_env: Option<String>,
    /// Chat (Telegram) or topic (ntfy).
    pub chat: Option<String>,
    /// Program and arguments; no shell looks at them.
    pub command: Vec<String>,
    /// Seconds until an attempt must be done.
    pub timeout: f64,
    /// Mail server.
    pub host: Option<String>,
    /// Its port: 465 = TLS from the first byte, else STARTTLS, which is required.
    pub port: u16,
    /// User name at the mail server; None = no login.
    pub user: Option<String>,
    /// Sender of mails.
    pub from: Option<String>,
    /// Receivers of mails.
    pub to: Vec<String>,
    /// What it gets.
    pub filter: Filter,
    /// Language of the sentences.
    pub lang: Language,
    /// Minutes for which news is gathered into one message; 0 = each event for itself.
    pub digest: u32,
    /// Hours in which nothing is sent, China time (`22:00-07:30`); None = any hour.
    pub quiet: Option<Quiet>,
    /// Text of messages; None = the usual one. Webhooks and commands get JSON and have none.
    pub template: Option<Template>,
}

impl Default for Sink {
    fn default() -> Sink {
        Sink {
            name: String::new(),
            kind: SinkKind::Webhook,
            url: None,
            url_file: None,
            url_env: None,
            secret: None,
            secret_file: None,
            secret_env: None,
            old_secret: None,
            old_secret_file: None,
            old_secret_env: None,
            chat: None,
            command: Vec::new(),
            timeout: 30.0,
            host: None,
            port: 465,
            user: None,
            from: None,
            to: Vec::new(),
            filter: Filter::default(),
            lang: Language::Zh,
            digest: 0,
            quiet: None,
            template: None,
        }
    }
}

impl Sink {
    /// Whether a secret stands in the settings file itself.
    pub fn holds_secret(&self) -> bool {
        let inline = |value: &Option<Secret>, file: &Option<String>, env: &Option<String>| {
            value.is_some() && file.is_none() && env.is_none()
        };
        inline(&self.url, &self.url_file, &self.url_env)
            || inline(&self.secret, &self.secret_file, &self.secret_env)
            || inline(
                &self.old_secret,
                &self.old_secret_file,
                &self.old_secret_env,
            )
    }
}

/// How a sink is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SinkKind {
    /// Standard Webhooks 1.0.
    Webhook,
    /// SMTP submission.
    Email,
    /// A program of the user's.
    Command,
    /// 企业微信 group robot.
    Wecom,
    /// 钉钉 group robot.
    Dingtalk,
    /// 飞书 group robot.
    Feishu,
    /// Server酱.
    Serverchan,
    /// Bark.
    Bark,
    /// PushPlus.
    Pushplus,
    /// Telegram bot.
    Telegram,
    /// ntfy.
    Ntfy,
}

impl SinkKind {
    /// Every kind.
    pub const ALL: [SinkKind; 11] = [
        SinkKind::Webhook,
        SinkKind::Email,
        SinkKind::Command,
        SinkKind::Wecom,
        SinkKind::Dingtalk,
        SinkKind::Feishu,
        SinkKind::Serverchan,
        SinkKind::Bark,
        SinkKind::Pushplus,
        SinkKind::Telegram,
        SinkKind::Ntfy,
    ];

    /// The word in the settings.
    pub fn word(self) -> &'static str {
        match self {
            SinkKind::Webhook => "webhook",
            SinkKind::Email => "email",
            SinkKind::Command => "command",
            SinkKind::Wecom => "wecom",
            SinkKind::Dingtalk => "dingtalk",
            SinkKind::Feishu => "feishu",
            SinkKind::Serverchan => "serverchan",
            SinkKind::Bark => "bark",
            SinkKind::Pushplus => "pushplus",
            SinkKind::Telegram => "telegram",
            SinkKind::Ntfy => "ntfy",
        }
    }

    /// A program reads it: it gets JSON, and every event.
    pub fn for_programs(self) -> bool {
        matches!(self, SinkKind::Webhook | SinkKind::Command)
    }
}

/// What a sink gets; an empty list asks for nothing and lets everything usual through.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Filter {
    /// Regions by id; empty = all.
    pub regions: Vec<String>,
    /// Exams by id, besides notices that name none; empty = all.
    pub exams: Vec<String>,
    /// Kinds of notice; empty = those told by default.
    pub kinds: Vec<NoticeKind>,
    /// Words of [`super::Change::word`]; empty = what happens to notices.
    pub changes: Vec<String>,
}

/// Language of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Chinese.
    #[default]
    Zh,
    /// English.
    En,
}

/// A stretch of the day, which may go over midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Quiet {
    /// Its first minute.
    pub from: Time,
    /// The first minute after it.
    pub to: Time,
}

impl Quiet {
    /// Whether it is quiet at this time of day.
    pub fn holds(&self, at: Time) -> bool {
        match self.from <= self.to {
            true => self.from <= at && at < self.to,
            false => self.from <= at || at < self.to,
        }
    }
}

impl TryFrom<String> for Quiet {
    type Error = String;
    fn try_from(text: String) -> Result<Quiet, String> {
        let time = |t: &str| -> Option<Time> {
            let (h, m) = t.split_once(':')?;
            let two = h.len() == 2 && m.len() == 2;
            Time::new(h.parse().ok()?, m.parse().ok()?, 0, 0)
                .ok()
                .filter(|_| two)
        };
        text.split_once('-')
            .and_then(|(a, b)| {
                Some(Quiet {
                    from: time(a)?,
                    to: time(b)?,
                })
            })
            .filter(|q| q.from != q.to)
            .ok_or_else(|| "hours look like 22:00-07:30".to_owned())
    }
}

impl From<Quiet> for String {
    fn from(q: Quiet) -> String {
        let time = |t: Time| format!("{:02}:{:02}", t.hour(), t.minute());
        format!("{}-{}", time(q.from), time(q.to))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::time;

    #[test]
    fn quiet_hours_may_go_over_midnight() {
        let night = Quiet::try_from("22:00-07:30".to_owned()).unwrap();
        for (hour, minute, want) in [
            (21, 59, false),
            (22, 0, true),
            (0, 0, true),
            (7, 29, true),
            (7, 30, false),
        ] {
            assert_eq!(
                night.holds(time(hour, minute, 0, 0)),
                want,
                "{hour}:{minute}"
            );
        }
        assert_eq!(String::from(night), "22:00-07:30");
        for bad in [
            "22-7",
            "22:00",
            "24:00-07:00",
            "07:00-07:00",
            "7:00-8:00",
            "",
        ] {
            assert!(Quiet::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_words_are_those_of_the_file() {
        for kind in SinkKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.word());
        }
    }
}
