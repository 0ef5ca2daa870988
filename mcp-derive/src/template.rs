//! URI templates: the part of RFC 6570 that a resource can be found by.
//!
//! Literals, `{x}` for one segment and `{+x}` for text with slashes in it. Every URI then matches
//! in one way or not at all, which is why variables are kept apart and only one may span segments.

/// A template without mistakes.
#[derive(Debug)]
pub(crate) struct Template {
    /// The names of the variables, in the order of the template.
    pub(crate) variables: Vec<String>,
}

/// Characters that RFC 6570 does not allow between expressions.
const NOT_LITERAL: &str = " \"'<>\\^`|";

/// First characters of expressions that RFC 6570 gives a meaning, or keeps for one.
const OPERATORS: &str = "#./;?&=,!@|";

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    ///
    /// The first thing wrong with it, with its `help:` line.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        scheme(text)?;
        let mut variables: Vec<String> = Vec::new();
        let mut spans_segments = false;
        let mut rest = text;
        loop {
            let (literal, expression) = match rest.split_once('{') {
                Some((literal, expression)) => (literal, Some(expression)),
                None => (rest, None),
            };
            literal_text(literal)?;
            let Some(expression) = expression else {
                return Ok(Self { variables });
            };
            if literal.is_empty() && !variables.is_empty() {
                return Err(
                    "two variables touch, nothing says where one ends\nhelp: put text between \
                     them, such as `/`"
                        .to_owned(),
                );
            }
            let Some((inside, after)) = expression.split_once('}') else {
                return Err(format!(
                    "`{{{expression}` is not closed\nhelp: write `{{{}}}`",
                    expression.trim_end_matches(|c: char| !is_name(c))
                ));
            };
            let (name, reserved) = match inside.strip_prefix('+') {
                Some(name) => (name, true),
                None => (inside, false),
            };
            variable(name, inside)?;
            if reserved && spans_segments {
                return Err(format!(
                    "`{{+{name}}}` is a second variable that can hold `/`\nhelp: write `{{{name}}}`"
                ));
            }
            spans_segments |= reserved;
            if variables.iter().any(|known| known == name) {
                return Err(format!(
                    "`{{{name}}}` is in the template twice\nhelp: give one of them another name, \
                     and a parameter of its own"
                ));
            }
            variables.push(name.to_owned());
            rest = after;
        }
    }
}

/// The scheme of RFC 3986, which no variable can be part of.
fn scheme(text: &str) -> Result<(), String> {
    let scheme = text.split_once(':').map_or("", |(scheme, _)| scheme);
    let begins = scheme.starts_with(|c: char| c.is_ascii_alphabetic());
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    if begins && scheme.chars().all(fits) {
        return Ok(());
    }
    Err(
        "a resource needs a URI with a scheme\nhelp: begin with one, as in `sales://...`"
            .to_owned(),
    )
}

fn literal_text(literal: &str) -> Result<(), String> {
    if literal.contains('}') {
        return Err("`}` closes nothing\nhelp: remove it, or open a variable with `{`".to_owned());
    }
    let wrong = |c: char| !c.is_ascii() || c.is_ascii_control() || NOT_LITERAL.contains(c);
    if let Some(found) = literal.chars().find(|c| wrong(*c)) {
        let mut bytes = [0; 4];
        let mut encoded = String::new();
        for byte in found.encode_utf8(&mut bytes).bytes() {
            encoded.push_str(&format!("%{byte:02X}"));
        }
        // Where other frameworks have a variable.
        let named = literal
            .split_once('<')
            .and_then(|(_, rest)| rest.split_once('>'));
        let help = match named {
            Some((name, _)) if found == '<' && !name.is_empty() && name.chars().all(is_name) => {
                format!("write `{{{name}}}` for a variable, `{encoded}` for the sign itself")
            }
            _ => format!("write it as `{encoded}`"),
        };
        return Err(format!("a URI cannot contain {found:?}\nhelp: {help}"));
    }
    for (_, after) in literal
        .match_indices('%')
        .map(|(at, _)| literal.split_at(at))
    {
        let digits: Vec<char> = after.chars().skip(1).take(2).collect();
        if digits.len() < 2 || !digits.iter().all(char::is_ascii_hexdigit) {
            return Err(
                "`%` begins two hexadecimal digits in a URI\nhelp: write `%25` for the sign itself"
                    .to_owned(),
            );
        }
    }
    Ok(())
}

