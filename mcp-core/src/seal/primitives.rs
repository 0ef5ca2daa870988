//! What is asked of the cryptographic library, and nowhere else.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::digest::{Context, SHA256};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::hkdf::{HKDF_SHA256, Salt};
use aws_lc_rs::rand;

/// The library did not do as asked: a wrong tag, or a system without randomness. It never says
/// which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Refused;

impl From<Unspecified> for Refused {
    fn from(_: Unspecified) -> Self {
        Self
    }
}

/// Bytes that nobody can guess.
///
/// # Errors
///
/// The system has none to give.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], Refused> {
    let mut bytes = [0; N];
    rand::fill(&mut bytes)?;
    Ok(bytes)
}

/// The SHA-256 of a list. Every part goes in after its length, so `["ab", "c"]` and `["a", "bc"]`
/// differ; for the same reason the digest of one part is not the SHA-256 of its bytes alone.
pub(crate) fn digest(parts: &[&[u8]]) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(&length(part));
        context.update(part);
    }
    let mut digest = [0; 32];
    for (to, from) in digest.iter_mut().zip(context.finish().as_ref()) {
        *to = *from;
    }
    digest
}

/// The length of `bytes` in eight bytes.
pub(super) fn length(bytes: &[u8]) -> [u8; 8] {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes()
}

/// The key of one token.
///
/// Every token has a salt of its own and so a key of its own, with which one message is encrypted
/// and never another. A nonce has to be new only among the messages of one key, so here it can be
/// zero. Salts are 128 random bits: after 2^32 tokens under one secret, two of them are the same
/// with a probability of 2^-65.
pub(super) struct OneTimeKey(LessSafeKey);

impl OneTimeKey {
    pub(super) fn derive(
        secret: &[u8; 32],
        salt: &[u8; 16],
        info: &[&[u8]],
    ) -> Result<Self, Refused> {
        let pseudorandom = Salt::new(HKDF_SHA256, salt).extract(secret);
        let key = UnboundKey::from(pseudorandom.expand(info, &AES_256_GCM)?);
        Ok(Self(LessSafeKey::new(key)))
    }

    /// Encrypts `message` in place and appends the tag. Takes the key, which is used up.
    pub(super) fn encrypt(self, bound: &[u8], message: &mut Vec<u8>) -> Result<(), Refused> {
        self.0
            .seal_in_place_append_tag(zero(), Aad::from(bound), message)?;
        Ok(())
    }

    /// What was encrypted, if this key encrypted it and `bound` was the same.
    pub(super) fn decrypt<'m>(
        self,
        bound: &[u8],
        message: &'m mut [u8],
    ) -> Result<&'m [u8], Refused> {
        Ok(self.0.open_in_place(zero(), Aad::from(bound), message)?)
    }
}

/// The nonce of the one message of a key.
fn zero() -> Nonce {
    Nonce::assume_unique_for_key([0; NONCE_LEN])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_tells_where_its_parts_end() {
        assert_ne!(digest(&[b"ab", b"c"]), digest(&[b"a", b"bc"]));
        assert_ne!(digest(&[b"ab"]), digest(&[b"ab", b""]));
        assert_ne!(digest(&[]), digest(&[b""]));
        assert_eq!(digest(&[b"ab", b"c"]), digest(&[b"ab", b"c"]));
    }

    #[test]
    fn a_digest_is_sha_256() {
        // The published digest of no input at all.
        assert_eq!(digest(&[])[..4], [0xe3, 0xb0, 0xc4, 0x42],);
    }

    #[test]
    fn random_bytes_do_not_repeat() {
        assert_ne!(random::<16>(), random::<16>());
        assert_ne!(random::<16>(), Ok([0; 16]));
    }
}
