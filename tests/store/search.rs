//! Finding notices.

use super::*;

#[test]
fn notices_are_found_by_their_words_and_marks() {
    let place = place();
    let mut store = Store::open(&place.db).unwrap();
    let now = at("2026-03-06T01:02:03Z");
    let rows = [
        ("gx", 1, NoticeKind::Pickup, "软考证书", "2026-03-05"),
        ("gx", 2, NoticeKind::Results, "软考成绩", "2026-03-04"),
        ("sd", 3, NoticeKind::Pickup, "一级建造师证书", "2026-03-03"),
        ("sd", 4, NoticeKind::Reissue, "补办证书", "2024-01-01"),
    ];
    for (source, n, kind, title, published) in rows {
        let mut settling = store.begin(source).unwrap();
        let row = Entry {
            title: title.into(),
            published: Some(day(if n == 3 { "2020-01-01" } else { published })),
            ..entry(n)
        };
        let id = settling.new_notice(&row, now).unwrap();
        let exams: &[&str] = match n {
            1 => &["计算机技术与软件专业技术资格考试"],
            3 => &["一级建造师"],
            _ => &[],
        };
        // The third page states its date, which is not that of its row: the page's holds.
        let mut r = reading(title, kind, exams);
        r.facts.published = (n == 3).then(|| day(published));
        let v = version("2026-03-06T01:02:03Z", PAGE, "d", &r);
        settling.add_version(id, &v).unwrap();
        settling.commit().unwrap();
    }
    let all = Filter::default();
    let cases = [
        (all.clone(), vec![1, 2, 3, 4]),
        (
            Filter {
                sources: vec!["sd".into()],
                ..all.clone()
            },
            vec![3, 4],
        ),
        (
            Filter {
                kinds: vec![NoticeKind::Pickup],
                ..all.clone()
            },
            vec![1, 3],
        ),
        (
            Filter {
                since: Some(day("2026-03-04")),
                ..all.clone()
            },
            vec![1, 2],
        ),
        (
            Filter {
                limit: 1,
                ..all.clone()
            },
            vec![1],
        ),
        (
            Filter {
                exam_words: vec!["软件".into()],
                ..all.clone()
            },
            vec![1, 2, 4],
        ),
        (
            Filter {
                search: Some("软考 成绩".into()),
                ..all.clone()
            },
            vec![2],
        ),
    ];
    for (filter, want) in cases {
        let found = store.notices(&filter).unwrap();
        let ids: Vec<i64> = found.iter().map(|n| n.id.0).collect();
        assert_eq!(ids, want, "{filter:?}");
    }
    let searches = [
        ("建造", vec![3]),
        ("建造师 地点", vec![3]),
        ("造级", vec![]),
        ("市民中心", vec![1, 2, 3, 4]),
        ("２０日", vec![1, 2, 3, 4]),
        ("师", vec![3]),
        ("\"", vec![]),
        ("NEAR(", vec![]),
        ("", vec![]),
    ];
    for (words, want) in searches {
        let ids: Vec<i64> = store
            .search(words, 9)
            .unwrap()
            .iter()
            .map(|n| n.id.0)
            .collect();
        assert_eq!(ids, want, "{words}");
    }
    let force = store.in_force(day("2025-01-31")).unwrap();
    assert_eq!(force.iter().map(|n| n.id.0).collect::<Vec<_>>(), [1, 3]);
    assert_eq!(
        force[0].latest.as_ref().unwrap().reading.facts.title,
        "软考证书"
    );
}
