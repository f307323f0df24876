//! Pages that nobody writes: each shape is read, as a list, a notice, a feed and a home page, without
//! a panic. How long the largest take is for `benches/hostile.rs`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

#[path = "support/shapes.rs"]
mod shapes;
#[path = "support/targets.rs"]
mod targets;

const SIZE: usize = 12_000;

#[test]
fn every_shape_is_read_without_a_panic() {
    assert!(shapes::SHAPES.len() > 90);
    for shape in shapes::SHAPES {
        let bytes = shape.bytes(SIZE);
        assert!(bytes.len() > SIZE - 200, "{}", shape.name);
        targets::decode_parse_extract(&bytes);
        targets::feed(&bytes);
        targets::home(&bytes);
    }
}
