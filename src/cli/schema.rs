//! `schema`: the JSON Schemas of what is published.

use super::Output;
use super::args::{SchemaArgs, SchemaName};
use crate::render::schema;

pub(super) fn run(args: &SchemaArgs) -> Output {
    Output::text(match args.name {
        SchemaName::Event => schema::EVENT,
        SchemaName::Facts => schema::FACTS,
    })
}
