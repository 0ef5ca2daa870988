//! The secrets of a server.

use std::borrow::Cow;
use std::env::VarError;
use std::ffi::OsString;
use std::fmt;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::primitives::random;
use crate::refusal::{Refusal, Refused};

/// Secrets as `openssl rand -base64 32` prints them; a lost `=` at the end is no reason to refuse.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The most keys at a time.
const MAX_KEYS: usize = 8;

/// The most characters of an id.
const MAX_ID: usize = 8;

/// The most bytes of a file with keys; eight of them take less than 500.
const MAX_FILE: usize = 4096;

/// The variable that holds keys.
const VARIABLE: &str = "MCP_SEAL_KEYS";

/// The variable that names a file with keys.
const FILE: &str = "MCP_SEAL_KEYS_FILE";

/// The keys with which a server seals what its clients hold for it: the state of a tool that asks,
/// the cursor of a list, the session of an older revision.
///
/// Feature `seal`.
///
/// The first key seals, all of them open, and all instances of a server need the same ones. To
/// replace a key while instances run, put the new one last everywhere, then first everywhere, and
/// remove the old one a day later, when nothing that it sealed is valid any more. A key is 32 random
/// bytes:
///
/// ```text
/// openssl rand -base64 32
/// ```
///
/// ```
/// use mcp_core::SealKeys;
///
/// # fn main() -> Result<(), mcp_core::HostError> {
/// let keys = SealKeys::parse(
///     "k2:h0u8X0zcJ3bAkuMQs5sDYSbRJ8B1GoJ1jvQ9fUPYAlE=,k1:Yt2hbXqsl6mQyJ9bA0y7mOQ8c5rVnKp1i0dW3uEoZ4g=",
/// )?;
/// assert_eq!(format!("{keys:?}"), r#"SealKeys(["k2", "k1"])"#);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct SealKeys(Arc<[Key]>);

struct Key {
    id: Box<str>,
    secret: [u8; 32],
}

