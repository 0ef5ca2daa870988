//! Sales, over HTTP, for sellers who show a token, with rmcp: each sees and records their own.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{StatusCode, header::AUTHORIZATION, request::Parts};
use axum::middleware::{self, Next};
use axum::response::Response;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, jwk::JwkSet};
use mcp_side_by_side::Ledger;
use rmcp::handler::server::{tool::Extension, wrapper::Parameters};
use rmcp::transport::streamable_http_server::{
    StreamableHttpServerConfig, StreamableHttpService, session::local::LocalSessionManager,
};
use rmcp::{Json, schemars, tool, tool_router};

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct GetSalesParams {
    /// Customer number, as printed on the invoice.
    customer: String,
    /// How many months to look back.
    #[serde(default = "twelve")]
    #[schemars(range(min = 1, max = 60))]
    months: u32,
}

fn twelve() -> u32 {
    12
}

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct RecordSaleParams {
    /// Customer number, as printed on the invoice.
    customer: String,
    /// What the customer paid, in cents.
    cents: u64,
}

/// What a customer bought.
#[derive(serde::Serialize, schemars::JsonSchema)]
struct Sales {
    customer: String,
    months: u32,
    total_cents: u64,
}

#[derive(Clone)]
struct SalesServer {
    ledger: Arc<Ledger>,
}

#[tool_router(server_handler)]
impl SalesServer {
    /// Total of your sales to a customer.
    #[tool(annotations(read_only_hint = true))]
    fn get_sales(
        &self,
        Parameters(GetSalesParams { customer, months }): Parameters<GetSalesParams>,
        Extension(parts): Extension<Parts>,
    ) -> Result<Json<Sales>, String> {
        let who = caller(&parts)?;
        if !(1..=60).contains(&months) {
            return Err("`months` has to be within 1 and 60".to_owned());
        }
        let total = self.ledger.total(&who.sub, &customer, months);
        let total_cents = total.ok_or("you have no such customer")?;
        Ok(Json(Sales {
            customer,
            months,
            total_cents,
        }))
    }

    /// Records a sale of yours.
    #[tool]
    fn record_sale(
        &self,
        Parameters(RecordSaleParams { customer, cents }): Parameters<RecordSaleParams>,
        Extension(parts): Extension<Parts>,
    ) -> Result<String, String> {
        let who = caller(&parts)?;
        self.ledger.record(&who.sub, &customer, cents);
        Ok(format!("recorded {cents} cents of {customer}"))
    }
}

/// Who asks, as their token says.
#[derive(Clone, serde::Deserialize)]
struct Caller {
    sub: String,
}

fn caller(parts: &Parts) -> Result<&Caller, &'static str> {
    parts.extensions.get::<Caller>().ok_or("there is no caller")
}

struct Tokens {
    key: DecodingKey,
    rules: Validation,
}

impl Tokens {
    fn from_env() -> Result<Self, Box<dyn std::error::Error>> {
        let keys: JwkSet = serde_json::from_str(&std::env::var("MCP_JWKS")?)?;
        let mut rules = Validation::new(Algorithm::ES256);
        rules.set_issuer(&["https://id.example.com"]);
        rules.set_audience(&["sales"]);
        rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        let key = DecodingKey::from_jwk(keys.keys.first().ok_or("`MCP_JWKS` has no key")?)?;
        Ok(Self { key, rules })
    }
}

async fn authenticate(
    State(tokens): State<Arc<Tokens>>,
    mut request: Request,
    next: Next,
) -> Result<Response, StatusCode> {
    let header = request.headers().get(AUTHORIZATION);
    let header = header.and_then(|value| value.to_str().ok());
    let token = header.and_then(|value| value.strip_prefix("Bearer "));
    let token = token.ok_or(StatusCode::UNAUTHORIZED)?;
    let caller = decode::<Caller>(token, &tokens.key, &tokens.rules)
        .map_err(|_| StatusCode::UNAUTHORIZED)?
        .claims;
    request.extensions_mut().insert(caller);
    Ok(next.run(request).await)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let tokens = Arc::new(Tokens::from_env()?);
    let ledger = Arc::new(Ledger::default());
    let service = StreamableHttpService::new(
        move || {
            Ok(SalesServer {
                ledger: Arc::clone(&ledger),
            })
        },
        Arc::new(LocalSessionManager::default()),
        StreamableHttpServerConfig::default(),
    );
    let router = axum::Router::new()
        .nest_service("/mcp", service)
        .layer(middleware::from_fn_with_state(tokens, authenticate));
    let bind = std::env::var("MCP_BIND").unwrap_or_else(|_| "127.0.0.1:8000".to_owned());
    let listener = tokio::net::TcpListener::bind(bind).await?;
    let stopped = async { tokio::signal::ctrl_c().await.unwrap_or_default() };
    axum::serve(listener, router)
        .with_graceful_shutdown(stopped)
        .await?;
    Ok(())
}
