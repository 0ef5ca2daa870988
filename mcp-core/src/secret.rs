//! An argument that nobody but the function sees.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_core::de::{Deserialize, Deserializer};

use crate::schema::marks;

/// An argument that must never be recorded or echoed: a password, a key, a one-time code.
///
/// It is read as a `T` is. What this crate writes never holds it: when the argument is wrong, the model is
/// told so without the value, and audit records have neither the value nor a digest of it. `Debug` shows
/// nothing, and there is no `Display` or `Serialize`, so it cannot get into a log or a result by mistake,
/// only by [`Secret::expose`].
///
/// The model has seen the value, as has whatever stands between it and the server. A secret that a person
/// types belongs on a page of your own ([`Context::elicit_url`](crate::Context::elicit_url)).
///
/// ```
/// use mcp_core::{Secret, Server, server_info, tool, tools};
///
/// /// Opens the vault.
/// #[tool]
/// fn open_vault(
///     /// The code of today.
///     code: Secret<String>,
/// ) -> bool {
///     assert_eq!(format!("{code:?}"), "Secret");
///     code.expose() == "2-4-6-8"
/// }
///
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// # let server = Server::new(server_info!(), ()).tools(tools![open_vault]).build().unwrap();
/// # let client = mcp_core::testing::Client::new(&server);
/// let wrong = client.call("open_vault", serde_json::json!({"code": 2468})).await;
/// assert_eq!(wrong["isError"], true);
/// assert!(!wrong.to_string().contains("2468"));
/// # });
/// ```
#[derive(Clone)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    /// A secret, for tests of a tool.
    ///
    /// ```
    /// # use mcp_core::Secret;
    /// let code = Secret::new("2-4-6-8".to_owned());
    /// assert_eq!(code.into_inner(), "2-4-6-8");
    /// ```
    pub fn new(value: T) -> Self {
        Self(value)
    }

    /// The value, to be used and not to be kept. Example: [`Secret`].
    pub fn expose(&self) -> &T {
        &self.0
    }

    /// The value, owned. Example: [`Secret::new`].
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Secret<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        T::deserialize(from).map(Self)
    }
}

impl<T: JsonSchema> JsonSchema for Secret<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = T::json_schema(generator);
        schema.insert(marks::SECRET.to_owned(), true.into());
        schema
    }
}