impl SealKeys {
    /// Keys that the program got elsewhere, such as from a secret manager.
    ///
    /// ```
    /// use mcp_core::SealKeys;
    ///
    /// # let (from_manager, retired) = ([1; 32], [2; 32]);
    /// let keys = SealKeys::new([("k2", from_manager), ("k1", retired)]);
    /// assert!(keys.is_ok());
    /// ```
    ///
    /// # Errors
    ///
    /// No key or more than 8, an id that is not 1 to 8 ASCII letters and digits, or two of one id.
    pub fn new(
        keys: impl IntoIterator<Item = (impl AsRef<str>, [u8; 32])>,
    ) -> Result<Self, SealKeysError> {
        let mut checked: Vec<Key> = Vec::new();
        for (index, (id, secret)) in keys.into_iter().enumerate() {
            let (id, position) = (id.as_ref(), index + 1);
            if index == MAX_KEYS {
                return Err(SealKeysError::new(format!(
                    "there are more than {MAX_KEYS} keys; remove those that seal nothing any more"
                )));
            }
            let fits = (1..=MAX_ID).contains(&id.len());
            if !fits || !id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
                return Err(SealKeysError::new(format!(
                    "the id of key {position} is not 1 to {MAX_ID} ASCII letters and digits; name \
                     it like `k1`"
                )));
            }
            if let Some(other) = checked.iter().position(|key| *key.id == *id) {
                return Err(SealKeysError::new(format!(
                    "the keys {} and {position} have one id; rename the newer one",
                    other + 1
                )));
            }
            checked.push(Key {
                id: id.into(),
                secret,
            });
        }
        if checked.is_empty() {
            return Err(SealKeysError::new(format!("there is no key; {HOW}")));
        }
        Ok(Self(checked.into()))
    }

    /// Keys as text, the one that seals first: `k2:<base64 of 32 bytes>,k1:<base64 of 32 bytes>`.
    /// Spaces around a key do not matter. Example: [`SealKeys`].
    ///
    /// # Errors
    ///
    /// Those of [`SealKeys::new`], and a key that is not the base64 of 32 bytes. No error repeats
    /// anything of the text.
    pub fn parse(text: &str) -> Result<Self, SealKeysError> {
        let mut keys = Vec::new();
        if text.trim().is_empty() {
            return Err(SealKeysError::new(format!("there is no key; {HOW}")));
        }
        // One more than there may be, which `new` refuses.
        for (index, entry) in text.split(',').take(MAX_KEYS + 1).enumerate() {
            let position = index + 1;
            let Some((id, secret)) = entry.trim().split_once(':') else {
                return Err(SealKeysError::new(format!(
                    "key {position} has no `:` after its id; {HOW}"
                )));
            };
            let decoded = BASE64.decode(secret.trim()).ok();
            let Some(secret) = decoded.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok()) else {
                return Err(SealKeysError::new(format!(
                    "key {position} is not the base64 of 32 bytes; {HOW}"
                )));
            };
            keys.push((id.trim().to_owned(), secret));
        }
        Self::new(keys)
    }

    /// The keys in the environment variable `MCP_SEAL_KEYS`, or in the file that `MCP_SEAL_KEYS_FILE`
    /// names, in the form of [`SealKeys::parse`].
    ///
    /// Both are read when this is called and at no other time: new keys take a new process. A variable
    /// that is empty counts as not set.
    ///
    /// ```no_run
    /// use mcp_core::{HostError, SealKeys, Server, server_info};
    ///
    /// fn server() -> Result<Server, HostError> {
    ///     let keys = SealKeys::from_env()?;
    ///     Ok(Server::new(server_info!(), ()).seal_with(keys).build()?)
    /// }
    /// # let _ = server();
    /// ```
    ///
    /// # Errors
    ///
    /// Neither variable is set, or both are, or what they lead to is no set of keys. The text says how
    /// to make one.
    pub fn from_env() -> Result<Self, SealKeysError> {
        Self::from_variables(std::env::var(VARIABLE), std::env::var_os(FILE))?
            .ok_or_else(|| SealKeysError::new(format!("it is not set; {HOW}")).within(VARIABLE))
    }

    /// The same where keys may be missing: `None` if neither variable is set. For a program that is
    /// sometimes alone, since a host that is makes a key by itself.
    ///
    /// ```no_run
    /// use mcp_core::{HostError, SealKeys, Server, server_info};
    ///
    /// fn server() -> Result<Server, HostError> {
    ///     let mut server = Server::new(server_info!(), ());
    ///     if let Some(keys) = SealKeys::from_env_if_set()? {
    ///         server = server.seal_with(keys);
    ///     }
    ///     Ok(server.build()?)
    /// }
    /// # let _ = server();
    /// ```
    ///
    /// # Errors
    ///
    /// Both variables are set, or what one of them leads to is no set of keys.
    pub fn from_env_if_set() -> Result<Option<Self>, SealKeysError> {
        Self::from_variables(std::env::var(VARIABLE), std::env::var_os(FILE))
    }

    fn from_variables(
        text: Result<String, VarError>,
        file: Option<OsString>,
    ) -> Result<Option<Self>, SealKeysError> {
        let file = file.filter(|path| !path.is_empty());
        let text = match text {
            Ok(text) => Some(text).filter(|text| !text.is_empty()),
            Err(VarError::NotPresent) => None,
            Err(VarError::NotUnicode(_)) => {
                return Err(SealKeysError::new(format!("it is not text; {HOW}")).within(VARIABLE));
            }
        };
        let keys = match (text, file) {
            (None, None) => return Ok(None),
            (Some(text), None) => Self::parse(&text).map_err(|error| error.within(VARIABLE)),
            (None, Some(path)) => Self::from_file(path).map_err(|error| error.within(FILE)),
            (Some(_), Some(_)) => Err(SealKeysError::new(format!(
                "`{VARIABLE}` is set as well, and one of them would be ignored; remove one"
            ))
            .within(FILE)),
        };
        keys.map(Some)
    }

    /// The keys in a file, in the form of [`SealKeys::parse`]: one that a secret manager mounts, such as a
    /// Kubernetes secret.
    ///
    /// ```
    /// use mcp_core::SealKeys;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let path = std::env::temp_dir().join(format!("mcp-seal-keys-example-{}", std::process::id()));
    /// std::fs::write(&path, "k1:Yt2hbXqsl6mQyJ9bA0y7mOQ8c5rVnKp1i0dW3uEoZ4g=\n")?;
    /// let keys = SealKeys::from_file(&path)?;
    /// assert_eq!(format!("{keys:?}"), r#"SealKeys(["k1"])"#);
    /// # std::fs::remove_file(path)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The file cannot be read, is no text or has more than 4,096 bytes, or those of
    /// [`SealKeys::parse`]. The text names the file and nothing that is in it.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, SealKeysError> {
        let path = path.as_ref();
        let of_file = |why: &dyn fmt::Display| {
            SealKeysError::new(format!("the file `{}`: {why}", path.display()))
        };
        let text = read(path).map_err(|error| of_file(&error))?;
        if text.len() > MAX_FILE {
            return Err(of_file(&format_args!(
                "it has more than {MAX_FILE} bytes; name a file that holds the keys and nothing else"
            )));
        }
        Self::parse(&text).map_err(|error| of_file(&error.0.text))
    }

    /// One random key that ends with the process.
    ///
    /// For a server that is one process: what it sealed does not survive a restart and means
    /// nothing to another instance, whose clients then have to begin again. Each call makes another
    /// key.
    ///
    /// ```
    /// use mcp_core::SealKeys;
    ///
    /// # fn main() -> Result<(), mcp_core::HostError> {
    /// let keys = SealKeys::single_process()?;
    /// # let _ = keys;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The system has no random bytes to give.
    pub fn single_process() -> Result<Self, SealKeysError> {
        match random() {
            Ok(secret) => Self::new([("process", secret)]),
            Err(_) => Err(SealKeysError::new(
                "the system gives no random bytes; set keys with `SealKeys::from_env()`",
            )),
        }
    }

    /// The key that seals, with its id.
    pub(super) fn sealing(&self) -> Option<(&str, &[u8; 32])> {
        self.0.first().map(|key| (&*key.id, &key.secret))
    }

    /// The key that has this id.
    pub(super) fn opening(&self, id: &[u8]) -> Option<&[u8; 32]> {
        let found = self.0.iter().find(|key| key.id.as_bytes() == id);
        found.map(|key| &key.secret)
    }
}

