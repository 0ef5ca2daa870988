//! The tool, called by a client whose user can be asked.

use std::sync::Arc;

use mcp_core::HostError;
use serde_json::{Value, json};

use super::money;
use crate::records::RefundState;
use crate::testing::Desk;

/// An order of which nothing was paid back, whose it is and its worth in cents.
const ORDER: &str = "O-20001";
const CUSTOMER: &str = "sales://customers/C-1002/summary";
const WORTH: i64 = 13_361;
/// An order that was called off.
const CANCELLED: &str = "O-20032";

/// The first round: what the server asks, and the state that it leaves with the client.
async fn ask(desk: &Desk, order_id: &str, cents: i64) -> Value {
    let params = json!({
        "name": "refund_order",
        "arguments": {"order_id": order_id, "amount_cents": cents},
    });
    desk.ask("tools/call", params).await["result"].take()
}

/// The second round.
async fn answer(desk: &Desk, cents: i64, asked: &Value, approval: Value) -> Value {
    let params = json!({
        "name": "refund_order",
        "arguments": {"order_id": ORDER, "amount_cents": cents},
        "requestState": asked["requestState"],
        "inputResponses": {"approval": approval},
    });
    desk.ask("tools/call", params).await
}

fn refunded(desk: &Desk) -> Result<i64, HostError> {
    let refund = desk.db.refund(ORDER)?;
    Ok(refund.map_or(-1, |refund| refund.refunded_cents))
}

fn yes() -> Value {
    json!({"action": "accept", "content": {"approve": true}})
}

#[test]
fn amounts_are_read_out_with_two_digits_after_the_point() {
    for (cents, text) in [(1, "0.01"), (100, "1.00"), (13_361, "133.61")] {
        assert_eq!(money(cents), text);
    }
}

#[tokio::test]
async fn an_approved_refund_is_booked_once() -> Result<(), HostError> {
    let desk = Desk::new()?;
    let asked = ask(&desk, ORDER, 1250).await;
    let question = &asked["inputRequests"]["approval"]["params"];
    assert_eq!(
        question["message"], "Refund 12.50 for order O-20001?",
        "{asked}"
    );
    assert_eq!(question["requestedSchema"]["required"], json!(["approve"]));
    assert_eq!(refunded(&desk)?, 0);

    let paid = answer(&desk, 1250, &asked, yes()).await;
    let refund = &paid["result"]["structuredContent"];
    assert_eq!(refund["refunded_cents"], 1250, "{paid}");
    assert_eq!(refund["state"], "partial");

    let again = answer(&desk, 1250, &asked, yes()).await;
    assert_eq!(again["error"]["code"], -32602, "{again}");
    assert_eq!(refunded(&desk)?, 1250);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_state_that_is_sent_many_times_at_once_is_refunded_once() -> Result<(), HostError> {
    let desk = Arc::new(Desk::new()?);
    let asked = ask(&desk, ORDER, 1250).await;
    let resends: Vec<_> = (0..16)
        .map(|_| {
            let (desk, asked) = (Arc::clone(&desk), asked.clone());
            tokio::spawn(async move { answer(&desk, 1250, &asked, yes()).await })
        })
        .collect();
    let mut paid = 0;
    for resend in resends {
        let answer = resend.await?;
        if answer.get("result").is_some() {
            paid += 1;
        } else {
            assert_eq!(answer["error"]["code"], -32602, "{answer}");
        }
    }
    assert_eq!((paid, refunded(&desk)?), (1, 1250));
    Ok(())
}

#[tokio::test]
async fn nothing_is_paid_back_unless_the_user_approves() -> Result<(), HostError> {
    let desk = Desk::new()?;
    for no in [
        json!({"action": "decline"}),
        json!({"action": "cancel"}),
        json!({"action": "accept", "content": {"approve": false}}),
    ] {
        let asked = ask(&desk, ORDER, 1250).await;
        let refused = answer(&desk, 1250, &asked, no).await;
        assert_eq!(refused["result"]["isError"], true, "{refused}");
        assert_eq!(refunded(&desk)?, 0);
    }
    // An answer to another question is the client's mistake.
    let asked = ask(&desk, ORDER, 1250).await;
    let empty = json!({"action": "accept", "content": {}});
    let refused = answer(&desk, 1250, &asked, empty).await;
    assert_eq!(refused["error"]["code"], -32602, "{refused}");
    assert_eq!(refunded(&desk)?, 0);
    Ok(())
}

#[tokio::test]
async fn an_approval_is_for_one_amount() -> Result<(), HostError> {
    let desk = Desk::new()?;
    let asked = ask(&desk, ORDER, 1250).await;
    let refused = answer(&desk, 1251, &asked, yes()).await;
    assert_eq!(refused["error"]["code"], -32602, "{refused}");
    assert_eq!(refunded(&desk)?, 0);
    Ok(())
}

#[tokio::test]
async fn all_that_is_left_can_be_refunded_and_one_cent_more_is_not_asked_for()
-> Result<(), HostError> {
    let desk = Desk::new()?;
    let refused = ask(&desk, ORDER, WORTH + 1).await;
    assert_eq!(refused["isError"], true, "{refused}");
    let text = refused["content"][0]["text"].as_str().unwrap_or_default();
    assert!(text.contains("13361 cents are left"), "{text}");

    let asked = ask(&desk, ORDER, WORTH).await;
    let paid = answer(&desk, WORTH, &asked, yes()).await;
    assert_eq!(
        paid["result"]["structuredContent"]["state"], "full",
        "{paid}"
    );
    Ok(())
}

#[tokio::test]
async fn of_two_approved_refunds_the_one_that_is_too_much_is_refused() -> Result<(), HostError> {
    let desk = Desk::new()?;
    let first = ask(&desk, ORDER, WORTH).await;
    let second = ask(&desk, ORDER, WORTH).await;
    answer(&desk, WORTH, &first, yes()).await;
    let refused = answer(&desk, WORTH, &second, yes()).await;
    assert_eq!(refused["result"]["isError"], true, "{refused}");
    assert_eq!(refunded(&desk)?, WORTH);
    Ok(())
}

#[tokio::test]
async fn nobody_is_asked_about_an_order_that_is_not_there_or_was_called_off()
-> Result<(), HostError> {
    let desk = Desk::new()?;
    let state = desk.db.refund(CANCELLED)?.map(|refund| refund.state);
    assert_eq!(state, Some(RefundState::None));
    for order in ["O-1", CANCELLED] {
        let refused = ask(&desk, order, 1).await;
        assert_eq!(refused["isError"], true, "{refused}");
        let text = refused["content"][0]["text"].as_str().unwrap_or_default();
        assert!(text.contains(order), "{text}");
    }
    Ok(())
}

#[tokio::test]
async fn whoever_subscribed_to_the_customer_hears_of_the_refund() -> Result<(), HostError> {
    let desk = Desk::new()?;
    let asked = ask(&desk, ORDER, 1).await;
    let refund = async {
        answer(&desk, 1, &asked, yes()).await;
    };
    assert_eq!(desk.changes(CUSTOMER, refund).await, 1);
    assert_eq!(refunded(&desk)?, 1);
    Ok(())
}
