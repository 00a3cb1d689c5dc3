//! MD5 (RFC 1321), only to compute run ids as Marquez does.
//!
//! It protects nothing and must not be used where anything is to be protected.

/// Shifts of the four rounds, four steps each.
const SHIFTS: [[u32; 4]; 4] = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];

/// Digests a text.
pub(super) fn md5(text: &[u8]) -> [u8; 16] {
    let mut padded = text.to_vec();
    padded.push(0x80);
    padded.resize(padded.len().next_multiple_of(64), 0);
    if padded.len() - text.len() < 9 {
        padded.resize(padded.len() + 64, 0);
    }
    let bits = (text.len() as u64).wrapping_mul(8).to_le_bytes();
    let end = padded.len() - 8;
    padded[end..].copy_from_slice(&bits);

    let mut state = [0x6745_2301_u32, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476];
    for block in padded.chunks_exact(64) {
        state = step(state, block);
    }
    let mut digest = [0; 16];
    for (bytes, word) in digest.chunks_exact_mut(4).zip(state) {
        bytes.copy_from_slice(&word.to_le_bytes());
    }
    digest
}

/// Digests one block of 64 bytes.
fn step(state: [u32; 4], block: &[u8]) -> [u32; 4] {
    let mut words = [0_u32; 16];
    for (word, bytes) in words.iter_mut().zip(block.chunks_exact(4)) {
        *word = u32::from_le_bytes(bytes.try_into().unwrap_or_default());
    }
    let [mut a, mut b, mut c, mut d] = state;
    for i in 0..64 {
        let (mixed, word) = match i / 16 {
            0 => ((b & c) | (!b & d), i),
            1 => ((d & b) | (!d & c), (5 * i + 1) % 16),
            2 => (b ^ c ^ d, (3 * i + 5) % 16),
            _ => (c ^ (b | !d), (7 * i) % 16),
        };
        let sum = a.wrapping_add(mixed).wrapping_add(sine(i)).wrapping_add(words[word]);
        let turned = sum.rotate_left(SHIFTS[i / 16][i % 4]);
        (a, d, c, b) = (d, c, b, b.wrapping_add(turned));
    }
    let mut next = state;
    for (word, turned) in next.iter_mut().zip([a, b, c, d]) {
        *word = word.wrapping_add(turned);
    }
    next
}

/// The table of RFC 1321: the whole part of `2^32 * |sin(i + 1)|`.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "0 <= value < 2^32, and the index is below 64"
)]
fn sine(i: usize) -> u32 {
    (((i + 1) as f64).sin().abs() * 4_294_967_296.0) as u32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::{Builder, Uuid};

    use super::*;

    fn hex(text: &str) -> String {
        Uuid::from_bytes(md5(text.as_bytes())).simple().to_string()
    }

    /// The test suite of RFC 1321, appendix A.5.
    #[test]
    fn suite_of_the_rfc_passes() {
        assert_eq!(hex(""), "d41d8cd98f00b204e9800998ecf8427e");
        assert_eq!(hex("a"), "0cc175b9c0f1b6a831c399e269772661");
        assert_eq!(hex("message digest"), "f96b697d7cb7938d525a2f31aaf161d0");
        let digits = "12345678901234567890".repeat(4);
        assert_eq!(hex(&digits), "57edf4a22be3c955ac49da2e2107b67a");
    }

    proptest! {
        /// The uuid crate digests a name space and a name; all of it is our text.
        #[test]
        fn agrees_with_the_uuid_crate(space: [u8; 16], name: Vec<u8>) {
            let ours = Builder::from_md5_bytes(md5(&[&space[..], &name].concat())).into_uuid();
            prop_assert_eq!(ours, Uuid::new_v3(&Uuid::from_bytes(space), &name));
        }
    }
}