/// The text of a file, or at least so much of it that it is too long.
fn read(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    let most = u64::try_from(MAX_FILE).unwrap_or(u64::MAX);
    File::open(path)?
        .take(most.saturating_add(1))
        .read_to_string(&mut text)?;
    Ok(text)
}

/// Shows the ids, never a secret.
impl fmt::Debug for SealKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids: Vec<&str> = self.0.iter().map(|key| &*key.id).collect();
        f.debug_tuple("SealKeys").field(&ids).finish()
    }
}

/// How keys are made and written.
const HOW: &str = "write `k1:<key>` with the output of `openssl rand -base64 32` as the key, \
                   several keys as `k2:<key>,k1:<key>` with the one that seals first";

/// Why something is no set of keys. Never shows what it was.
///
/// Feature `seal`.
///
/// ```
/// use mcp_core::SealKeys;
///
/// let error = SealKeys::parse("k1:c2VjcmV0").unwrap_err();
/// assert!(error.to_string().starts_with("key 1 is not the base64 of 32 bytes; write"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealKeysError(Refused);

impl SealKeysError {
    fn new(text: impl Into<Cow<'static, str>>) -> Self {
        Self(Refused::new(Refusal::SealKeys, text))
    }

    fn within(self, variable: &str) -> Self {
        let text = self.0.text;
        Self::new(format!("the environment variable `{variable}`: {text}"))
    }

    /// Why, as a code that the text ends with.
    ///
    /// ```
    /// # use mcp_core::{Refusal, SealKeys};
    /// assert_eq!(SealKeys::parse("").unwrap_err().refusal(), Refusal::SealKeys);
    /// ```
    pub fn refusal(&self) -> Refusal {
        self.0.refusal
    }
}

