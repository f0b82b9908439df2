#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| wirelens::fuzzing::run("subtitles", bytes));
