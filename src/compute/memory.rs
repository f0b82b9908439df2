//! How the process keeps memory, decided once before anything else runs.
//!
//! A batch's tensors are some megabytes each and live for a moment. As it comes, glibc maps many of them anew from the
//! system and gives them back at once, so that much of a run goes into faulting pages in; and in bfloat16 oneDNN and the
//! layer between it and libtorch each keep the 1,024 last kernels they made, some for each shape of a batch, so that a
//! run grows for thousands of articles. Whoever sets these things in the environment is left to it:
//! `make bench-batch PRECISION=bf16` measures with what is settled here, and with
//! `MALLOC_CHECK_=0 ONEDNN_PRIMITIVE_CACHE_CAPACITY=1024 LRU_CACHE_CAPACITY=1024` before it without.

use std::env;

/// Kernels to keep. The layers of one batch need about five, and no two batches share many.
const KERNELS: &str = "8";
/// Of oneDNN, and of libtorch's layer over it (ideep).
const KERNELS_VARIABLES: [&str; 2] = ["ONEDNN_PRIMITIVE_CACHE_CAPACITY", "LRU_CACHE_CAPACITY"];

/// Settles both. Call it first of all, while the process has one thread.
pub fn settle() {
    for variable in KERNELS_VARIABLES {
        if env::var_os(variable).is_none() {
            // SAFETY: no other thread reads the environment yet, as there is none.
            unsafe { env::set_var(variable, KERNELS) };
        }
    }
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    if !env::vars_os().any(|(name, _)| glibc::is_setting(&name)) {
        glibc::keep();
    }
}

/// Gives back what is free, wherever it lies. Behind each group of batches: their tensors have other sizes and fit the gaps
/// badly, so that a run that only used memory again would slowly grow.
pub fn release() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    glibc::release();
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod glibc {
    use std::ffi::OsStr;

    const MIB: libc::c_int = 1 << 20;

    /// Whether a variable of the environment sets what [`keep`] sets.
    pub fn is_setting(name: &OsStr) -> bool {
        let name = name.to_string_lossy();
        name == "GLIBC_TUNABLES" || (name.starts_with("MALLOC_") && name.ends_with('_'))
    }

    /// Has memory reused instead of mapped: blocks of up to 32 MiB, the most that glibc allows, and up to 256 MiB that
    /// are free at the moment. Returns whether glibc took it.
    pub fn keep() -> bool {
        let settings = [
            (libc::M_MMAP_THRESHOLD, 32 * MIB),
            (libc::M_TRIM_THRESHOLD, 256 * MIB),
            (libc::M_TOP_PAD, 64 * MIB),
            // One heap for all threads: the model's does nearly all of the allocating.
            (libc::M_ARENA_MAX, 1),
        ];
        // SAFETY: mallopt takes any numbers, and locks what it changes.
        settings.into_iter().all(|(what, bytes)| unsafe { libc::mallopt(what, bytes) } == 1)
    }

    pub fn release() {
        // SAFETY: touches free memory only, and locks it.
        unsafe { libc::malloc_trim(0) };
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn glibc_takes_the_settings() {
            assert!(keep());
            assert!(is_setting("MALLOC_TOP_PAD_".as_ref()) && !is_setting("MALLOC_PERTURB".as_ref()));
        }
    }
}
