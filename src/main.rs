//! The program's door: everything happens in the library.

use std::alloc::System;

use zeroizing_alloc::ZeroAlloc;

/// What is freed is blanked first: passwords pass through buffers of other people's libraries, and whoever has gone from a
/// kiosk leaves nothing in memory that was given back.
#[global_allocator]
static MEMORY: ZeroAlloc<System> = ZeroAlloc(System);

fn main() -> std::process::ExitCode {
    pine_time::cli::main()
}
