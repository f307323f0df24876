//! `units`: a systemd service and timer, ready to install.

use super::Output;
use super::args::{Unit, UnitsArgs};

const SERVICE: &str = include_str!("units/service.txt");
const TIMER: &str = include_str!("units/timer.txt");

/// For the whole machine: no user of its own in the user database, nothing of the machine to be
/// seen but the network. The settings come as a credential, which keeps their secrets with root.
const SYSTEM: &str = "\
DynamicUser=true
LoadCredential=config.toml:/etc/lingzheng/config.toml
ProtectHome=true
PrivateDevices=true
PrivateUsers=true
ProtectHostname=true
ProtectClock=true
ProtectKernelTunables=true
ProtectKernelModules=true
ProtectKernelLogs=true
ProtectControlGroups=true
ProtectProc=invisible
ProcSubset=pid
RemoveIPC=true
CapabilityBoundingSet=
AmbientCapabilities=";

/// For one user: what an unprivileged service manager can do.
const USER: &str = "ProtectHome=read-only";

pub(super) fn run(args: &UnitsArgs) -> Output {
    let program = std::env::current_exe().ok();
    let program = program.as_ref().and_then(|p| p.to_str());
    let service = service(program.unwrap_or("/usr/local/bin/lingzheng"), args.user);
    Output::text(match args.unit {
        Some(Unit::Service) => service,
        Some(Unit::Timer) => TIMER.to_owned(),
        None => format!("# lingzheng.service\n{service}\n# lingzheng.timer\n{TIMER}"),
    })
}

fn service(program: &str, user: bool) -> String {
    // `%` begins a specifier.
    let program = program.replace('%', "%%");
    let program = match program.contains(char::is_whitespace) {
        true => format!("\"{program}\""),
        false => program,
    };
    let (config, place) = match user {
        true => ("%E/lingzheng/config.toml", USER),
        false => ("%d/config.toml", SYSTEM),
    };
    let command = format!("{program} --db %S/lingzheng/lingzheng.db --config {config} crawl");
    let text = SERVICE
        .replace("{command}", &command)
        .replace("{place}", place);
    match user {
        // A user's manager has no such target.
        true => text.replace(
            "Wants=network-online.target\nAfter=network-online.target\n",
            "",
        ),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_units_promise() {
        for user in [true, false] {
            let service = service("/usr/bin/lingzheng", user);
            for line in [
                "Type=oneshot",
                "SuccessExitStatus=1",
                "TimeoutStartSec=20min",
                "StateDirectory=lingzheng",
                "NoNewPrivileges=true",
                "ProtectSystem=strict",
            ] {
                assert!(service.lines().any(|l| l == line), "{line}");
            }
            assert!(!service.contains('{'));
        }
        for line in ["Persistent=true", "RandomizedDelaySec=10min"] {
            assert!(TIMER.lines().any(|l| l == line), "{line}");
        }
        assert!(service("/a b/50%", true).contains("ExecStart=\"/a b/50%%\" --db"));
    }

    /// Where systemd is installed, it reads the units itself.
    #[test]
    fn systemd_takes_them() {
        let dir = tempfile::tempdir().unwrap();
        let program = std::env::current_exe().unwrap();
        for (user, flag) in [(false, "--system"), (true, "--user")] {
            let (unit, timer) = (
                dir.path().join("lingzheng.service"),
                dir.path().join("lingzheng.timer"),
            );
            std::fs::write(&unit, service(program.to_str().unwrap(), user)).unwrap();
            std::fs::write(&timer, TIMER).unwrap();
            let ran = std::process::Command::new("systemd-analyze")
                .args(["verify", "--man=no", "--recursive-errors=no", flag])
                .args([&unit, &timer])
                .output();
            let Ok(output) = ran else { return };
            let said = String::from_utf8_lossy(&output.stderr);
            let ours: Vec<&str> = said.lines().filter(|l| l.contains("lingzheng")).collect();
            assert!(ours.is_empty(), "{said}");
        }
        // A program that exists for certain: the figure is that of the service.
        let unit = dir.path().join("lingzheng.service");
        std::fs::write(&unit, service("/bin/true", false)).unwrap();
        let ran = std::process::Command::new("systemd-analyze")
            .args(["security", "--offline=true", "--threshold=20"])
            .arg(&unit)
            .output();
        let said = ran.map(|o| String::from_utf8_lossy(&o.stdout).into_owned());
        if let Some((_, level)) = said
            .unwrap_or_default()
            .split_once("level for lingzheng.service: ")
        {
            let level: f64 = level.split(' ').next().unwrap().parse().unwrap();
            assert!(level <= 2.0, "exposure {level}");
        }
    }
}
