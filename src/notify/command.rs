//! A program of the user's: JSON on standard input, exit code 0 means taken. No shell sees any of
//! it, and of the environment it gets only what programs need to run, so that no secret of ours
//! goes along.

use super::{Message, SendError};
use crate::model::Sink;
use std::process::Stdio;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

/// Variables that a program may need.
const PASSED_ON: [&str; 8] = [
    "PATH",
    "HOME",
    "USER",
    "LANG",
    "LC_ALL",
    "TZ",
    "TMPDIR",
    "XDG_RUNTIME_DIR",
];

/// The time limit is [`super::send`]'s: dropped with it, the program is ended.
pub(super) async fn send(sink: &Sink, message: &Message) -> Result<(), SendError> {
    let Some((program, arguments)) = sink.command.split_first() else {
        return Err(SendError::permanent("the sink has no command"));
    };
    let environment = PASSED_ON
        .iter()
        .filter_map(|name| Some((*name, std::env::var_os(name)?)));
    let mut child = Command::new(program)
        .args(arguments)
        .env_clear()
        .envs(environment)
        .env("LINGZHENG_ID", &message.id)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(|e| SendError::passing(format!("the command cannot be started: {e}")))?;
    let stdin = child.stdin.take();
    let write = async {
        if let Some(mut stdin) = stdin {
            // A program that does not read to the end has its reasons; its exit code tells.
            let _ = stdin.write_all(message.json.as_bytes()).await;
            let _ = stdin.write_all(b"\n").await;
        }
    };
    let (_, status) = tokio::join!(write, child.wait());
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(SendError::passing(format!(
            "the command ended with {status}"
        ))),
        Err(error) => Err(SendError::passing(format!("the command: {error}"))),
    }
}
