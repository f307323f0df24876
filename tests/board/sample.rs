//! A small invented board: four notices, two changes, one failing source.

use crate::support::{at, catalog, day, notice, well};
use lingzheng::model::event::{Hunk, Piece, Tag};
use lingzheng::model::facts::{Days, Fee, Mail, Materials, Note, Place};
use lingzheng::model::{
    Board, Change, Cursor, Delta, Event, Fault, Notice, Subject, TextChange, Verdict,
};
use lingzheng::outlook::{Known, board};

/// The board; every text that comes over the wire passes `wire`, every address `address`.
pub(crate) fn sample(wire: impl Fn(&str) -> String, address: impl Fn(&str) -> String) -> Board {
    let catalog = catalog();
    let today = day("2026-12-16");
    let mut states = well(&catalog, today);
    if let Some(state) = states.get_mut("cq") {
        state.last_good = None;
        state.fault = Some(Fault::new(Verdict::Blocked, "jsl", wire("a challenge")));
        state.fault_since = Some(at("2026-12-10"));
    }
    let words = [
        "gx pickup 2026-12-09 | 2026年下半年软考证书领取通知 | 软考 2026H2 | mail 2026-12-10..2026-12-15,onsite 2026-12-10..2027-01-31",
        "gx correction 2026-12-14 | 2026年下半年软考证书领取通知（更正） | 软考 2026H2 | mail 2026-12-10..2026-12-20",
        "fj pickup 2026-12-11 | 福建软考证书邮寄通知 | 软考 2026H2 | mail 2026-12-21..2027-01-10",
        "sd-zaozhuang pickup 2026-12-12 | 枣庄市软考证书领取 | 软考 2026H2 | onsite 2026-12-14..",
    ];
    let mut notices: Vec<Notice> = (1..).zip(words).map(|(i, w)| notice(i, w)).collect();
    full(&mut notices[0]);
    let known = Known {
        catalog: &catalog,
        notices: &notices,
        states: &states,
        signals: &[],
        today,
    };
    let event = |seq, notice: &Notice, change| Event {
        id: Cursor {
            epoch: "0000aaaa".into(),
            seq,
        },
        at: at("2026-12-15"),
        subject: Subject::Notice(notice.id),
        source: notice.source.clone(),
        title: notice.title.clone(),
        url: notice.url.clone(),
        change,
        reading: notice.latest.as_ref().map(|v| Box::new(v.reading.clone())),
    };
    let events = [
        event(7, &notices[0], changed()),
        event(8, &notices[2], Change::New),
    ];
    let mut board = board(&known, "ruankao", "2026H2", &events, at("2026-12-16")).unwrap();
    disguise(&mut board, &wire, &address);
    board
}

/// A notice that says everything.
fn full(notice: &mut Notice) {
    let facts = &mut notice.latest.as_mut().unwrap().reading.facts;
    facts.windows[1].scope = Some("市直考生".into());
    facts.windows[1].days = Some(Days::Workdays);
    facts.windows[1].hours = vec!["09:00-11:30".into(), "14:00-17:00".into()];
    facts.places = vec![Place {
        scope: Some("南宁市".into()),
        name: Some("办事大厅 3 号窗口".into()),
        address: Some("某路 9 号".into()),
        phones: vec!["0771-1234567".into()],
        level: None,
    }];
    facts.mail = Some(Mail {
        apply: Some("我的证书".into()),
        fee: Some(Fee::Collect),
        carrier: Some("EMS".into()),
    });
    facts.materials = Materials {
        own: vec!["身份证原件".into()],
        proxy: vec!["双方身份证".into(), "委托书".into()],
        batch: vec!["单位介绍信".into()],
    };
    facts.proxy_allowed = Some(true);
    facts.phones = vec!["0771-7654321".into(), "0771-1234567".into()];
    facts.notes = vec![Note {
        topic: "check".into(),
        quote: "请当场核对证书".into(),
    }];
}

fn changed() -> Change {
    let piece = |tag, text: &str| Piece {
        tag,
        text: text.into(),
    };
    Change::Facts {
        deltas: vec![Delta {
            path: "/phones".into(),
            old: "0771-1111111".into(),
            new: "0771-7654321".into(),
            words: "咨询电话：0771-7654321".into(),
        }],
        text: TextChange {
            hunks: vec![Hunk {
                pieces: vec![
                    piece(Tag::Same, "咨询电话：0771-"),
                    piece(Tag::Old, "1111111"),
                    piece(Tag::New, "7654321"),
                ],
            }],
        },
    }
}

/// Every text of the wire through `wire`, every address through `address`.
fn disguise(board: &mut Board, wire: &impl Fn(&str) -> String, address: &impl Fn(&str) -> String) {
    let each = |list: &mut Vec<String>| list.iter_mut().for_each(|t| *t = wire(t));
    let maybe = |text: &mut Option<String>| *text = text.as_deref().map(wire);
    for s in &mut board.standings {
        for w in &mut s.windows {
            w.window.quote = wire(&w.window.quote);
            maybe(&mut w.window.scope);
        }
        s.cities.iter_mut().for_each(|c| c.city = wire(&c.city));
    }
    for n in board.notices.values_mut() {
        n.title = wire(&n.title);
        n.url = address(&n.url);
        let Some(reading) = &mut n.reading else {
            continue;
        };
        let facts = &mut reading.facts;
        for p in &mut facts.places {
            maybe(&mut p.scope);
            maybe(&mut p.name);
            maybe(&mut p.address);
            each(&mut p.phones);
        }
        if let Some(mail) = &mut facts.mail {
            maybe(&mut mail.apply);
            maybe(&mut mail.carrier);
        }
        let papers = &mut facts.materials;
        each(&mut papers.own);
        each(&mut papers.proxy);
        each(&mut papers.batch);
        each(&mut facts.phones);
        facts
            .notes
            .iter_mut()
            .for_each(|n| n.quote = wire(&n.quote));
    }
    for e in &mut board.events {
        e.title = wire(&e.title);
        e.url = address(&e.url);
        e.reading = None;
        if let Change::Facts { deltas, text } = &mut e.change {
            for d in deltas {
                d.new = wire("新").into();
                d.words = wire(&d.words);
            }
            let pieces = text.hunks.iter_mut().flat_map(|h| &mut h.pieces);
            pieces.for_each(|p| p.text = wire(&p.text));
        }
    }
    for s in &mut board.sources {
        s.name = wire(&s.name);
        s.url = address(&s.url);
        s.phone = Some(wire("0771-12345"));
    }
}
