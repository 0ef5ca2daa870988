//! Callers by bearer token: JSON Web Tokens of an `OAuth` or `OpenID` Connect issuer, verified here.
//!
//! Feature `jwt`.
//!
//! ```
//! use mcp_core::jwt::{Issuer, Jwks, TokenVerifier};
//! use mcp_core::{Caller, Server, server_info, tool, tools};
//!
//! /// What the caller earns.
//! #[tool(read_only, scopes("payroll:read"))]
//! fn my_salary(who: &Caller) -> String {
//!     format!("the salary of {}", who.subject())
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let jwks = r#"{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"1","alg":"EdDSA",
//! #     "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#;
//! let tokens = TokenVerifier::new([Issuer::cognito("eu-central-1_AbCdEf123")
//!     .keys(Jwks::parse(jwks)?)
//!     .allowed_clients(["1h57kf5cpq17m0eml12EXAMPLE"])
//!     .resource_server("https://payroll.example.com/mcp")])?;
//! let server = Server::new(server_info!(), ())
//!     .tools(tools![my_salary])
//!     .caller_source(tokens)
//!     .build()?;
//! # let _ = server;
//! # Ok(())
//! # }
//! ```
//!
//! A token has to be signed by a key of its issuer, with the algorithm of that key ([RFC 8725,
//! section 3.1]); its `exp`, `nbf` and `iss` are always checked, with 60 seconds for clocks that
//! differ; and it has to be meant for this server, which each kind of issuer says in its own way
//! ([`Issuer`]). Nothing that a token says about keys (`jwk`, `jku`, `x5u`) is followed. A token is used
//! to know the caller and goes nowhere else: it is not passed on to functions, logs or other services.
//!
//! [RFC 8725, section 3.1]: https://www.rfc-editor.org/rfc/rfc8725#section-3.1

mod claims;
mod issuer;
mod keys;
#[cfg(feature = "jwks")]
mod remote;
mod token;
mod verifier;

pub use issuer::Issuer;
pub use keys::{Jwks, JwksError};
pub use token::TokenError;
pub use verifier::{TokenVerifier, VerifierError};
