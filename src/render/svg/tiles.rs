//! Where each region's tile lies: a grid in which neighbours stay neighbours.

/// Region id, column, row. The six that are counted beside the provinces are drawn small.
pub(super) const TILES: [(&str, i32, i32); 37] = [
    ("hl", 8, 0),
    ("bt", 0, 1),
    ("nm", 4, 1),
    ("bj", 5, 1),
    ("ln", 7, 1),
    ("jl", 8, 1),
    ("xj", 0, 2),
    ("nx", 3, 2),
    ("sx", 4, 2),
    ("he", 5, 2),
    ("tj", 6, 2),
    ("dl", 7, 2),
    ("qh", 1, 3),
    ("gs", 2, 3),
    ("sn", 3, 3),
    ("ha", 4, 3),
    ("sd", 5, 3),
    ("qd", 6, 3),
    ("xz", 1, 4),
    ("sc", 2, 4),
    ("cq", 3, 4),
    ("hb", 4, 4),
    ("ah", 5, 4),
    ("js", 6, 4),
    ("sh", 7, 4),
    ("yn", 2, 5),
    ("gz", 3, 5),
    ("hn", 4, 5),
    ("jx", 5, 5),
    ("zj", 6, 5),
    ("nb", 7, 5),
    ("gx", 3, 6),
    ("gd", 4, 6),
    ("sz", 5, 6),
    ("fj", 6, 6),
    ("xm", 7, 6),
    ("hi", 3, 7),
];

/// Columns of the grid.
pub(super) const COLUMNS: i32 = 9;
/// Rows of the grid.
pub(super) const ROWS: i32 = 8;

/// Regions beside the 31 provinces.
pub(super) const SMALL: [&str; 6] = ["bt", "dl", "nb", "qd", "xm", "sz"];

/// Column and row of a region, and whether its tile is small. A region that the grid does not know
/// stands in rows below it, `n` = how many such came before.
pub(super) fn place(region: &str, n: &mut i32) -> (i32, i32, bool) {
    match TILES.iter().find(|(id, ..)| *id == region) {
        Some((_, column, row)) => (*column, *row, SMALL.contains(&region)),
        None => {
            let at = *n;
            *n += 1;
            (at % COLUMNS, ROWS + at / COLUMNS, false)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_tiles_share_a_place() {
        let mut places: Vec<_> = TILES.iter().map(|(_, c, r)| (c, r)).collect();
        places.sort();
        places.dedup();
        assert_eq!(places.len(), 37);
        assert!(TILES.iter().all(|(_, c, r)| *c < COLUMNS && *r < ROWS));
        let mut n = 0;
        assert_eq!(place("hk", &mut n), (0, 8, false));
        assert_eq!(place("mo", &mut n), (1, 8, false));
        assert_eq!(place("sz", &mut n), (5, 6, true));
    }
}
