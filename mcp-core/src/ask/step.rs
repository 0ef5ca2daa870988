//! Work that is not done again when a function runs again.

use serde_core::Serialize;
use serde_core::de::DeserializeOwned;

use crate::context::Context;
use crate::error::{Result, ToolFailure};

impl Context {
    /// Does something and remembers the result for later rounds of this call: the function that runs
    /// again after a question gets the result and does not do it a second time.
    ///
    /// Feature `seal`.
    ///
    /// *At least once*: the result travels with the client in a sealed state, so a client that sends
    /// the request before last again makes it happen again. Where that must not be, hand
    /// [`Context::idempotency_key`] on, or mark the tool `single_use`. `key` tells the steps of one
    /// call apart. What all steps and answers hold must fit into 12 KiB or so.
    ///
    /// ```
    /// use mcp_core::{Context, Error, Result};
    ///
    /// async fn reserve() -> Result<u32, std::io::Error> {
    ///     Ok(17)
    /// }
    ///
    /// async fn book(cx: &Context) -> Result<u32> {
    ///     let seat = cx.step("seat", reserve()).await?;
    ///     // questions that come now do not reserve another seat
    ///     Ok(seat)
    /// }
    /// # let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    /// # assert_eq!(runtime.block_on(book(&Context::for_tests())).unwrap(), 17);
    /// ```
    ///
    /// # Errors
    ///
    /// What the future fails with, which is not remembered. The result cannot be written as JSON, or
    /// read back (a private error).
    pub async fn step<T, E, F>(&self, key: &str, work: F) -> Result<T>
    where
        T: Serialize + DeserializeOwned,
        E: ToolFailure,
        F: Future<Output = Result<T, E>>,
    {
        if let Some(known) = self.asking.resumed.step(key) {
            return Ok(T::deserialize(known)?);
        }
        let value = work.await.map_err(ToolFailure::into_error)?;
        let json = serde_json::to_value(&value)?;
        self.asking.said().steps.insert(key.to_owned(), json);
        Ok(value)
    }
}
