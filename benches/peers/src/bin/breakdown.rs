//! A user hash rung by rung: each does what the one above does and one thing more, so that the differences are what each
//! thing costs, and add up to the whole. `Secret::mac` is private; those before `compute` are made of its parts.

use std::{hint::black_box, mem::ManuallyDrop, slice};

use hmac::{
    KeyInit,
    block_api::HmacCore,
    digest::{
        Output,
        block_api::{Buffer, FixedOutputCore, UpdateCore},
    },
};
use intercom_identity::{Secret, UserHash, UserId};
use peers::waiting;
use sha2::{Sha256, block_api::compress256};
use zeroize::zeroize_stack;

type Core = HmacCore<Sha256>;
type Tag = [u8; 32];

/// As in `Secret`.
const HASHING_STACK: usize = 1152;

/// The states that are left when the key's blocks have been compressed.
fn states(key: &[u8]) -> [[u32; 8]; 2] {
    // FIPS 180-4, section 5.3.3.
    const INITIAL: [u32; 8] =
        [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];
    [0x36, 0x5c].map(|pad| {
        let mut block = [pad; 64];
        block.iter_mut().zip(key).for_each(|(byte, key)| *byte ^= key);
        let mut state = INITIAL;
        compress256(&mut state, &[block]);
        state
    })
}

/// A block after the key's, of less than 56 bytes.
#[inline]
fn padded(message: &[u8]) -> [u8; 64] {
    let mut block = [0; 64];
    block[..message.len()].copy_from_slice(message);
    block[message.len()] = 0x80;
    block[56..].copy_from_slice(&((64 + message.len() as u64) * 8).to_be_bytes());
    block
}

fn bytes(state: [u32; 8]) -> Tag {
    let mut bytes = [0; 32];
    bytes.as_chunks_mut().0.iter_mut().zip(state).for_each(|(bytes, word)| *bytes = word.to_be_bytes());
    bytes
}

/// Nothing but what HMAC is, for a message of one block.
#[inline]
fn bare(&[mut inner, mut outer]: &[[u32; 8]; 2], block: &[u8; 64]) -> Tag {
    compress256(&mut inner, slice::from_ref(block));
    compress256(&mut outer, &[padded(&bytes(inner))]);
    bytes(outer)
}

/// As `hmac` does it, which buffers and pads.
fn mac(core: &mut Core, buffer: &mut Buffer<Core>, message: &[u8]) -> Tag {
    let mut tag = Output::<Core>::default();
    buffer.digest_blocks(message, |blocks| core.update_blocks(blocks));
    core.finalize_fixed_core(buffer, &mut tag);
    tag.into()
}

#[inline(never)]
fn buffered(keyed: &Core, message: &[u8]) -> Tag {
    mac(&mut ManuallyDrop::new(keyed.clone()), &mut ManuallyDrop::default(), message)
}

fn wiped(keyed: &Core, message: &[u8]) -> Tag {
    let tag = buffered(keyed, message);
    zeroize_stack::<HASHING_STACK>();
    tag
}

fn main() {
    let [secret, identifier, user_hash] = peers::arguments();
    let (states, keyed) = (states(secret.as_bytes()), Core::new_from_slice(secret.as_bytes()).unwrap());
    let secret = Secret::new(&secret).unwrap();
    let tag = UserHash::compute(&secret, UserId::new(&identifier).unwrap()).to_bytes();
    let block = padded(identifier.as_bytes());
    let message = identifier.as_bytes();
    assert_eq!([bare(&states, &block), buffered(&keyed, message), wiped(&keyed, message)], [tag; 3]);

    let (blocks, initials, states) = ([[0x36; 64]], [[0; 8]; 2], [states; 2]);
    let (identifiers, user_hashes) = ([&*identifier; 2], [&*user_hash; 2]);
    let message = |n: usize| black_box(identifiers[n].as_bytes());
    let user_id = |n: usize| UserId::new(black_box(identifiers[n])).unwrap();
    peers::serve(
        [
            waiting("two bare compressions: the floor", |n| {
                let mut state = initials[n];
                compress256(&mut state, black_box(&blocks));
                compress256(&mut state, black_box(&blocks));
                state[0].to_be_bytes()[0]
            }),
            waiting("the second compresses what the first gives: HMAC", |n| bare(&states[n], black_box(&block))[0]),
            waiting("the identifier is copied into a block and padded", |n| bare(&states[0], &padded(message(n)))[0]),
            waiting("by `hmac`'s block API, for any length", |n| buffered(black_box(&keyed), message(n))[0]),
            waiting("the stack is wiped", |n| wiped(black_box(&keyed), message(n))[0]),
            waiting("a `UserId` goes in, text comes out: `compute`", |n| {
                UserHash::compute(black_box(&secret), user_id(n)).as_str().as_bytes()[0]
            }),
            waiting("text goes in, parsed and compared: `verify`", |n| {
                let received: UserHash = black_box(user_hashes[n]).parse().unwrap();
                u8::from(black_box(received.verify(black_box(&secret), user_id(n)).is_ok()))
            }),
        ]
        .into_iter()
        .flatten(),
    );
}
