//! How much of a result a model is given: counting tokens, and cutting text at the limit.

/// Counts the tokens of a text, for [`ServerBuilder::count_tokens`](crate::ServerBuilder::count_tokens).
///
/// Without one, a token is three bytes of UTF-8, the last of them begun ones included. Nobody knows the
/// model that will read a result, and tokenizers differ: English prose has about four bytes per
/// token, digits and JSON fewer.
///
/// A longer text must not have fewer tokens than its own beginning: where to cut is found by halving.
///
/// ```
/// use mcp_core::{CountTokens, Server, server_info};
///
/// /// As the models of our own see it.
/// struct Words;
///
/// impl CountTokens for Words {
///     fn count(&self, text: &str) -> usize {
///         text.split_whitespace().count()
///     }
/// }
///
/// assert!(Server::new(server_info!(), ()).count_tokens(Words).build().is_ok());
/// ```
pub trait CountTokens: Send + Sync + 'static {
    /// How many tokens the text has.
    fn count(&self, text: &str) -> usize;
}

/// Bytes of UTF-8 that are taken for one token.
const BYTES_PER_TOKEN: usize = 3;

/// The tokens that one result may have, and how they are counted.
#[derive(Clone, Copy)]
pub(crate) struct Budget<'a> {
    pub(crate) tokens: u32,
    pub(crate) counter: Option<&'a dyn CountTokens>,
}

impl Budget<'_> {
    /// How much a text weighs: bytes, or the tokens of the server's own counter.
    pub(crate) fn weight(&self, text: &str) -> usize {
        match self.counter {
            Some(counter) => counter.count(text),
            None => text.len(),
        }
    }

    /// The weight that fits.
    pub(crate) fn capacity(&self) -> usize {
        let tokens = usize::try_from(self.tokens).unwrap_or(usize::MAX);
        match self.counter {
            Some(_) => tokens,
            None => tokens.saturating_mul(BYTES_PER_TOKEN),
        }
    }

    pub(crate) fn fits(&self, text: &str) -> bool {
        self.weight(text) <= self.capacity()
    }

    /// How many tokens a weight is.
    pub(crate) fn tokens_of(&self, weight: usize) -> usize {
        match self.counter {
            Some(_) => weight,
            None => weight.div_ceil(BYTES_PER_TOKEN),
        }
    }

    /// The longest beginning of `text` of at most this weight, up to a whole character.
    pub(crate) fn start_of<'t>(&self, text: &'t str, weight: usize) -> &'t str {
        let start = |end: usize| {
            let mut end = end.min(text.len());
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            text.get(..end).unwrap_or_default()
        };
        let Some(counter) = self.counter else {
            return start(weight);
        };
        let (mut fits, mut too_long) = (0, text.len() + 1);
        while too_long - fits > 1 {
            let middle = fits + (too_long - fits) / 2;
            if counter.count(start(middle)) <= weight {
                fits = middle;
            } else {
                too_long = middle;
            }
        }
        start(fits)
    }

    /// Cuts a text to this weight, what it then says about the cut included. An empty text is left
    /// where not even that fits.
    pub(crate) fn cut(&self, text: &mut String, weight: usize) {
        let total = text.len();
        let room = weight.saturating_sub(self.weight(&self.marker(total, total)));
        let kept = self.start_of(text, room).len();
        text.truncate(kept);
        text.push_str(&self.marker(total - kept, total));
        if self.weight(text) > weight {
            text.clear();
        }
    }

    /// What stands in the place of the part of a text that is left out.
    fn marker(&self, left_out: usize, total: usize) -> String {
        let tokens = self.tokens;
        format!(
            "\n[Cut here: {left_out} of {total} bytes are left out, since a result has at most \
             {tokens} tokens. Ask for a smaller part to see the rest.]"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Characters;

    impl CountTokens for Characters {
        fn count(&self, text: &str) -> usize {
            text.chars().count()
        }
    }

    fn budgets() -> [Budget<'static>; 2] {
        let counter: Option<&'static dyn CountTokens> = Some(&Characters);
        [
            Budget {
                tokens: 100,
                counter: None,
            },
            Budget {
                tokens: 300,
                counter,
            },
        ]
    }

    #[test]
    fn n_bytes_fit_and_n_plus_one_do_not() {
        for budget in budgets() {
            for (length, fits) in [(299, true), (300, true), (301, false)] {
                assert_eq!(budget.fits(&"x".repeat(length)), fits, "{length}");
            }
        }
    }

    #[test]
    fn a_cut_text_fits_ends_with_a_whole_character_and_says_what_is_missing() {
        for budget in budgets() {
            for pad in 0..4 {
                let mut text = format!("{}{}", "x".repeat(pad), "ä😀".repeat(400));
                let total = text.len();
                budget.cut(&mut text, budget.capacity());
                assert!(budget.fits(&text), "{pad}");
                // As much as fits: one more of the longest characters would not.
                assert!(budget.weight(&text) + 12 > budget.capacity(), "{text}");
                let (kept, said) = text.split_once("\n[Cut here: ").unwrap();
                let left: usize = said.split(' ').next().unwrap().parse().unwrap();
                assert_eq!(kept.len() + left, total);
            }
        }
    }

    #[test]
    fn where_not_even_the_mark_fits_nothing_is_left() {
        let [budget, _] = budgets();
        let mut text = "x".repeat(1000);
        budget.cut(&mut text, 20);
        assert_eq!(text, "");
    }
}
