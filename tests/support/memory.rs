//! Looking for what is left of a key, and of a hash made with it, anywhere in the memory that this process can write to.
#![expect(clippy::expect_used, reason = "without a picture there is nothing to test")]

use std::{
    collections::{BTreeSet, HashMap},
    fs::{self, File},
    hash::{BuildHasher, RandomState},
    hint::black_box,
    io, iter,
    ops::Range,
    os::unix::fs::FileExt,
    sync::{Mutex, PoisonError, mpsc},
    thread,
};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256, digest::common::hazmat::SerializableState};
use zeroize::Zeroizing;

/// The block of SHA-256, in bytes.
const BLOCK: usize = 64;
/// What is read at a time; it divides the size of a page.
const CHUNK: usize = 512;
/// How much of a copy is looked for at once: nothing else is mistaken for so much.
const NEEDLE: usize = 8;

/// A user id, and the header and payload of a token, whose hashes are looked for.
pub(crate) const MESSAGES: [&str; 2] = ["victim", "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2VyX2lkIjoidmljdGltIn0"];

/// What can be left, or some of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Trace {
    /// The key's text, in base64 too and decoded from it, or, if it is longer than a block, its SHA-256, which HMAC takes
    /// instead.
    Text,
    /// The blocks that HMAC hashes before the message and before the hash of the message.
    InnerBlock,
    OuterBlock,
    /// SHA-256's states after these.
    InnerState,
    OuterState,
    /// The HMAC of one of [`MESSAGES`], as bytes, in hexadecimal or in base64url.
    Hash,
}

/// Runs the scenario with a key that no other scenario has, and looks for traces of the key in memory.
///
/// What the scenario returns lives until the picture of the memory has been taken.
pub(crate) fn traces_after<T>(length: usize, scenario: impl FnOnce(&Key) -> T + Send) -> Vec<Trace> {
    // Another scenario's picture would hold a copy of this one's key.
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _guard = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);

    let key = Key { length, characters: RandomState::new() };
    let picture = picture_after(|| scenario(&key));
    // Only now, or the picture would show the needles.
    let needles = Needles::of(&key);
    let mut traces = BTreeSet::new();
    for bytes in picture.windows(NEEDLE) {
        // A table first: hashing every window takes minutes in a build that is not optimised.
        if needles.starts.get(start(bytes)) == Some(&true) {
            traces.extend(needles.all.get(bytes));
        }
    }
    traces.into_iter().collect()
}

/// The first two bytes.
fn start(bytes: &[u8]) -> usize {
    bytes.first_chunk().map_or(0, |start| usize::from(u16::from_ne_bytes(*start)))
}

/// A key whose text is in memory only when it is asked for.
pub(crate) struct Key {
    length: usize,
    characters: RandomState,
}

impl Key {
    /// The text, made anew in one allocation: growing would leave copies behind.
    pub(crate) fn text(&self) -> Zeroizing<String> {
        Zeroizing::new(self.characters().collect())
    }

    /// The text with a newline after it, as a file would have it.
    pub(crate) fn line(&self) -> Zeroizing<String> {
        Zeroizing::new(self.characters().chain(['\n']).collect())
    }

    /// The text in base64. It has no padding, and is the same in either alphabet.
    pub(crate) fn encoded(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE64_URL_SAFE_NO_PAD.encode(self.text().as_bytes()))
    }

    pub(crate) fn hexadecimal(&self) -> Zeroizing<String> {
        Zeroizing::new(hex::encode(self.text().as_bytes()))
    }

    /// Letters alone, as many as are asked for and known to be so many.
    fn characters(&self) -> impl Iterator<Item = char> {
        (0..self.length).map(|index| {
            let [case, letter, ..] = self.characters.hash_one(index).to_ne_bytes();
            char::from(if case < 128 { b'a' } else { b'A' } + letter % 26)
        })
    }
}

/// Runs the scenario on a thread of its own, and takes the picture while that thread waits: its stack is as it was left.
fn picture_after<T>(scenario: impl FnOnce() -> T + Send) -> Vec<u8> {
    let (done, is_done) = mpsc::channel();
    let (dismiss, is_dismissed) = mpsc::channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            let _alive = far_below(scenario);
            done.send(()).expect("the picture is waited for");
            is_dismissed.recv().expect_err("nothing is sent");
        });
        is_done.recv().expect("the scenario does not panic");
        // Threads of other tests come and go: what the list of maps names may be gone before it is read.
        let picture = iter::repeat_with(picture).take(10).find_map(Result::ok).expect("every writable map can be read");
        drop(dismiss);
        picture
    })
}

