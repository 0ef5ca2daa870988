//! Where a page of orders ends, as text the client hands back.

use std::fmt;

use crate::records::OrderSummary;

/// A place in the list of orders: just after the order with this day and number.
///
/// Written as `2026-10-30/O-20728`. The text is neither sealed nor signed, because it carries no
/// secret and grants nothing: whoever forges one names another place of a list they may read from
/// the top anyway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Position<'a> {
    /// Day of the last order seen, as `YYYY-MM-DD`.
    pub placed_on: &'a str,
    /// Number of the last order seen, which tells apart orders of one day.
    pub order_id: &'a str,
}

impl<'a> Position<'a> {
    /// Reads what [`Display`](fmt::Display) wrote; anything else is `None`.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        let (placed_on, order_id) = text.split_once('/')?;
        let number = order_id.strip_prefix("O-")?;
        let known = is_day(placed_on)
            && !number.is_empty()
            && number.bytes().all(|byte| byte.is_ascii_digit());
        known.then_some(Self {
            placed_on,
            order_id,
        })
    }

    /// The place just after `order`.
    pub(crate) fn after(order: &'a OrderSummary) -> Self {
        Self {
            placed_on: &order.placed_on,
            order_id: &order.order_id,
        }
    }
}

impl fmt::Display for Position<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.placed_on, self.order_id)
    }
}

/// Whether `text` has the shape `YYYY-MM-DD`. Days compare as text, so one that no calendar has
/// does no harm.
fn is_day(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

#[cfg(test)]
mod tests {
    use super::Position;

    #[test]
    fn reads_what_it_wrote() {
        let position = Position {
            placed_on: "2026-10-30",
            order_id: "O-20728",
        };
        assert_eq!(Position::parse(&position.to_string()), Some(position));
    }

    #[test]
    fn refuses_anything_else() {
        for text in [
            "",
            "/",
            "2026-10-30",
            "2026-10-30/",
            "2026-10-30/O-",
            "2026-10-30/20728",
            "2026-10-30/C-20728",
            "2026-10-30/O-20728 ",
            "2026-10-30/O-20728/",
            "2026/10/30/O-20728",
            "26-10-30/O-20728",
            "2026-10-3x/O-20728",
            "2026-10-3\u{e9}/O-20728",
        ] {
            assert_eq!(Position::parse(text), None, "{text:?}");
        }
    }
}
