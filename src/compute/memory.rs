//! Settings of the memory allocator and of kernel caches, made once at the start of the program.
//!
//! The tensors of a batch have some megabytes each and are freed soon. With its default settings glibc maps many of
//! them from the system and unmaps them at once, and much of the run's time goes into page faults. In bfloat16, oneDNN
//! and ideep (libtorch's layer over it) each cache the last 1,024 **kernels**, compiled for one shape of a batch, so
//! memory grows for thousands of articles.
//!
//! Variables of the environment win over these settings. `make bench-batch PRECISION=bf16` measures with the settings;
//! `MALLOC_CHECK_=0 ONEDNN_PRIMITIVE_CACHE_CAPACITY=1024 LRU_CACHE_CAPACITY=1024` before it measures without them.

use std::env;

/// Capacity of each kernel cache. The layers of one batch need about five kernels, and few are used by two batches.
const KERNELS: &str = "8";
/// Variables for the caches of oneDNN and ideep.
const KERNELS_VARIABLES: [&str; 2] = ["ONEDNN_PRIMITIVE_CACHE_CAPACITY", "LRU_CACHE_CAPACITY"];

/// Configures kernel caches and allocator. Must be called first of all, while the process has only one thread.
pub fn configure() {
    for variable in KERNELS_VARIABLES {
        if env::var_os(variable).is_none() {
            // SAFETY: there is no other thread yet that could read the environment.
            unsafe { env::set_var(variable, KERNELS) };
        }
    }
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    if !env::vars_os().any(|(name, _)| glibc::is_setting(&name)) {
        glibc::reuse_memory();
    }
}

/// Returns all free memory to the system. Call it after each group of batches: the next group has tensors of other
/// sizes, which fit badly into the free gaps, so without this call memory would slowly grow.
pub fn release() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    glibc::release();
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod glibc {
    use std::ffi::OsStr;

    const MIB: libc::c_int = 1 << 20;

    /// Whether a variable of the environment sets what [`reuse_memory`] sets.
    pub fn is_setting(name: &OsStr) -> bool {
        let name = name.to_string_lossy();
        name == "GLIBC_TUNABLES" || (name.starts_with("MALLOC_") && name.ends_with('_'))
    }

    /// Makes glibc reuse memory instead of mapping it anew: blocks of up to 32 MiB, the most that it allows, and up to
    /// 256 MiB of free memory. Returns whether glibc accepted the settings.
    pub fn reuse_memory() -> bool {
        let settings = [
            (libc::M_MMAP_THRESHOLD, 32 * MIB),
            (libc::M_TRIM_THRESHOLD, 256 * MIB),
            (libc::M_TOP_PAD, 64 * MIB),
            // One heap for all threads: nearly all memory is allocated by the model's thread.
            (libc::M_ARENA_MAX, 1),
        ];
        // SAFETY: mallopt accepts any numbers, and locks what it changes.
        settings.into_iter().all(|(what, bytes)| unsafe { libc::mallopt(what, bytes) } == 1)
    }

    /// Returns free memory to the system.
    pub fn release() {
        // SAFETY: malloc_trim only changes free memory, and locks it.
        unsafe { libc::malloc_trim(0) };
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn glibc_accepts_the_settings() {
            assert!(reuse_memory());
            assert!(is_setting("MALLOC_TOP_PAD_".as_ref()) && !is_setting("MALLOC_PERTURB".as_ref()));
        }
    }
}