impl fmt::Display for SealKeysError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for SealKeysError {}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "h0u8X0zcJ3bAkuMQs5sDYSbRJ8B1GoJ1jvQ9fUPYAlE=";
    const B: &str = "Yt2hbXqsl6mQyJ9bA0y7mOQ8c5rVnKp1i0dW3uEoZ4g=";

    fn error(text: &str) -> String {
        SealKeys::parse(text).unwrap_err().to_string()
    }

    fn numbered(count: u8) -> impl Iterator<Item = (String, [u8; 32])> {
        (0..count).map(|n| (format!("k{n}"), [n; 32]))
    }

    #[test]
    fn the_first_key_seals_and_all_open() {
        let keys = SealKeys::parse(&format!(" k2:{A} ,\n k1 : {B}\n")).unwrap();
        let (id, sealing) = keys.sealing().unwrap();
        assert_eq!((id, sealing[0]), ("k2", 0x87));
        assert_eq!(keys.opening(b"k2"), Some(sealing));
        assert_eq!(keys.opening(b"k1").unwrap()[0], 0x62);
        assert_eq!(keys.opening(b"k3"), None);
        let unpadded = SealKeys::parse(&format!("k1:{}", B.trim_end_matches('='))).unwrap();
        assert_eq!(unpadded.opening(b"k1"), keys.opening(b"k1"));
    }

    #[test]
    fn eight_keys_are_taken_and_nine_are_refused() {
        assert!(SealKeys::new(numbered(8)).is_ok());
        let error = SealKeys::new(numbered(9)).unwrap_err().to_string();
        assert!(error.contains("more than 8 keys; remove"), "{error}");
        let text: Vec<String> = (0..9).map(|n| format!("k{n}:{A}")).collect();
        assert!(SealKeys::parse(&text[..8].join(",")).is_ok());
        assert!(self::error(&text.join(",")).contains("more than 8"));
    }

    #[test]
    fn an_id_of_one_to_eight_letters_and_digits_is_taken_and_no_other() {
        for id in ["a", "Z9", "12345678"] {
            assert!(SealKeys::new([(id, [1; 32])]).is_ok(), "{id}");
        }
        for id in ["", "123456789", "k-1", "k 1", "k:1", "ä"] {
            let error = SealKeys::new([(id, [1; 32])]).unwrap_err().to_string();
            assert!(error.contains("the id of key 1 is not 1 to 8"), "{error}");
        }
    }

    #[test]
    fn every_mistake_says_what_to_change() {
        for (text, says) in [
            ("", "there is no key; write `k1:<key>`"),
            (" \n", "there is no key"),
            (A, "key 1 has no `:` after its id; write"),
            (&format!("k1:{A},"), "key 2 has no `:`"),
            (&format!("{A}:k1"), "key 1 is not the base64 of 32 bytes"),
            (&format!("k1:{A}A"), "key 1 is not the base64 of 32 bytes"),
            ("k1:AAAA", "key 1 is not the base64 of 32 bytes"),
            (&format!("{A}:{A}"), "the id of key 1 is not 1 to 8"),
            (
                &format!("k1:{A},k1:{B}"),
                "the keys 1 and 2 have one id; rename",
            ),
        ] {
            let error = error(text);
            assert!(error.contains(says), "{error}");
        }
        let none: [(&str, [u8; 32]); 0] = [];
        assert!(
            SealKeys::new(none)
                .unwrap_err()
                .to_string()
                .contains("there is no key")
        );
    }

    #[test]
    fn no_error_and_no_debug_output_shows_a_secret() {
        for text in [
            A,
            &format!("{A}:k1"),
            &format!("k1:{A}B"),
            &format!("k1:{A},k1:{A}"),
        ] {
            let error = SealKeys::parse(text).unwrap_err();
            assert!(!format!("{error} {error:?}").contains(&A[..4]), "{error}");
        }
        let keys = SealKeys::parse(&format!("k1:{A}")).unwrap();
        assert_eq!(format!("{keys:?}"), r#"SealKeys(["k1"])"#);
    }

    /// What the environment says, with one variable or the other.
    fn env(text: Option<&str>, file: Option<&Path>) -> Result<Option<SealKeys>, SealKeysError> {
        let text = text.map(str::to_owned).ok_or(VarError::NotPresent);
        SealKeys::from_variables(text, file.map(|path| path.as_os_str().to_owned()))
    }

    /// A file with this text, for a test of this name.
    fn file(name: &str, text: impl AsRef<[u8]>) -> std::path::PathBuf {
        let name = format!("mcp-core-keys-{name}-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    #[test]
    fn a_variable_that_holds_no_keys_is_named_with_the_way_to_make_one() {
        for value in [Err(VarError::NotUnicode("x".into())), Ok("x".into())] {
            let error = SealKeys::from_variables(value, None).unwrap_err();
            for part in [
                "`MCP_SEAL_KEYS`",
                "k2:<key>,k1:<key>",
                "openssl rand -base64 32",
            ] {
                assert!(error.to_string().contains(part), "{error}");
            }
        }
        assert!(env(Some(&format!("k1:{A}\n")), None).unwrap().is_some());
    }

    #[test]
    fn without_both_variables_there_are_no_keys_and_empty_ones_count_as_missing() {
        assert!(env(None, None).unwrap().is_none());
        assert!(env(Some(""), Some(Path::new(""))).unwrap().is_none());
    }

    #[test]
    fn keys_come_from_the_file_that_is_named() {
        let path = file("named", format!("k2:{A},\n k1:{B}\n"));
        for text in [None, Some("")] {
            let keys = env(text, Some(&path)).unwrap().unwrap();
            assert_eq!(keys.sealing().unwrap().0, "k2");
        }
        // Nobody can tell which of the two would count.
        let error = env(Some(&format!("k1:{A}")), Some(&path)).unwrap_err();
        let said = error.to_string();
        assert!(said.contains("`MCP_SEAL_KEYS` is set as well"), "{said}");
        assert!(!said.contains(&A[..4]), "{said}");
        std::fs::remove_file(path).unwrap();
    }

    #[test]
    fn a_file_that_holds_no_keys_is_named_and_not_repeated() {
        let missing = file("missing", "");
        std::fs::remove_file(&missing).unwrap();
        let short = file("short", "k1:c2VjcmV0");
        let bytes = file("bytes", [0xff, 0xfe]);
        for (path, says) in [
            (&missing, "No such file"),
            (&short, "key 1 is not the base64 of 32 bytes; write"),
            (&bytes, "UTF-8"),
        ] {
            let error = env(None, Some(path)).unwrap_err().to_string();
            assert!(error.contains("`MCP_SEAL_KEYS_FILE`"), "{error}");
            assert!(error.contains(&*path.to_string_lossy()), "{error}");
            assert!(error.contains(says), "{error}");
            assert!(!error.contains("c2Vj"), "{error}");
        }
        std::fs::remove_file(short).unwrap();
        std::fs::remove_file(bytes).unwrap();
    }

    #[test]
    fn a_file_of_4096_bytes_is_read_and_one_of_4097_is_refused() {
        let key = format!("k1:{A}");
        for (length, taken) in [(MAX_FILE, true), (MAX_FILE + 1, false)] {
            let path = file("long", format!("{key:length$}"));
            let keys = SealKeys::from_file(&path);
            assert_eq!(keys.is_ok(), taken, "{length}: {keys:?}");
            std::fs::remove_file(path).unwrap();
        }
        // However long it is, no more than that is read.
        #[cfg(unix)]
        assert!(SealKeys::from_file("/dev/zero").is_err());
    }

    #[test]
    fn every_process_key_is_another_one() {
        let keys = [
            SealKeys::single_process().unwrap(),
            SealKeys::single_process().unwrap(),
        ];
        assert_ne!(keys[0].sealing(), keys[1].sealing());
    }
}