/// Calls the function so far down the stack that what the caller does next overwrites nothing that it has left there.
#[inline(never)]
pub(crate) fn far_below<T>(function: impl FnOnce() -> T) -> T {
    #[inline(never)]
    fn call<T>(function: impl FnOnce() -> T) -> T {
        function()
    }
    let distance = [0_u8; 16 * 1024];
    black_box(&distance);
    let result = call(function);
    black_box(&distance);
    result
}

/// A copy of all memory that this process can write to, without the long runs of zeros.
fn picture() -> io::Result<Vec<u8>> {
    let memory = File::open("/proc/self/mem")?;
    let list = fs::read_to_string("/proc/self/maps")?;
    // So large an allocation is a map of its own: it is not on this list, and gone before the next is read.
    let mut picture = Vec::with_capacity(64 * 1024 * 1024);
    for start in list.lines().filter_map(writable).flat_map(|map| map.step_by(CHUNK)) {
        // What begins in one chunk may end in the next; the read is short where there is none.
        let mut chunk = [0; CHUNK + NEEDLE - 1];
        let length = memory.read_at(&mut chunk, start)?;
        if chunk != [0; CHUNK + NEEDLE - 1] {
            picture.extend(chunk.into_iter().take(length));
        }
    }
    Ok(picture)
}

/// The addresses in a line of `/proc/self/maps`, such as `7ffc0a1e4000-7ffc0a205000 rw-p …`.
fn writable(line: &str) -> Option<Range<u64>> {
    let (addresses, permissions) = line.split_once(' ')?;
    let (start, end) = addresses.split_once('-')?;
    let address = |digits| u64::from_str_radix(digits, 16).ok();
    permissions.starts_with("rw").then_some(address(start)?..address(end)?)
}

/// What to look for, at every address.
struct Needles {
    all: HashMap<Vec<u8>, Trace>,
    /// Whether there is a needle that starts so.
    starts: Vec<bool>,
}

impl Needles {
    fn of(key: &Key) -> Self {
        let text = key.text();
        let mut key = text.as_bytes();
        let hash = Sha256::digest(key);

        let mut needles = Self { all: HashMap::new(), starts: vec![false; 1 << 16] };
        let hmac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
        for tag in MESSAGES.map(|message| <[u8; 32]>::from(hmac.clone().chain_update(message).finalize().into_bytes()))
        {
            needles.add_words(Trace::Hash, &tag);
            needles.add_bytes(Trace::Hash, tag.map(|byte| format!("{byte:02x}")).concat().as_bytes());
            needles.add_bytes(Trace::Hash, BASE64_URL_SAFE_NO_PAD.encode(tag).as_bytes());
        }
        needles.add_bytes(Trace::Text, key);
        needles.add_bytes(Trace::Text, BASE64_URL_SAFE_NO_PAD.encode(key).as_bytes());
        let (whole_groups, _) = key.as_chunks::<4>();
        let decoded = BASE64_URL_SAFE_NO_PAD.decode(whole_groups.as_flattened()).expect("letters");
        needles.add_bytes(Trace::Text, &decoded);
        if key.len() > BLOCK {
            needles.add_state_after(Trace::Text, key);
            needles.add_bytes(Trace::Text, &hash);
            key = &hash;
        }
        for (pad, block_trace, state_trace) in
            [(0x36, Trace::InnerBlock, Trace::InnerState), (0x5c, Trace::OuterBlock, Trace::OuterState)]
        {
            let mut block = vec![pad; BLOCK];
            block.iter_mut().zip(key).for_each(|(padded, byte)| *padded ^= byte);
            needles.add_state_after(state_trace, &block);
            // The rest is padding, which is no secret.
            block.truncate(key.len().next_multiple_of(4));
            needles.add_bytes(block_trace, &block);
        }
        needles
    }

    /// As they are, and as the big-endian words that SHA-256 makes of them.
    fn add_bytes(&mut self, trace: Trace, bytes: &[u8]) {
        let words = bytes.as_chunks::<4>().0.iter().flat_map(|word| word.iter().rev().copied());
        for bytes in [bytes, &words.collect::<Vec<_>>()] {
            for needle in bytes.windows(NEEDLE) {
                self.all.insert(needle.to_vec(), trace);
                self.starts.get_mut(start(needle)).into_iter().for_each(|starts| *starts = true);
            }
        }
    }

    fn add_state_after(&mut self, trace: Trace, blocks: &[u8]) {
        // The words come first, little-endian; then what is no secret or has been looked for: a count and the rest.
        let serialized = Sha256::new_with_prefix(blocks).serialize();
        self.add_words(trace, serialized.split_at(32).0);
    }

    /// Any two of SHA-256's words: vector registers hold them in an order of their own.
    fn add_words(&mut self, trace: Trace, words: &[u8]) {
        let words = || words.as_chunks::<4>().0.iter();
        for first in words() {
            for second in words().filter(|second| *second != first) {
                self.add_bytes(trace, &[*first, *second].concat());
            }
        }
    }
}
