//! What documents are called: their keys, as clients have them, and their names in the source.
//!
//! A name is `DOCUMENTS_PREFIX` and a key. A key comes from a client, and what could lead elsewhere is no
//! key: a part between slashes that is empty, `.` or `..`. In a bucket these would lead nowhere, but what
//! reads its documents tomorrow may be a directory.

use mcp_core::HostError;

/// The longest name, in bytes ([object keys] of Amazon S3).
///
/// [object keys]: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
const MAX_NAME: usize = 1_024;

/// Names of the source that begin with one prefix.
pub(crate) struct Names {
    prefix: String,
}

impl Names {
    /// With this prefix: empty, or a folder with a slash at its end.
    pub(crate) fn new(prefix: &str) -> Result<Self, HostError> {
        // `public` would take in `public-not/plan.md` as well.
        let good = prefix.is_empty() || prefix.strip_suffix('/').is_some_and(is_key);
        if good && prefix.len() < MAX_NAME {
            return Ok(Self {
                prefix: prefix.to_owned(),
            });
        }
        Err(HostError::new(format!(
            "`DOCUMENTS_PREFIX` is `{prefix}`: it has to be a folder with a slash at its end and none at \
             its beginning, such as `public/`, or unset for everything"
        )))
    }

    /// The name of the document with this key, if it can be one.
    pub(crate) fn of_key(&self, key: &str) -> Option<String> {
        let name = format!("{}{key}", self.prefix);
        (is_key(key) && name.len() <= MAX_NAME).then_some(name)
    }

    /// What the names of all documents in a folder begin with, if it can be one.
    pub(crate) fn of_folder(&self, folder: &str) -> Option<String> {
        let folder = folder.strip_suffix('/').unwrap_or(folder);
        match folder {
            "" => Some(self.prefix.clone()),
            _ => self.of_key(folder).map(|name| name + "/"),
        }
    }

    /// The key that clients have for a name; none for what is not a document, such as the marker of an
    /// empty folder.
    pub(crate) fn key<'n>(&self, name: &'n str) -> Option<&'n str> {
        name.strip_prefix(&self.prefix).filter(|key| is_key(key))
    }
}

fn is_key(text: &str) -> bool {
    let mut parts = text.split('/');
    parts.all(|part| !matches!(part, "" | "." | "..")) && !text.contains(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What must not be a key.
    const NO_KEYS: [&str; 14] = [
        "",
        "/",
        ".",
        "..",
        "/a",
        "a/",
        "a//b",
        "../a",
        "a/..",
        "a/../../b",
        "a/./b",
        "a\0b",
        "a\nb",
        "a/\u{85}",
    ];

    #[test]
    fn a_key_stays_below_the_prefix() {
        for prefix in ["", "public/", "a/b/"] {
            let names = Names::new(prefix).unwrap();
            for key in NO_KEYS {
                assert_eq!(names.of_key(key), None, "{key:?}");
                assert_eq!(names.key(&format!("{prefix}{key}")), None, "{key:?}");
            }
            for key in ["a", "a/b.md", "...", "..a/b..", "a b/ü?#%2e", "\\..\\a"] {
                let name = names.of_key(key).unwrap();
                assert_eq!(name, format!("{prefix}{key}"));
                assert_eq!(names.key(&name), Some(key));
            }
        }
        let names = Names::new("public/").unwrap();
        assert_eq!(names.key("secret/a"), None);
    }

    #[test]
    fn a_folder_is_one_with_or_without_its_slash() {
        let names = Names::new("public/").unwrap();
        for all in ["", "/"] {
            assert_eq!(names.of_folder(all).as_deref(), Some("public/"));
        }
        for folder in ["a/b", "a/b/"] {
            assert_eq!(names.of_folder(folder).as_deref(), Some("public/a/b/"));
        }
        for folder in ["..", "../", "/a", "a//", "a/.."] {
            assert_eq!(names.of_folder(folder), None, "{folder}");
        }
    }

    #[test]
    fn a_name_has_1024_bytes_and_not_one_more() {
        let names = Names::new("public/").unwrap();
        let longest = "ü".repeat(508) + "x";
        assert_eq!(names.of_key(&longest).map(|name| name.len()), Some(1_024));
        assert_eq!(names.of_key(&(longest + "x")), None);
    }

    #[test]
    fn a_prefix_ends_with_a_slash() {
        for prefix in ["public", "/", "/public/", "a/../", "a//", "./"] {
            let error = Names::new(prefix).err().unwrap().to_string();
            assert!(error.contains("DOCUMENTS_PREFIX"), "{error}");
        }
    }
}
