//! What the user is asked to fill in. A form is a struct: doc comments, defaults and attributes of
//! `schemars` become part of what the client shows.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Two texts, both required.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct Account {
    /// The user's name here.
    username: String,
    /// The user's email address.
    #[schemars(email)]
    email: String,
}

/// A field of each simple type, filled in beforehand.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct Profile {
    name: String,
    age: u32,
    score: f64,
    status: Status,
    verified: bool,
}

impl Default for Profile {
    fn default() -> Self {
        Self {
            name: "John Doe".to_owned(),
            age: 30,
            score: 95.5,
            status: Status::Active,
            verified: true,
        }
    }
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Status {
    Active,
    Inactive,
    Pending,
}

/// Every way to say that a field is one of several values, or some of them.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Choices {
    untitled_single: Untitled,
    titled_single: Titled,
    legacy_enum: Legacy,
    untitled_multi: Vec<Untitled>,
    titled_multi: Vec<Titled>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Untitled {
    Option1,
    Option2,
    Option3,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Titled {
    #[schemars(title = "First Option")]
    Value1,
    #[schemars(title = "Second Option")]
    Value2,
    #[schemars(title = "Third Option")]
    Value3,
}

/// Titles in the form that clients had before there was one in the standard.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(extend("enumNames" = ["Option One", "Option Two", "Option Three"]))]
enum Legacy {
    Opt1,
    Opt2,
    Opt3,
}

/// Who the user is.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct Name {
    pub name: String,
}

/// What the user likes.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct Color {
    pub color: String,
}

/// Whether to go on.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct Confirmation {
    pub ok: bool,
}

/// What a prompt should be about.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct Background {
    pub context: String,
}
