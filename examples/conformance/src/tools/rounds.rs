//! Tools whose calls go through rounds: questions one after the other, several at once, only those
//! that the client can answer. What is known travels with the client, sealed.

use mcp_core::{Answer, Context, Result, Root, Sampling, tool};

use super::forms::{Color, Confirmation, Name};

/// Asks for a name.
#[tool]
pub(crate) async fn test_input_required_result_elicitation(cx: &Context) -> Result<String> {
    let answer = cx.elicit::<Name>("user_name", "What is your name?").await?;
    Ok(greeting(answer))
}

/// Asks the client's model a question.
#[tool]
pub(crate) async fn test_input_required_result_sampling(cx: &Context) -> Result<String> {
    let wanted = Sampling::new(100).user("What is the capital of France?");
    let sampled = cx.sample("capital_question", wanted).await?;
    Ok(sampled.text().unwrap_or("no answer").to_owned())
}

/// Asks where the client works.
#[tool]
pub(crate) async fn test_input_required_result_list_roots(cx: &Context) -> Result<String> {
    let roots = cx.list_roots("client_roots").await?;
    let uris: Vec<&str> = roots.iter().map(Root::uri).collect();
    Ok(format!("The client works in: {}", uris.join(", ")))
}

/// Asks for a confirmation, and comes to its end only with the state that it left with the client.
#[tool]
pub(crate) async fn test_input_required_result_request_state(cx: &Context) -> Result<String> {
    let answer = cx
        .elicit::<Confirmation>("confirm", "Please confirm.")
        .await?;
    let confirmed = matches!(answer, Answer::Accepted(Confirmation { ok: true }));
    Ok(format!("state-ok, confirmed: {confirmed}"))
}

/// Asks the user, the client's model and the client at the same time.
#[tool]
pub(crate) async fn test_input_required_result_multiple_inputs(cx: &Context) -> Result<String> {
    // Asked before the first one is awaited, so the client gets all three in one round.
    let name = cx.elicit::<Name>("user_name", "What is your name?");
    let words = cx.sample("greeting", Sampling::new(50).user("Generate a greeting."));
    let roots = cx.list_roots("client_roots");
    let (name, words, roots) = (name.await?, words.await?, roots.await?);
    let words = words.text().unwrap_or_default();
    Ok(format!(
        "{} {words} Roots: {}.",
        greeting(name),
        roots.len()
    ))
}

/// Asks a second question when the first is answered.
#[tool]
pub(crate) async fn test_input_required_result_multi_round(cx: &Context) -> Result<String> {
    let name = cx
        .elicit::<Name>("step1", "Step 1: What is your name?")
        .await?;
    let color = cx
        .elicit::<Color>("step2", "Step 2: What is your favorite color?")
        .await?;
    let color = color
        .accepted()
        .map_or_else(|| "none".to_owned(), |it| it.color);
    Ok(format!("{} Your color: {color}.", greeting(name)))
}

/// Asks for a confirmation. A state that is not the one it left with the client never gets here.
#[tool]
pub(crate) async fn test_input_required_result_tampered_state(cx: &Context) -> Result<String> {
    let answer = cx
        .elicit::<Confirmation>("confirm", "Please confirm.")
        .await?;
    Ok(format!(
        "Confirmed: {}",
        answer.accepted().is_some_and(|it| it.ok)
    ))
}

/// Asks for a greeting, and for a name only where the client can show a form.
#[tool]
pub(crate) async fn test_input_required_result_capabilities(cx: &Context) -> Result<String> {
    let name = cx.elicit::<Name>("user_name", "What is your name?");
    let words = cx.sample("greeting", Sampling::new(50).user("Generate a greeting."));
    let words = words.await?;
    // The error of a client that cannot be asked; the tool does without the name.
    let name = name.await.unwrap_or(Answer::Declined);
    Ok(format!(
        "{} {}",
        greeting(name),
        words.text().unwrap_or_default()
    ))
}

fn greeting(name: Answer<Name>) -> String {
    match name.accepted() {
        Some(Name { name }) => format!("Hello, {name}!"),
        None => "Hello, whoever you are!".to_owned(),
    }
}
