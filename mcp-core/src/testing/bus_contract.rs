//! What every [`EventBus`] has to keep to, as a test.

use std::time::Duration;

use super::single_use_contract::random_id;
use crate::bus::{EventBus, Events, Heard};

/// How long an event may take from one instance to the other.
const PATIENCE: Duration = Duration::from_secs(10);

/// Events that are sent one after the other.
const BURST: u32 = 200;

/// Tests an implementation of [`EventBus`] over two connections to one bus: what one publishes, all
/// that listen hear, whole and in order, whatever bytes it has, and who listens no more disturbs
/// nobody.
///
/// Events of others are passed over, so a bus may be tested that others use. It needs a tokio runtime
/// with timers. What happens when the bus is away is for you to test: that listeners go on by
/// themselves and hear of a gap.
///
/// ```
/// use mcp_core::LocalBus;
/// use mcp_core::testing::check_event_bus;
///
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
/// # runtime.block_on(async {
/// let bus = LocalBus::new();
/// check_event_bus(&bus, &bus.clone()).await.unwrap();
/// # });
/// ```
///
/// # Errors
///
/// What the bus got wrong.
pub async fn check_event_bus(one: &dyn EventBus, other: &dyn EventBus) -> Result<(), String> {
    let mark = random_id();
    let mut at_one = one.listen();
    let mut at_other = other.listen();
    // A bus may take a while until it carries for a new listener.
    connect(one, &mut *at_other, &mark).await?;
    connect(other, &mut *at_one, &mark).await?;

    let mut every_byte: Vec<u8> = (0..=255).collect();
    every_byte.extend_from_slice(b"\r\n\0$-1\r\n");
    let large = vec![b'x'; 1024 * 1024];
    for (what, body) in [
        ("an empty event", &[][..]),
        ("an event of all bytes", &every_byte),
        ("an event of 1 MiB", &large),
    ] {
        publish(one, &event(&mark, body)).await?;
        expect(&mut *at_other, &mark, body, what).await?;
    }

    for number in 0..BURST {
        publish(one, &event(&mark, &number.to_be_bytes())).await?;
    }
    for number in 0..BURST {
        let what = format!("event {number} of {BURST} in a row");
        expect(&mut *at_other, &mark, &number.to_be_bytes(), &what).await?;
    }

    drop(at_one);
    let mut late = other.listen();
    connect(one, &mut *late, &mark).await?;
    publish(one, &event(&mark, b"last")).await?;
    expect(&mut *late, &mark, b"last", "an event for a later listener").await?;
    expect(
        &mut *at_other,
        &mark,
        b"last",
        "an event after another listener ended",
    )
    .await
}

/// An event that is told from those of others.
fn event(mark: &[u8; 16], body: &[u8]) -> Vec<u8> {
    [&mark[..], body].concat()
}

async fn publish(bus: &dyn EventBus, event: &[u8]) -> Result<(), String> {
    let published = tokio::time::timeout(PATIENCE, bus.publish(event)).await;
    match published {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(format!("the bus does not take an event: {error}")),
        Err(_) => Err(format!("the bus does not take an event in {PATIENCE:?}")),
    }
}

/// The next event of ours.
async fn next(events: &mut dyn Events, mark: &[u8; 16], what: &str) -> Result<Vec<u8>, String> {
    let ours = async {
        loop {
            match events.next().await {
                Heard::Event(event) => {
                    if let Some(body) = event.strip_prefix(&mark[..]) {
                        return Ok(body.to_vec());
                    }
                }
                Heard::Gap => return Err(format!("a gap instead of {what}")),
            }
        }
    };
    let late = |_| Err(format!("{what} is not heard in {PATIENCE:?}"));
    tokio::time::timeout(PATIENCE, ours)
        .await
        .unwrap_or_else(late)
}

/// What says that a listener is connected.
const HELLO: &[u8] = b"hello";

/// Calls until the listener hears, and lets it hear the rest of the calls.
async fn connect(
    bus: &dyn EventBus,
    events: &mut dyn Events,
    mark: &[u8; 16],
) -> Result<(), String> {
    let called = async {
        loop {
            publish(bus, &event(mark, HELLO)).await?;
            let ours = next(events, mark, "a first event");
            let heard = tokio::time::timeout(Duration::from_millis(100), ours).await;
            if matches!(heard, Ok(Ok(body)) if body == HELLO) {
                return Ok::<_, String>(());
            }
            // What is heard at once, and is something else, must not keep the time from passing.
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    let late = |_| Err(format!("a listener hears nothing for {PATIENCE:?}"));
    tokio::time::timeout(PATIENCE, called)
        .await
        .unwrap_or_else(late)
}

async fn expect(
    events: &mut dyn Events,
    mark: &[u8; 16],
    body: &[u8],
    what: &str,
) -> Result<(), String> {
    loop {
        let heard = next(events, mark, what).await?;
        if heard == body {
            return Ok(());
        }
        // Of the calls before.
        if heard != HELLO {
            return Err(format!("something else is heard than {what}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::pin::Pin;

    use super::*;
    use crate::bus::{BusError, LocalBus};

    #[tokio::test]
    async fn the_local_bus_keeps_to_the_contract() {
        let bus = LocalBus::new();
        assert_eq!(check_event_bus(&bus, &bus.clone()).await, Ok(()));
    }

    #[tokio::test(start_paused = true)]
    async fn two_buses_are_not_one() {
        let error = check_event_bus(&LocalBus::new(), &LocalBus::new()).await;
        assert!(error.unwrap_err().contains("hears nothing"));
    }

    /// Changes what it carries.
    struct Wrong(LocalBus, fn(&[u8]) -> Vec<u8>);

    impl EventBus for Wrong {
        fn publish<'b>(
            &'b self,
            event: &'b [u8],
        ) -> Pin<Box<dyn Future<Output = Result<(), BusError>> + Send + 'b>> {
            let changed = (self.1)(event);
            Box::pin(async move { self.0.publish(&changed).await })
        }

        fn listen(&self) -> Box<dyn Events> {
            self.0.listen()
        }
    }

    #[tokio::test(start_paused = true)]
    async fn every_mistake_of_a_bus_is_found() {
        let cuts: fn(&[u8]) -> Vec<u8> = |event| event.iter().take(1000).copied().collect();
        let as_text: fn(&[u8]) -> Vec<u8> = |event| {
            // Not in the mark, which tells the events from those of others.
            let (mark, body) = event.split_at(16);
            let body = body
                .iter()
                .map(|byte| if *byte == b'\n' { b' ' } else { *byte });
            mark.iter().copied().chain(body).collect()
        };
        for (mistake, what) in [(cuts, "1 MiB"), (as_text, "all bytes")] {
            let bus = Wrong(LocalBus::new(), mistake);
            let error = check_event_bus(&bus, &bus).await.unwrap_err();
            assert!(error.contains(what), "{error}");
        }
    }
}
