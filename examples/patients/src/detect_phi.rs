//! Takes out what Amazon Comprehend Medical calls protected health information ([DetectPHI]).
//!
//! The service reads English only, fewer than 20,000 bytes at a time, and says where something stands in
//! code points.
//!
//! [DetectPHI]: https://docs.aws.amazon.com/comprehend-medical/latest/api/API_DetectPHI.html

use std::ops::Range;
use std::pin::Pin;
use std::time::Duration;

use aws_config::BehaviorVersion;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_comprehendmedical::Client;
use mcp_core::redact::Redactor;
use mcp_core::{Error, Result};

use crate::chunks::{self, Chunk, Found};

/// The bytes that the service takes at a time; the documentation says fewer than 20,000.
const LIMIT: usize = 19_999;

/// Bytes that are shown twice where a text is cut. No name or address is longer.
const OVERLAP: usize = 256;

/// The most questions for one result, so that nobody waits for ever and the bill is known.
const MAX_CHUNKS: usize = 16;

/// How long one answer may take, tries included.
const TIMEOUT: Duration = Duration::from_secs(10);

/// A redactor that asks Amazon Comprehend Medical.
pub(crate) struct DetectPhi {
    client: Client,
}

impl DetectPhi {
    /// For the region and the credentials of the environment.
    pub(crate) async fn from_env() -> Self {
        let timeouts = TimeoutConfig::builder().operation_timeout(TIMEOUT).build();
        let config = aws_config::defaults(BehaviorVersion::latest()).timeout_config(timeouts);
        Self::new(Client::new(&config.load().await))
    }

    /// With this client.
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// What was found in a chunk, with its type. Everything counts, however sure the service is.
    async fn detect(&self, chunk: &Chunk) -> Result<Vec<(Found, String)>> {
        let found = self.client.detect_phi().text(&chunk.text).send().await?;
        if found.pagination_token().is_some() {
            return Err(Error::private(
                "the answer of Comprehend Medical is not all there is",
            ));
        }
        let mut places = Vec::new();
        for entity in found.entities() {
            let place = characters(entity.begin_offset(), entity.end_offset());
            let Some(found) = place.and_then(|place| chunk.locate(place)) else {
                let cause = "Comprehend Medical names a place that is not in the text";
                return Err(Error::private(cause));
            };
            let kind = entity.r#type().map_or("PHI", |kind| kind.as_str());
            places.extend(found.into_iter().map(|found| (found, format!("[{kind}]"))));
        }
        Ok(places)
    }
}

fn characters(begin: Option<i32>, end: Option<i32>) -> Option<Range<usize>> {
    Some(usize::try_from(begin?).ok()?..usize::try_from(end?).ok()?)
}

impl Redactor for DetectPhi {
    fn redact<'t>(
        &'t self,
        texts: &'t mut [String],
    ) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 't>> {
        Box::pin(async move {
            let chunks = chunks::of(texts, LIMIT, OVERLAP);
            if chunks.len() > MAX_CHUNKS {
                return Err(Error::new(
                    "The result is too long to be checked for what must not be shown. Ask for less.",
                ));
            }
            let mut places = Vec::new();
            for chunk in &chunks {
                places.extend(self.detect(chunk).await?);
            }
            for (index, text) in texts.iter_mut().enumerate() {
                let own = places.iter().filter(|(found, _)| found.text == index);
                replace(
                    text,
                    own.map(|(found, mark)| (found.at.clone(), mark.as_str())),
                );
            }
            Ok(())
        })
    }
}

/// Puts marks in these places. What overlaps is one.
fn replace<'m>(text: &mut String, places: impl Iterator<Item = (Range<usize>, &'m str)>) {
    let mut places: Vec<_> = places.collect();
    places.sort_by_key(|(at, _)| (at.start, at.end));
    let mut out = String::with_capacity(text.len());
    let mut end = 0;
    for (at, mark) in places {
        if at.start >= end {
            out.push_str(text.get(end..at.start).unwrap_or_default());
            out.push_str(mark);
        }
        end = end.max(at.end);
    }
    out.push_str(text.get(end..).unwrap_or_default());
    *text = out;
}

#[cfg(test)]
mod tests;
