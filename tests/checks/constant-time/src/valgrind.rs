//! Requests to valgrind from the program it runs. Elsewhere they do nothing.
//!
//! Memcheck follows undefined bytes through copies and computations, and reports every branch and every address that
//! depends on one. So with the secret marked as undefined, it reports every step whose time can depend on it.
#![expect(unsafe_code, reason = "valgrind recognises a request by its machine instructions")]

use std::{arch::asm, ffi::CStr, hint::black_box};

// From `valgrind.h`, `memcheck.h` and `callgrind.h`, which promise to keep these numbers.
const COUNT_ERRORS: usize = 0x1201;
const MAKE_MEM_UNDEFINED: usize = 0x4d43_0001;
const MAKE_MEM_DEFINED: usize = 0x4d43_0002;
const GET_VBITS: usize = 0x4d43_0008;
const ZERO_STATS: usize = 0x4354_0001;
const DUMP_STATS_AT: usize = 0x4354_0003;

/// The value, from here on a secret.
pub(crate) fn taint<T: Copy>(mut value: T) -> T {
    request(MAKE_MEM_UNDEFINED, [(&raw mut value).expose_provenance(), size_of::<T>(), 0]);
    value
}

/// The value, no longer a secret.
pub(crate) fn declassify<T>(mut value: T) -> T {
    request(MAKE_MEM_DEFINED, [(&raw mut value).expose_provenance(), size_of::<T>(), 0]);
    value
}

/// Whether a byte of the value depends on a secret, or is padding.
pub(crate) fn is_tainted<T>(value: &T) -> bool {
    let mut undefined_bits = vec![0_u8; size_of::<T>()];
    let (value, bits) = (&raw const *value, undefined_bits.as_mut_ptr());
    request(GET_VBITS, [value.expose_provenance(), bits.expose_provenance(), size_of::<T>()]);
    undefined_bits.iter().any(|&bits| bits != 0)
}

/// How many errors memcheck has reported so far.
pub(crate) fn reports() -> usize {
    request(COUNT_ERRORS, [0; 3])
}

/// Makes callgrind write down, under a title, how many instructions this takes.
pub(crate) fn counted<T>(title: &CStr, run: impl FnOnce() -> T) -> T {
    request(ZERO_STATS, [0; 3]);
    let outcome = black_box(run());
    request(DUMP_STATS_AT, [title.as_ptr().expose_provenance(), 0, 0]);
    outcome
}

fn request(number: usize, [first, second, third]: [usize; 3]) -> usize {
    let request = [number, first, second, third, 0, 0];
    let answer;
    // SAFETY: the processor does nothing: it rotates `rdi` by 128 bits in all, and exchanges `rbx` with itself. Valgrind
    // reads the request; it writes only for `GET_VBITS`, into a buffer as long as the value.
    unsafe {
        asm!(
            "rol rdi, 3",
            "rol rdi, 13",
            "rol rdi, 61",
            "rol rdi, 51",
            "xchg rbx, rbx",
            in("rax") &raw const request,
            inout("rdx") 0_usize => answer,
        );
    }
    answer
}
