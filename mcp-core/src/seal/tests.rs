//! The proof that states which were tampered with, expired, belong to somebody else or were used
//! before are refused.

use std::time::Duration;

use super::*;
use crate::single_use::{MemoryStore, SingleUse};

/// Per property.
const RUNS: usize = 10_000;

/// Tokens that the mutations start from.
const TOKENS: usize = 64;

const LONGEST: usize = 4096;
const NOW: u64 = 1_800_000_000;
const HOUR: u64 = 3600;
const VALID: Validity = Validity {
    issued: NOW,
    expires: NOW + HOUR,
};
const REFUSAL: &str = "was not issued by this server for this use, or has expired";

/// The same numbers every time (xorshift64*, by Vigna).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end).unwrap()).unwrap()
    }

    fn bytes(&mut self, most: usize) -> Vec<u8> {
        let length = self.below(most + 1);
        (0..length).map(|_| self.next().to_le_bytes()[3]).collect()
    }

    fn purpose(&mut self) -> Purpose {
        PURPOSES[self.below(PURPOSES.len())]
    }
}

const PURPOSES: [Purpose; 3] = [Purpose::RequestState, Purpose::Cursor, Purpose::Session];

/// A token, and all that has to be the same for it to open.
struct Sealed {
    purpose: Purpose,
    principal: Vec<u8>,
    parts: Vec<Vec<u8>>,
    payload: Vec<u8>,
    token: String,
}

impl Sealed {
    fn random(sealer: &Sealer, numbers: &mut Numbers) -> Self {
        let mut state = Self {
            purpose: numbers.purpose(),
            principal: numbers.bytes(12),
            parts: (0..numbers.below(4)).map(|_| numbers.bytes(8)).collect(),
            payload: numbers.bytes(80),
            token: String::new(),
        };
        state.token = with_bound(&state.principal, &state.parts, |bound| {
            sealer.seal(state.purpose, bound, VALID, &state.payload, LONGEST)
        })
        .unwrap();
        state
    }

    fn open(&self, sealer: &Sealer, token: &str) -> Result<Opened, SealError> {
        with_bound(&self.principal, &self.parts, |bound| {
            sealer.open(self.purpose, bound, token, NOW, LONGEST)
        })
    }

    fn bytes(&self) -> Vec<u8> {
        URL_SAFE_NO_PAD.decode(&self.token).unwrap()
    }
}

