//! Documents in the program: those of the directory `data`, as they were when it was built.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Bound;

use crate::documents::{Chunk, Found, MAX_BYTES, Object};

/// The most objects of one chunk, as in Amazon S3.
pub(crate) const CHUNK: usize = 1_000;

/// Files of `data`.
macro_rules! embed {
    ($($name:literal)+) => {
        [$(($name, include_bytes!(concat!("../data/", $name)).as_slice())),+]
    };
}

const EXAMPLE: [(&str, &[u8]); 6] = embed! {
    "handbook/expenses.md"
    "handbook/remote-work.md"
    "handbook/seating.png"
    "policies/retention.txt"
    "products/prices.csv"
    "products/x200.json"
};

/// Documents, by their names.
pub(crate) struct Embedded(BTreeMap<Cow<'static, str>, Cow<'static, [u8]>>);

impl Embedded {
    /// Those of the example.
    pub(crate) fn example() -> Self {
        let files = EXAMPLE.into_iter();
        Self(
            files
                .map(|(name, bytes)| (name.into(), bytes.into()))
                .collect(),
        )
    }

    /// Made up ones.
    #[cfg(test)]
    pub(crate) fn of(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Self {
        let files = files.into_iter();
        Self(
            files
                .map(|(name, bytes)| (name.into(), bytes.into()))
                .collect(),
        )
    }

    /// Some of those whose names begin like this and come after that one.
    pub(crate) fn list(&self, prefix: &str, after: Option<&str>) -> Chunk {
        let start = match after {
            Some(after) if after > prefix => Bound::Excluded(after),
            _ => Bound::Included(prefix),
        };
        let found = self.0.range::<str, _>((start, Bound::Unbounded));
        let mut found = found.take_while(|(name, _)| name.starts_with(prefix));
        let objects = found.by_ref().take(CHUNK).map(|(name, bytes)| Object {
            name: name.clone().into_owned(),
            bytes: bytes.len() as u64,
        });
        Chunk {
            objects: objects.collect(),
            more: found.next().is_some(),
        }
    }

    /// What has this name.
    pub(crate) fn read(&self, name: &str) -> Found {
        match self.0.get(name) {
            Some(bytes) if bytes.len() > MAX_BYTES => Found::TooLarge,
            Some(bytes) => Found::Bytes(bytes.clone().into_owned()),
            None => Found::Nothing,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::EXAMPLE;

    #[test]
    fn all_files_of_the_directory_are_in_the_program() {
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
        let mut files = Vec::new();
        for folder in fs::read_dir(&data).unwrap() {
            for file in fs::read_dir(folder.unwrap().path()).unwrap() {
                let file = file.unwrap().path();
                let name = file.strip_prefix(&data).unwrap().to_str().unwrap();
                files.push((name.replace('\\', "/"), fs::read(&file).unwrap()));
            }
        }
        files.sort();
        let embedded = EXAMPLE.map(|(name, bytes)| (name.to_owned(), bytes.to_vec()));
        assert_eq!(files, embedded);
    }
}
