//! What a peer's program weighs without the peer.

fn main() {
    peers::serve([]);
}