fn with_bound<T>(principal: &[u8], parts: &[Vec<u8>], then: impl FnOnce(&Bound<'_>) -> T) -> T {
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    let parts = &parts;
    then(&Bound { principal, parts })
}

fn keys(ids: &[(&str, u8)]) -> SealKeys {
    SealKeys::new(ids.iter().map(|(id, secret)| (id, [*secret; 32]))).unwrap()
}

fn sealer() -> Sealer {
    Sealer::new(keys(&[("k2", 2), ("k1", 1)]), "sales")
}

fn many(sealer: &Sealer, numbers: &mut Numbers) -> Vec<Sealed> {
    (0..TOKENS)
        .map(|_| Sealed::random(sealer, numbers))
        .collect()
}

fn refused(result: Result<Opened, SealError>) -> Why {
    let error = result.unwrap_err();
    assert_eq!(error.to_string(), REFUSAL);
    error.0
}

/// Changes tokens in `RUNS` ways and looks that each is refused.
fn no_change_opens(seed: u64, change: impl Fn(&mut Numbers, &Sealed, &Sealed) -> String) {
    let (sealer, mut numbers) = (sealer(), Numbers(seed));
    let states = many(&sealer, &mut numbers);
    let mut runs = 0;
    while runs < RUNS {
        let one = &states[numbers.below(TOKENS)];
        let other = &states[numbers.below(TOKENS)];
        let changed = change(&mut numbers, one, other);
        if changed != one.token && changed != other.token {
            refused(one.open(&sealer, &changed));
            runs += 1;
        }
    }
    for one in &states {
        assert_eq!(one.open(&sealer, &one.token).unwrap().payload, one.payload);
    }
}

#[test]
fn what_was_sealed_opens_to_the_same() {
    let (sealer, mut numbers) = (sealer(), Numbers(1));
    for _ in 0..RUNS {
        let state = Sealed::random(&sealer, &mut numbers);
        let opened = state.open(&sealer, &state.token).unwrap();
        assert_eq!(opened.payload, state.payload);
        assert_eq!(opened.validity, VALID);
        assert!(state.bytes().windows(16).any(|bytes| bytes == opened.id));
    }
}

#[test]
fn a_state_with_flipped_bits_is_refused() {
    no_change_opens(2, |numbers, one, _| {
        let mut bytes = one.bytes();
        for _ in 0..=numbers.below(3) {
            let at = numbers.below(bytes.len());
            bytes[at] ^= 1 << numbers.below(8);
        }
        URL_SAFE_NO_PAD.encode(bytes)
    });
}

#[test]
fn a_state_with_any_one_bit_flipped_is_refused() {
    let (sealer, mut numbers) = (sealer(), Numbers(3));
    for state in many(&sealer, &mut numbers) {
        for bit in 0..state.bytes().len() * 8 {
            let mut bytes = state.bytes();
            bytes[bit / 8] ^= 1 << (bit % 8);
            refused(state.open(&sealer, &URL_SAFE_NO_PAD.encode(bytes)));
        }
    }
}

#[test]
fn a_state_with_changed_characters_is_refused() {
    no_change_opens(4, |numbers, one, _| {
        let mut characters: Vec<char> = one.token.chars().collect();
        let at = numbers.below(characters.len());
        // Among them are characters of other alphabets, padding, NUL and no ASCII at all.
        let replacements = [
            'A',
            'q',
            '_',
            '-',
            '+',
            '/',
            '=',
            ' ',
            '\0',
            '\n',
            'é',
            '\u{10ffff}',
        ];
        characters[at] = replacements[numbers.below(replacements.len())];
        characters.into_iter().collect()
    });
}

#[test]
fn no_second_spelling_of_a_state_opens() {
    let (sealer, mut numbers) = (sealer(), Numbers(5));
    for state in many(&sealer, &mut numbers) {
        let token = &state.token;
        for spelling in [
            format!("{token}="),
            format!("{token}=="),
            format!(" {token}"),
            format!("{token}\n"),
            format!("{token}-TAMPERED"),
        ] {
            refused(state.open(&sealer, &spelling));
        }
        // The bits behind the last byte, which a lenient decoder does not look at.
        for last in ('A'..='Z')
            .chain('a'..='z')
            .chain('0'..='9')
            .chain(['-', '_'])
        {
            let changed = format!("{}{last}", &token[..token.len() - 1]);
            if changed != *token {
                refused(state.open(&sealer, &changed));
            }
        }
    }
}

#[test]
fn a_truncated_state_is_refused() {
    no_change_opens(6, |numbers, one, _| {
        let bytes = one.bytes();
        match numbers.below(3) {
            0 => one.token[..numbers.below(one.token.len())].to_owned(),
            1 => URL_SAFE_NO_PAD.encode(&bytes[..numbers.below(bytes.len())]),
            _ => URL_SAFE_NO_PAD.encode(&bytes[1 + numbers.below(bytes.len() - 1)..]),
        }
    });
}

#[test]
fn an_extended_state_is_refused() {
    no_change_opens(7, |numbers, one, _| {
        let (mut bytes, mut more) = (one.bytes(), numbers.bytes(40));
        more.push(0);
        let at = numbers.below(bytes.len() + 1);
        bytes.splice(at..at, more);
        URL_SAFE_NO_PAD.encode(bytes)
    });
}

#[test]
fn a_state_put_together_from_two_is_refused() {
    no_change_opens(8, |numbers, one, other| {
        // Where the parts of a token with a key id of two characters begin.
        let segments = |bytes: &[u8]| {
            let end = bytes.len();
            [0..4, 4..20, 20..28, 28..36, 36..end - 16, end - 16..end]
                .map(|range| bytes[range].to_vec())
        };
        let (mut mixed, from) = (segments(&one.bytes()), segments(&other.bytes()));
        let at = 1 + numbers.below(5);
        mixed[at].clone_from(&from[at]);
        // Where both have the same part, nothing has changed.
        URL_SAFE_NO_PAD.encode(mixed.concat())
    });
}

#[test]
fn a_state_with_two_stretches_exchanged_is_refused() {
    no_change_opens(9, |numbers, one, _| {
        let mut bytes = one.bytes();
        let length = 1 + numbers.below(bytes.len() / 2);
        let first = numbers.below(bytes.len() - 2 * length + 1);
        let second = first + length + numbers.below(bytes.len() - first - 2 * length + 1);
        for at in 0..length {
            bytes.swap(first + at, second + at);
        }
        URL_SAFE_NO_PAD.encode(bytes)
    });
}

#[test]
fn made_up_states_are_refused() {
    no_change_opens(10, |numbers, one, _| {
        let mut made_up = numbers.bytes(200);
        if numbers.below(2) == 0 {
            // One that begins as a token has to.
            made_up.splice(0..0, one.bytes()[..4].to_vec());
        }
        URL_SAFE_NO_PAD.encode(made_up)
    });
}

#[test]
fn a_state_of_another_key_is_refused() {
    let mut numbers = Numbers(11);
    // Another secret under the same id.
    let (ours, theirs) = (
        sealer(),
        Sealer::new(keys(&[("k2", 3), ("k1", 1)]), "sales"),
    );
    for _ in 0..RUNS {
        let state = Sealed::random(&theirs, &mut numbers);
        assert_eq!(refused(state.open(&ours, &state.token)), Why::NotOurs);
    }
}

#[test]
fn a_state_of_another_server_is_refused() {
    let mut numbers = Numbers(12);
    let (ours, theirs) = (sealer(), Sealer::new(keys(&[("k2", 2), ("k1", 1)]), "sale"));
    for _ in 0..RUNS {
        let state = Sealed::random(&theirs, &mut numbers);
        assert_eq!(refused(state.open(&ours, &state.token)), Why::NotOurs);
    }
}

#[test]
fn a_state_for_another_purpose_is_refused() {
    let (sealer, mut numbers) = (sealer(), Numbers(13));
    for _ in 0..RUNS {
        let mut state = Sealed::random(&sealer, &mut numbers);
        let made_for = state.purpose;
        for purpose in PURPOSES.into_iter().filter(|purpose| *purpose != made_for) {
            state.purpose = purpose;
            assert_eq!(refused(state.open(&sealer, &state.token)), Why::NotOurs);
        }
    }
}

#[test]
fn a_state_of_another_principal_is_refused() {
    let (sealer, mut numbers) = (sealer(), Numbers(14));
    let mut runs = 0;
    while runs < RUNS {
        let mut state = Sealed::random(&sealer, &mut numbers);
        let other = numbers.bytes(12);
        if other != state.principal {
            state.principal = other;
            assert_eq!(refused(state.open(&sealer, &state.token)), Why::NotOurs);
            runs += 1;
        }
    }
}

#[test]
fn a_state_for_other_parts_is_refused() {
    let (sealer, mut numbers) = (sealer(), Numbers(15));
    for _ in 0..RUNS {
        let mut state = Sealed::random(&sealer, &mut numbers);
        let count = state.parts.len();
        match numbers.below(3) {
            0 if count > 0 => {
                state.parts.remove(numbers.below(count));
            }
            1 if count > 0 => state.parts[numbers.below(count)].push(0),
            _ => state
                .parts
                .insert(numbers.below(count + 1), numbers.bytes(8)),
        }
        assert_eq!(refused(state.open(&sealer, &state.token)), Why::NotOurs);
    }
}

/// The bytes are the same in the same order; only where one field ends and the next begins is not.
#[test]
fn bytes_moved_from_one_field_to_the_next_are_refused() {
    let (sealer, mut numbers) = (sealer(), Numbers(16));
    let mut runs = 0;
    while runs < RUNS {
        let mut state = Sealed::random(&sealer, &mut numbers);
        let Some(first) = state.parts.first_mut() else {
            continue;
        };
        match numbers.below(3) {
            0 if !first.is_empty() => state.principal.push(first.remove(0)),
            1 if !state.principal.is_empty() => first.insert(0, state.principal.pop().unwrap()),
            _ => {
                let at = numbers.below(first.len() + 1);
                let rest = first.split_off(at);
                state.parts.insert(1, rest);
            }
        }
        assert_eq!(refused(state.open(&sealer, &state.token)), Why::NotOurs);
        runs += 1;
    }
}

#[test]
fn an_expired_state_is_refused() {
    let (sealer, mut numbers) = (sealer(), Numbers(17));
    let bound = Bound {
        principal: b"ann",
        parts: &[],
    };
    for _ in 0..RUNS {
        let lifetime = 1 + numbers.next() % (24 * HOUR);
        let expires = NOW + lifetime;
        let validity = Validity {
            issued: NOW,
            expires,
        };
        let token = sealer
            .seal(Purpose::Cursor, &bound, validity, b"", LONGEST)
            .unwrap();
        let open = |now| sealer.open(Purpose::Cursor, &bound, &token, now, LONGEST);
        assert!(open(NOW + numbers.next() % lifetime).is_ok());
        assert!(open(expires - 1).is_ok());
        let late = expires + numbers.next() % (u64::MAX - expires);
        for now in [expires, late, u64::MAX] {
            assert_eq!(refused(open(now)), Why::Expired);
        }
    }
}

#[test]
fn a_state_from_60_seconds_ahead_opens_and_one_from_61_is_refused() {
    let sealer = sealer();
    let bound = Bound {
        principal: b"ann",
        parts: &[],
    };
    let token = sealer
        .seal(Purpose::Session, &bound, VALID, b"", LONGEST)
        .unwrap();
    let open = |now| sealer.open(Purpose::Session, &bound, &token, now, LONGEST);
    assert!(open(NOW - 60).is_ok());
    assert_eq!(refused(open(NOW - 61)), Why::FromTheFuture);
    assert_eq!(refused(open(0)), Why::FromTheFuture);
}

#[tokio::test]
async fn a_replayed_state_is_refused_by_what_remembers_its_id() {
    let (sealer, mut numbers) = (sealer(), Numbers(18));
    let store = MemoryStore::single_process();
    for _ in 0..RUNS {
        let state = Sealed::random(&sealer, &mut numbers);
        for is_first in [true, false, false] {
            let opened = state.open(&sealer, &state.token).unwrap();
            let keep_for = Duration::from_secs(opened.validity.expires - NOW);
            assert_eq!(store.consume(&opened.id, keep_for).await.unwrap(), is_first);
        }
    }
}

#[test]
fn an_old_key_opens_and_a_removed_one_does_not() {
    let mut numbers = Numbers(19);
    let before = Sealer::new(keys(&[("k1", 1)]), "sales");
    let rotated = Sealer::new(keys(&[("k2", 2), ("k1", 1)]), "sales");
    let after = Sealer::new(keys(&[("k2", 2)]), "sales");
    for _ in 0..1000 {
        let old = Sealed::random(&before, &mut numbers);
        assert!(old.open(&rotated, &old.token).is_ok());
        assert_eq!(refused(old.open(&after, &old.token)), Why::UnknownKey);
        let new = Sealed::random(&rotated, &mut numbers);
        assert!(new.open(&after, &new.token).is_ok());
        assert_eq!(refused(new.open(&before, &new.token)), Why::UnknownKey);
    }
}

#[test]
fn a_key_id_cannot_be_exchanged_for_another_of_the_same_secret() {
    let sealer = Sealer::new(keys(&[("k1", 1), ("k2", 1)]), "sales");
    let state = Sealed::random(&sealer, &mut Numbers(20));
    let mut bytes = state.bytes();
    assert_eq!(bytes[..4], [1, 2, b'k', b'1']);
    bytes[3] = b'2';
    let changed = URL_SAFE_NO_PAD.encode(bytes);
    assert_eq!(refused(state.open(&sealer, &changed)), Why::NotOurs);
}

#[test]
fn a_token_of_n_characters_is_made_and_opened_and_one_of_n_plus_one_is_not() {
    let sealer = sealer();
    let bound = Bound {
        principal: b"ann",
        parts: &[b"tool"],
    };
    let payload = [7; 100];
    let seal = |longest| sealer.seal(Purpose::RequestState, &bound, VALID, &payload, longest);
    let token = seal(LONGEST).unwrap();
    let n = token.len();
    assert_eq!(seal(n).unwrap().len(), n);
    assert_eq!(seal(n - 1), Err(NotSealed::TooLong { characters: n }));
    let open = |longest| sealer.open(Purpose::RequestState, &bound, &token, NOW, longest);
    assert!(open(n).is_ok());
    assert_eq!(refused(open(n - 1)), Why::TooLong);
}

#[test]
fn a_token_too_long_is_refused_before_it_is_decoded() {
    // Not base64, which nobody found out.
    let bound = Bound {
        principal: b"",
        parts: &[],
    };
    let token = "!".repeat(LONGEST + 1);
    let open = |token: &str| sealer().open(Purpose::Cursor, &bound, token, NOW, LONGEST);
    assert_eq!(refused(open(&token)), Why::TooLong);
    assert_eq!(refused(open(&token[1..])), Why::NotAToken);
}

#[test]
fn a_session_token_is_short_whatever_the_key_id() {
    let bound = Bound {
        principal: b"somebody@example.com",
        parts: &[b"anything"],
    };
    for (key_id, characters) in [("k", 76), ("k1", 78), ("12345678", 86)] {
        let sealer = Sealer::new(keys(&[(key_id, 1)]), "sales");
        let token = sealer
            .seal(Purpose::Session, &bound, VALID, b"6bytes", 512)
            .unwrap();
        assert_eq!(token.len(), characters);
    }
}

#[test]
fn two_tokens_of_the_same_have_nothing_in_common() {
    let sealer = sealer();
    let bound = Bound {
        principal: b"ann",
        parts: &[],
    };
    let seal = || {
        sealer
            .seal(Purpose::Cursor, &bound, VALID, &[0; 64], LONGEST)
            .unwrap()
    };
    let [one, other] = [seal(), seal()].map(|token| URL_SAFE_NO_PAD.decode(token).unwrap());
    assert_eq!(one[..4], other[..4]);
    let same = one[4..].iter().zip(&other[4..]).filter(|(a, b)| a == b);
    // 112 bytes, of which less than one is the same by chance.
    assert!(same.count() < 12);
}

#[test]
fn seconds_before_1970_are_zero() {
    assert_eq!(unix_seconds(UNIX_EPOCH - Duration::from_secs(1)), 0);
    assert_eq!(unix_seconds(UNIX_EPOCH + Duration::from_secs(7)), 7);
}
