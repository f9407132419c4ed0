//! The command line.

#[cfg(all(feature = "mimalloc", not(target_arch = "wasm32")))]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    stedi_lakehouse::cli::main()
}

// Cargo builds every target for wasm32 when the boundary's tests are built.
#[cfg(target_arch = "wasm32")]
fn main() {}
