//! `kill -9` at any moment of a crawl: what was settled stays whole, nothing is told twice or
//! lost, and in the end all is as if nobody had killed anything.

use super::support::long::{measured, rounds};
use super::*;
use std::process::Stdio;
use std::time::Instant;

/// Rounds in which a source that is asked twice gives the same answer twice. (In the fourth, two
/// looks at a missing page make it a withdrawn one.)
const PLAYED: [usize; 4] = [1, 2, 3, 5];

/// What the same rounds leave where nothing happens to them.
pub(crate) fn undisturbed() -> &'static [String] {
    static STATE: OnceLock<Vec<String>> = OnceLock::new();
    STATE.get_or_init(|| {
        let home = Home::new();
        for round in PLAYED {
            finished(&mut home.crawl(round)).ends(0);
        }
        state::told(&home.db())
    })
}

/// A number that differs from kill to kill and is the same in each run of the test.
fn dice(n: usize) -> u64 {
    let mut z = (n as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z ^ (z >> 31)
}

#[test]
fn killed_at_random() {
    let kills = rounds(40, 1000);
    let mut kill = 0;
    let mut landed = 0;
    while kill < kills {
        let home = Home::new();
        for round in PLAYED {
            // How long a run takes here and now: the kills fall into that time.
            let probe = Home::new();
            let begun = Instant::now();
            finished(&mut probe.crawl(1)).ends(0);
            let whole = begun.elapsed();
            for _ in 0..10 {
                let mut run = home
                    .crawl(round)
                    .stdout(Stdio::null())
                    .stderr(Stdio::null())
                    .spawn()
                    .unwrap();
                std::thread::sleep(whole * (dice(kill) % 1000) as u32 / 1000);
                run.kill().unwrap();
                landed += usize::from(run.wait().unwrap().code().is_none());
                kill += 1;
                if home.db().exists() {
                    state::sound(&home.db());
                }
            }
            finished(&mut home.crawl(round)).ends(0);
            state::sound(&home.db());
        }
        assert_eq!(state::told(&home.db()), undisturbed());
        // What a killed run leaves beside the database is only litter, and little of it.
        let litter = std::fs::read_dir(home.db().parent().unwrap())
            .unwrap()
            .count();
        assert!(litter <= 4 + kill, "{litter} files");
    }
    assert!(landed > kill / 4, "only {landed} of {kill} kills met a run");
    measured(&format!(
        "{landed} of {kill} kills met a crawl: nothing lost, torn or told twice"
    ));
}
