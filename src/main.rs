//! The program's door: everything happens in the library.

fn main() -> std::process::ExitCode {
    pine_time::cli::main()
}
