//! `serve`: the board as a web site.

use super::args::ServeArgs;
use super::session::Session;
use super::{Failure, Output};
use crate::model::Timestamp;
use crate::serve::{self, Site, Token};
use std::sync::Arc;

pub(super) fn run(session: &Session, fixed: bool, args: &ServeArgs) -> Result<Output, Failure> {
    let token = token(args)?;
    if token.is_none() && !args.listen.ip().is_loopback() {
        return Err(Failure::usage(format!(
            "--listen {}: others can reach this address, so a token is needed: \
             openssl rand -hex 32 > token, then --token-file token",
            args.listen
        )));
    }
    // What cannot be served is told at once: the choice, and the database.
    session.sitting(&args.which)?;
    session.store()?;
    let now = session.now;
    let site = Site {
        db: session.db()?,
        catalog: session.catalog.clone(),
        families: session.families.clone(),
        watched: session.settings.watch.exams.clone(),
        exam: args.which.exam.clone(),
        sitting: args.which.sitting.clone(),
        hosts: args.host.clone(),
        token,
        clock: match fixed {
            true => Arc::new(move || now),
            false => Arc::new(Timestamp::now),
        },
    };
    let quiet = session.quiet;
    let say = move |address: std::net::SocketAddr| {
        if !quiet {
            super::complain(&format!("http://{address}/ (Ctrl-C ends it)"));
        }
    };
    serve::run(args.listen, site, say)
        .map_err(|e| Failure::usage(format!("--listen {}: {e}", args.listen)))?;
    Ok(Output::default())
}

fn token(args: &ServeArgs) -> Result<Option<Token>, Failure> {
    let (text, name) = match &args.token_file {
        Some(path) => {
            let text = std::fs::read_to_string(path)
                .map_err(|e| Failure::usage(format!("--token-file {}: {e}", path.display())))?;
            (text, format!("--token-file {}", path.display()))
        }
        None => match std::env::var("LINGZHENG_TOKEN") {
            Ok(text) if !text.is_empty() => (text, "LINGZHENG_TOKEN".to_string()),
            _ => return Ok(None),
        },
    };
    let token = Token::new(text.trim());
    token
        .map(Some)
        .map_err(|e| Failure::usage(format!("{name}: {e}")))
}