/// The characters of a variable's name.
fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '.')
}

/// One variable name; `inside` is all that stands between the braces.
fn variable(name: &str, inside: &str) -> Result<(), String> {
    if name.is_empty() {
        return Err(
            "a variable needs a name\nhelp: write the name of a parameter between the braces"
                .to_owned(),
        );
    }
    let word = inside.trim_matches(|c| !is_name(c) || c == '.');
    let word = word.split(|c| !is_name(c)).next().unwrap_or_default();
    let is_operator = |c: char| OPERATORS.contains(c) && !inside.starts_with('+');
    let modified = name.contains(['*', ':', ',']);
    if name.starts_with(is_operator) || modified {
        return Err(format!(
            "`{{{inside}}}` has a meaning that a resource cannot be found by\nhelp: only `{{name}}` \
             and `{{+name}}` are supported, write `{{{word}}}`"
        ));
    }
    if name.contains(|c| !is_name(c)) || name.starts_with('.') {
        return Err(format!(
            "`{{{inside}}}` names no parameter\nhelp: a variable is letters, digits, `_` and `.`"
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Template;

    fn variables(text: &str) -> Vec<String> {
        Template::parse(text).unwrap().variables
    }

    #[test]
    fn variables_keep_their_order() {
        assert!(variables("docs://readme").is_empty());
        assert_eq!(variables("a+b.c-1:{x}"), ["x"]);
        assert_eq!(
            variables("sales://{region}/months/{month}.json?deep=%2F"),
            ["region", "month"]
        );
        assert_eq!(variables("file:///{+path}"), ["path"]);
        assert_eq!(
            variables("repo://{owner}/{+path}/at/{r.e_v}"),
            ["owner", "path", "r.e_v"]
        );
    }

    #[test]
    fn every_mistake_has_a_text() {
        for (template, says) in [
            ("", "scheme"),
            ("customers/{id}", "scheme"),
            ("{scheme}://a", "scheme"),
            ("1a://b", "scheme"),
            ("://b", "scheme"),
            ("a://{id", "`{id` is not closed\nhelp: write `{id}`"),
            ("a://{a{b}}", "`{a{b}` names no parameter"),
            ("a://id}", "`}` closes nothing"),
            ("a://{}", "needs a name"),
            ("a://{+}", "needs a name"),
            ("a://{id}/{id}", "`{id}` is in the template twice"),
            ("a://{?id}", "`{?id}` has a meaning"),
            ("a://{?id,of}", "write `{id}`"),
            ("a://{#id}", "write `{id}`"),
            ("a://{/id}", "write `{id}`"),
            ("a://{.id}", "write `{id}`"),
            ("a://{id*}", "`{id*}` has a meaning"),
            ("a://{a,b}", "write `{a}`"),
            ("a://{id:3}", "write `{id}`"),
            ("a://{+id:3}", "write `{id}`"),
            ("a://{a}{b}", "two variables touch"),
            ("a://{+a}/{+b}", "`{+b}` is a second"),
            ("a://{a b}", "names no parameter"),
            ("a://{a-b}", "letters, digits, `_` and `.`"),
            ("a://b c", "write it as `%20`"),
            ("a://<b>/c", "write `{b}` for a variable"),
            ("a://b<c", "write it as `%3C`"),
            ("a://é", "write it as `%C3%A9`"),
            ("a://%2", "`%25`"),
            ("a://%zz", "`%25`"),
        ] {
            let error = Template::parse(template).unwrap_err();
            assert!(error.contains(says), "{template}: {error}");
            assert!(error.contains("\nhelp: "), "{template}: {error}");
        }
    }
}
