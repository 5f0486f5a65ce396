//! What a program asks of valgrind, which runs it. Outside of valgrind, nothing happens.
//!
//! Memcheck follows undefined bytes through copies and computations, and reports each branch and each address that
//! depends on one. So if it takes secrets for undefined bytes, it reports each step whose time can tell of them.
#![expect(unsafe_code, reason = "a request to valgrind is a sequence of instructions that it knows")]

use std::{arch::asm, ffi::CStr, hint::black_box};

// From `valgrind.h`, `memcheck.h` and `callgrind.h`, where these numbers are promised to stay.
const COUNT_ERRORS: usize = 0x1201;
const MAKE_MEM_UNDEFINED: usize = 0x4d43_0001;
const MAKE_MEM_DEFINED: usize = 0x4d43_0002;
const GET_VBITS: usize = 0x4d43_0008;
const ZERO_STATS: usize = 0x4354_0001;
const DUMP_STATS_AT: usize = 0x4354_0003;

/// The value, a secret from here on.
pub(crate) fn taint<T: Copy>(mut value: T) -> T {
    request(MAKE_MEM_UNDEFINED, [(&raw mut value).expose_provenance(), size_of::<T>(), 0]);
    value
}

/// The value, no longer a secret.
pub(crate) fn declassify<T>(mut value: T) -> T {
    request(MAKE_MEM_DEFINED, [(&raw mut value).expose_provenance(), size_of::<T>(), 0]);
    value
}

/// Whether a byte of the value was computed from a secret, or is padding.
pub(crate) fn is_tainted<T>(value: &T) -> bool {
    let mut undefined_bits = vec![0_u8; size_of::<T>()];
    let (value, bits) = (&raw const *value, undefined_bits.as_mut_ptr());
    request(GET_VBITS, [value.expose_provenance(), bits.expose_provenance(), size_of::<T>()]);
    undefined_bits.iter().any(|&bits| bits != 0)
}

/// What memcheck has reported so far.
pub(crate) fn reports() -> usize {
    request(COUNT_ERRORS, [0; 3])
}

/// Has callgrind write the count of the instructions that this takes, under a title.
pub(crate) fn counted<T>(title: &CStr, run: impl FnOnce() -> T) -> T {
    request(ZERO_STATS, [0; 3]);
    let outcome = black_box(run());
    request(DUMP_STATS_AT, [title.as_ptr().expose_provenance(), 0, 0]);
    outcome
}

fn request(number: usize, [first, second, third]: [usize; 3]) -> usize {
    let request = [number, first, second, third, 0, 0];
    let answer;
    // SAFETY: to the processor this is nothing: `rdi` is rotated by 128 bits in all, `rbx` exchanged with itself.
    // Valgrind reads the request, and writes nothing but the bits of `GET_VBITS`, into a buffer as long as the value.
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
