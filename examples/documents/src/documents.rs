//! The documents, wherever they are: in the program, or in a bucket of Amazon S3.
//!
//! The tools do not know which. What a key may be, and how large a document, is decided here for both.

use std::env::{self, VarError};

use mcp_core::{Error, HostError, Result};

#[cfg(feature = "s3")]
use crate::bucket::{Bucket, BucketError as SourceError};
use crate::embedded::Embedded;
use crate::names::Names;
use crate::reading::Document;
use crate::tools::Entry;
use crate::{media, resources};

/// Why a source did not answer: what is in the program always does.
#[cfg(not(feature = "s3"))]
type SourceError = std::convert::Infallible;

/// The most bytes of a document that is read. Lambda takes 6 MB of a reply, in which bytes are a third more.
pub(crate) const MAX_BYTES: usize = 1024 * 1024;

/// How often a source is asked for one page: more than once only where nothing that it names is a document.
const MAX_LISTINGS: usize = 10;

/// All documents that clients may read.
pub(crate) struct Documents {
    names: Names,
    source: Source,
}

/// Where documents are.
pub(crate) enum Source {
    /// In the program.
    Embedded(Embedded),
    /// In a bucket.
    #[cfg(feature = "s3")]
    Bucket(Bucket),
}

/// An object of a source.
pub(crate) struct Object {
    /// Its name, prefix included.
    pub name: String,
    /// Its size.
    pub bytes: u64,
}

/// Some objects of a source, in the order of their names.
pub(crate) struct Chunk {
    pub objects: Vec<Object>,
    /// Whether there are more after these.
    pub more: bool,
}

/// What a source has under a name.
pub(crate) enum Found {
    /// At most `MAX_BYTES`.
    Bytes(Vec<u8>),
    /// More than that.
    TooLarge,
    Nothing,
}

/// Some documents, in the order of their keys.
pub(crate) struct Listing {
    pub entries: Vec<Entry>,
    /// Whether there are more after these.
    pub more: bool,
}

impl Documents {
    /// The documents below this prefix of a source.
    pub(crate) fn new(prefix: &str, source: Source) -> Result<Self, HostError> {
        let names = Names::new(prefix)?;
        Ok(Self { names, source })
    }

    /// Those of the bucket that `DOCUMENTS_BUCKET` names. Where it is not set, those of the program.
    pub(crate) async fn from_env() -> Result<Self, HostError> {
        let prefix = variable("DOCUMENTS_PREFIX")?.unwrap_or_default();
        let source = match variable("DOCUMENTS_BUCKET")? {
            Some(bucket) => Source::bucket(&bucket).await?,
            None => Source::Embedded(Embedded::example()),
        };
        let documents = Self::new(&prefix, source)?;
        // A server that cannot serve says so at its start, not at its first call.
        documents.source.list(&prefix, None).await?;
        Ok(documents)
    }

    /// The documents of a folder, and of the folders in it, after this key.
    pub(crate) async fn list(&self, folder: &str, after: Option<&str>) -> Result<Listing> {
        let Some(folder) = self.names.of_folder(folder) else {
            let error = format!("no folder `{folder}`: name one as `handbook/travel`");
            return Err(Error::new(error));
        };
        let mut after = after.and_then(|key| self.names.of_key(key));
        for _ in 0..MAX_LISTINGS {
            let Chunk { objects, more } = self.source.list(&folder, after.as_deref()).await?;
            let entries: Vec<_> = objects.iter().filter_map(|it| self.entry(it)).collect();
            if !(entries.is_empty() && more) {
                return Ok(Listing { entries, more });
            }
            after = objects.into_iter().next_back().map(|object| object.name);
        }
        Err(Error::new(
            "too many folders without documents come first: name a `folder` that has some",
        ))
    }

    fn entry(&self, object: &Object) -> Option<Entry> {
        let key = self.names.key(&object.name)?;
        Some(Entry {
            key: key.to_owned(),
            uri: resources::uri(key),
            bytes: object.bytes,
            mime_type: media::of(key).map(|media| media.mime_type),
        })
    }

    /// The document with this key.
    pub(crate) async fn read(&self, key: &str) -> Result<Document> {
        let found = match self.names.of_key(key) {
            Some(name) => self.source.read(&name).await?,
            None => Found::Nothing,
        };
        match found {
            Found::Bytes(bytes) => Ok(Document::new(key, bytes)),
            Found::TooLarge => Err(Error::new(format!(
                "`{key}` has more than {MAX_BYTES} bytes, which is too much to read here"
            ))),
            Found::Nothing => Err(Error::not_found(format!(
                "no document `{key}`: `list_documents` has the keys that there are"
            ))),
        }
    }
}

/// What the environment says. What cannot be read is not taken for unset, which would mean everything.
fn variable(name: &str) -> Result<Option<String>, HostError> {
    match env::var(name) {
        Ok(value) => Ok(Some(value)),
        Err(VarError::NotPresent) => Ok(None),
        Err(error) => Err(HostError::new(format!("`{name}`: {error}"))),
    }
}

#[cfg_attr(
    not(feature = "s3"),
    allow(
        clippy::unused_async,
        clippy::unnecessary_wraps,
        reason = "a bucket takes time and can fail"
    )
)]
impl Source {
    #[cfg(feature = "s3")]
    async fn bucket(name: &str) -> Result<Self, HostError> {
        Ok(Self::Bucket(Bucket::from_env(name).await))
    }

    // Nothing else is served in its place: whoever set the variable means the bucket.
    #[cfg(not(feature = "s3"))]
    async fn bucket(_: &str) -> Result<Self, HostError> {
        Err(HostError::new(
            "`DOCUMENTS_BUCKET` is set, and this program was built without the feature `s3`: build it with \
             `--features s3`, or leave the variable unset to serve the documents of the example",
        ))
    }

    /// Some of the objects whose names begin like this and come after that one.
    async fn list(&self, prefix: &str, after: Option<&str>) -> Result<Chunk, SourceError> {
        match self {
            Self::Embedded(embedded) => Ok(embedded.list(prefix, after)),
            #[cfg(feature = "s3")]
            Self::Bucket(bucket) => bucket.list(prefix, after).await,
        }
    }

    /// What has this name.
    async fn read(&self, name: &str) -> Result<Found, SourceError> {
        match self {
            Self::Embedded(embedded) => Ok(embedded.read(name)),
            #[cfg(feature = "s3")]
            Self::Bucket(bucket) => bucket.read(name).await,
        }
    }
}
