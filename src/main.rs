//! The program: parse, start tracing, run, turn the outcome into an exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    lingzheng::cli::main()
}
