//! Gives every binary, test and example an rpath to libtorch, so that they run from any working
//! directory without LD_LIBRARY_PATH. `LIBTORCH` comes from `.cargo/config.toml` or the environment.

use std::path::Path;

fn main() {
    println!("cargo:rerun-if-env-changed=LIBTORCH");
    println!("cargo:rerun-if-env-changed=LIBTORCH_LIB");
    let folder = std::env::var("LIBTORCH_LIB").or_else(|_| std::env::var("LIBTORCH"));
    let Ok(folder) = folder else { return };
    let lib = Path::new(&folder).join("lib");
    if !lib.is_dir() {
        println!("cargo:warning=there is no libtorch in {}: run `make setup` first", lib.display());
    }
    println!("cargo:rustc-link-arg=-Wl,-rpath,{}", lib.display());
    // A CUDA build is only loaded when something refers to it; nothing in our code does by symbol.
    if lib.join("libtorch_cuda.so").exists() {
        println!("cargo:rustc-link-arg=-Wl,--no-as-needed");
        println!("cargo:rustc-link-arg=-L{}", lib.display());
        println!("cargo:rustc-link-arg=-ltorch_cuda");
    }
}
