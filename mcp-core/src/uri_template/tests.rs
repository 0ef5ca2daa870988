//! What matches, what does not, and that expansion and matching are each other's inverse.

use std::time::{Duration, Instant};

use super::*;

/// Per property.
const RUNS: usize = 10_000;

fn template(text: &str) -> Template {
    Template::parse(text).unwrap()
}

fn values(text: &str, uri: &str) -> Option<Vec<String>> {
    let values = template(text).matches(uri)?;
    Some(values.into_iter().map(Cow::into_owned).collect())
}

#[track_caller]
fn matches(text: &str, uri: &str, expected: &[&str]) {
    let found = values(text, uri).unwrap_or_else(|| panic!("{text} does not match {uri}"));
    assert_eq!(found, expected, "{text} and {uri}");
}

#[track_caller]
fn does_not_match(text: &str, uri: &str) {
    assert_eq!(values(text, uri), None, "{text} and {uri}");
}

#[test]
fn variables_keep_their_order() {
    for (text, names) in [
        ("docs://readme", &[][..]),
        ("a+b.c-1:{x}", &["x"]),
        (
            "repo://{owner}/{+path}/at/{r.e_v}",
            &["owner", "path", "r.e_v"],
        ),
        ("a://{_}/{9}", &["_", "9"]),
    ] {
        let template = template(text);
        assert_eq!(template.variables().collect::<Vec<_>>(), names);
        assert_eq!(template.is_static(), names.is_empty());
    }
}

// [RSRC-5c]
#[test]
fn every_mistake_says_what_to_change() {
    let long = format!("a://{}", "b".repeat(1021));
    for (text, says) in [
        ("", "it has no scheme; begin with one"),
        ("customers/{id}", "no scheme"),
        ("{scheme}://a", "no scheme"),
        ("1x://a", "no scheme"),
        ("://b", "no scheme"),
        ("a://{id", "`{id` is not closed; add a `}`"),
        ("a://{a{b}}", "`{a{b}` is no variable"),
        ("a://id}", "`}` closes nothing; remove it"),
        ("a://{}", "`{}` has no name; write one"),
        ("a://{+}", "`{+}` has no name; write one"),
        ("a://{id}/{id}", "`{id}` is in the template twice; give one"),
        (
            "a://{id}/{+id}",
            "`{id}` is in the template twice; give one",
        ),
        (
            "a://{?id}",
            "`{?id}` is no variable that a URI can be matched with; write `{name}`",
        ),
        ("a://{#id}", "`{#id}` is no variable"),
        ("a://{.id}", "`{.id}` is no variable"),
        ("a://{id*}", "`{id*}` is no variable"),
        ("a://{id:3}", "`{id:3}` is no variable"),
        ("a://{a,b}", "`{a,b}` is no variable"),
        ("a://{a-b}", "ASCII letters, digits, `_` and `.`"),
        ("a://{ä}", "ASCII letters, digits, `_` and `.`"),
        (
            "a://{a}{b}",
            "nothing says where `{a}` ends and the next variable begins; put text",
        ),
        ("a://{+a}{b}", "nothing says where `{+a}` ends"),
        (
            "a://{+a}/{+b}",
            "`{+b}` is a second variable that can hold `/`; write `{b}`",
        ),
        ("a b://c", "no scheme"),
        ("a://b c", "cannot contain ' '; write it as `%20`"),
        ("a://é", "cannot contain 'é'; write it as `%C3%A9`"),
        ("a://b\u{7f}", "write it as `%7F`"),
        ("a://%2", "write `%25` for the sign itself"),
        ("a://%zz{b}", "write `%25` for the sign itself"),
        (
            &long,
            "at most 1024 characters and this one 1025; shorten it",
        ),
    ] {
        let error = Template::parse(text).unwrap_err().to_string();
        assert!(error.contains(says), "{text}: {error}");
    }
}

#[test]
fn a_template_of_1024_characters_and_16_variables_is_taken_and_one_more_of_each_is_not() {
    let text = |characters: usize| format!("a://{}", "b".repeat(characters - 4));
    assert!(Template::parse(&text(1024)).is_ok());
    assert!(Template::parse(&text(1025)).is_err());
    let text = |variables: usize| {
        let variables: Vec<String> = (0..variables).map(|n| format!("{{v{n}}}")).collect();
        format!("a://{}", variables.join("/"))
    };
    assert!(Template::parse(&text(16)).is_ok());
    let error = Template::parse(&text(17)).unwrap_err().to_string();
    assert!(
        error.contains("at most 16 variables; remove `{v16}`"),
        "{error}"
    );
}

#[test]
fn a_uri_of_8_kib_matches_and_one_byte_more_does_not() {
    let uri = |bytes: usize| format!("a://{}", "b".repeat(bytes - 4));
    assert!(values("a://{x}", &uri(8192)).is_some());
    assert!(values("a://{x}", &uri(8193)).is_none());
    assert!(values("a://{+x}", &uri(8193)).is_none());
}

#[test]
fn a_variable_is_one_segment() {
    matches("a://{x}", "a://1", &["1"]);
    matches("a://{x}/b", "a://1/b", &["1"]);
    matches(
        "sales://{region}/{month}.json",
        "sales://eu/05.json",
        &["eu", "05"],
    );
    matches("a://{x}?n={n}", "a://1?n=2", &["1", "2"]);
    for uri in [
        "a://",
        "a://1/",
        "a:///1",
        "a://1/extra",
        "a://1?x",
        "a://1#x",
        "xa://1",
        "a:/1",
        "",
    ] {
        does_not_match("a://{x}", uri);
    }
    does_not_match("a://{x}/{y}", "a://1//2");
    does_not_match("a://{x}/b", "a://1/b/");
}

#[test]
fn a_plus_variable_spans_segments() {
    matches("file:///{+path}", "file:///a/b.txt", &["a/b.txt"]);
    matches("file:///{+path}", "file:///a?b#c", &["a?b#c"]);
    matches(
        "r://{o}/{+p}/at/{v}",
        "r://ann/src/at/x/at/1",
        &["ann", "src/at/x", "1"],
    );
    matches("r://{+p}-{a}-{b}", "r://x-y/z-1-2", &["x-y/z", "1", "2"]);
    does_not_match("file:///{+path}", "file:///");
    does_not_match("r://{o}/{+p}/at/{v}", "r://ann/at/1");
    does_not_match("r://{o}/{+p}/at/{v}", "r://ann/src/at/");
    does_not_match("r://{o}/{+p}/at/{v}", "r://ann/src/at/1/2");
}

#[test]
fn the_scheme_has_no_case_and_the_rest_has() {
    matches("Sales://C/{x}", "sALES://C/1", &["1"]);
    does_not_match("sales://C/{x}", "sales://c/1");
    matches("docs://readme", "DOCS://readme", &[]);
    does_not_match("docs://readme", "docs://README");
    does_not_match("docs://readme", "docs://readme2");
    does_not_match("docs://readme", "docs://readm");
    does_not_match("docs://a%2fb", "docs://a%2Fb");
    matches("a:{x}", "A:1", &["1"]);
}

#[test]
fn values_are_decoded_once() {
    matches(
        "a://{x}",
        "a://M%C3%BCller%20%26%20S%c3%b6hne",
        &["Müller & Söhne"],
    );
    matches("a://{x}", "a://Müller", &["Müller"]);
    matches("a://{x}", "a://a%2Fb%3Fc%23d", &["a/b?c#d"]);
    matches("a://{x}", "a://%252F", &["%2F"]);
    matches("a://{x}", "a://%252e%252e", &["%2e%2e"]);
    matches("a://{x}", "a://a+b", &["a+b"]);
    matches("a://{+x}", "a://a%2Fb/c", &["a/b/c"]);
}

#[test]
fn what_is_no_text_matches_nothing() {
    for variable in ["{x}", "{+x}"] {
        let text = format!("a://{variable}");
        for value in [
            "%ff", "%C3", "%", "a%", "%4", "%zz", "%+1", "%00", "a%00b", "\0",
        ] {
            does_not_match(&text, &format!("a://{value}"));
        }
    }
}

// [RSRC-5b]
#[test]
fn a_value_that_climbs_in_a_path_matches_nothing() {
    for climbing in [
        "..",
        ".",
        "%2e%2e",
        "%2E.",
        ".%2e",
        "%2e",
        "..%2Fetc",
        "%2e%2e%2fetc",
        "a%2F..%2Fb",
        "a%2f..",
        "..%5Cetc",
        "..\\etc",
        "a%5c.",
    ] {
        does_not_match("file:///data/{x}", &format!("file:///data/{climbing}"));
        does_not_match("file:///data/{+x}", &format!("file:///data/{climbing}"));
    }
    for climbing in [
        "../etc/passwd",
        "a/../../b",
        "a/..",
        "./a",
        "a/./b",
        "a/%2e%2E/b",
        "a\\../b",
    ] {
        does_not_match("file:///data/{x}", &format!("file:///data/{climbing}"));
        does_not_match("file:///data/{+x}", &format!("file:///data/{climbing}"));
    }
    for plain in ["...", "..a", "a..", ".a", "a.b", "a/..b/c..", "a//b"] {
        matches(
            "file:///data/{+x}",
            &format!("file:///data/{plain}"),
            &[plain],
        );
    }
}

// [RSRC-5b]
#[test]
fn a_value_below_a_folder_of_files_is_no_path_of_its_own() {
    for absolute in ["%2Fetc%2Fpasswd", "%2f", "%5Cetc", "C:", "c:%5CWindows"] {
        does_not_match("file:///data/{x}", &format!("file:///data/{absolute}"));
        does_not_match("FILE:///data/{+x}", &format!("file:///data/{absolute}"));
    }
    does_not_match("file:///data/{+x}", "file:///data//etc");
    matches("file:///data/{x}", "file:///data/a%2Fb", &["a/b"]);
    // Where all files are served there is no folder to leave.
    matches("file://{+x}", "file:///etc/hosts", &["/etc/hosts"]);
    matches("file:///{+x}", "file:///C:/a.txt", &["C:/a.txt"]);
    matches("notes://{x}", "notes://%2Fetc", &["/etc"]);
}

// [RSRC-5]
#[test]
fn a_control_character_has_to_be_encoded() {
    for character in ['\n', '\r', '\t', '\u{1b}', '\u{7f}', '\u{85}'] {
        does_not_match("a://{x}", &format!("a://b{character}c"));
        does_not_match("a://{+x}", &format!("a://b{character}c"));
    }
    matches("a://{x}", "a://b%0Ac", &["b\nc"]);
}

#[test]
fn where_literals_leave_a_choice_the_first_values_are_the_short_ones() {
    matches("a://{x}-{y}", "a://1-2-3", &["1", "2-3"]);
    matches("a://{x}-{y}.{z}", "a://1-2-3.4.5", &["1", "2-3", "4.5"]);
    matches("a://{x}.json", "a://b.json.json", &["b.json"]);
    matches("a://{x}-{y}", "a://--1", &["-", "1"]);
    matches("a://{x}-/{y}", "a://1--/2", &["1-", "2"]);
    does_not_match("a://{x}-{y}", "a://1-");
    does_not_match("a://{x}-{y}", "a://-1");
}

#[test]
fn the_digits_of_an_escape_are_no_literal() {
    matches("a://{x}2{y}", "a://%322%32", &["2", "2"]);
    matches("a://{+p}F{y}", "a://%2FF%2Fb", &["/", "/b"]);
    does_not_match("a://{x}2{y}", "a://%32b");
}

#[test]
fn expansion_encodes_what_the_variable_cannot_hold() {
    let expand = |text: &str, values: &[&dyn Display]| template(text).expand(values);
    assert_eq!(expand("docs://readme", &[]), "docs://readme");
    assert_eq!(
        expand("a://{x}/b", &[&"M & ü/%"]),
        "a://M%20%26%20%C3%BC%2F%25/b"
    );
    assert_eq!(expand("a://{x}?n={n}", &[&"1", &-2]), "a://1?n=-2");
    assert_eq!(
        expand("a://{+x}", &[&"b/c d?e%2F%zz"]),
        "a://b/c%20d?e%2F%25zz"
    );
    assert_eq!(expand("a://{x}-{y}", &[&"1-2", &"3-4"]), "a://1%2D2-3-4");
    assert_eq!(expand("a://{+x}-{y}", &[&"1-2", &"3-4"]), "a://1-2-3%2D4");
    assert_eq!(
        expand("a://{x}-to-{y}", &[&"new-york-to", &"b"]),
        "a://new-york%2Dto-to-b"
    );
    assert_eq!(expand("a://{x}/{y}", &[&"1"]), "a://1/");
    assert_eq!(expand("a://{x}", &[&"1", &"2"]), "a://1");
}

#[test]
fn a_value_whose_display_fails_is_cut_there() {
    struct Broken;
    impl Display for Broken {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("so far")?;
            Err(std::fmt::Error)
        }
    }
    assert_eq!(template("a://{x}/b").expand(&[&Broken]), "a://so%20far/b");
}

#[test]
fn more_literal_characters_are_more_specific() {
    let specificity = |text| template(text).specificity();
    assert_eq!(specificity("a://b"), 5);
    assert_eq!(specificity("a://{x}"), 4);
    assert_eq!(specificity("a://{x}/b/{y}/c"), 9);
    assert_eq!(specificity("a://{x}/b/{+y}/c/{z}d"), 11);
}

/// The same numbers every time (xorshift64*, by Vigna).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16;
        usize::try_from(number % u64::try_from(end).unwrap()).unwrap()
    }

    fn text(&mut self, characters: &[char], most: usize) -> String {
        let length = 1 + self.below(most);
        (0..length)
            .map(|_| characters[self.below(characters.len())])
            .collect()
    }

    /// A character out of all.
    fn character(&mut self) -> char {
        loop {
            let number = self.below(0x11_0000).try_into().unwrap();
            if let Some(character) = char::from_u32(number) {
                return character;
            }
        }
    }
}

/// Characters that mean something in a template or a URI, and some that do not.
const SPECIAL: [char; 32] = [
    'a', 'b', 'c', '2', '5', 'D', 'F', '-', '.', '_', '~', '/', '?', '#', '%', ':', '+', '&', '=',
    ' ', '\\', '"', '{', '}', '\n', '\u{7f}', 'ä', 'ß', '€', '語', '🦀', '\u{301}',
];

const TEMPLATES: [&str; 14] = [
    "a://{x}",
    "a://{x}/{y}/z",
    "a:{x}?b={y}",
    "sales://{x}-{y}_{z}.json",
    "a://{x}--{y}--{z}",
    "a://{x}aba{y}abab{z}",
    "a://{x}2{y}D{z}F",
    "a://{x}.-.{y}.",
    "file:///{+x}",
    "file:///{+x}.a",
    "r://{x}/{+y}/at/{z}",
    "r://{x}-{+y}-{z}",
    "r://{+x}--{y}aba{z}-2",
    "r://{x}5{y}/{+z}",
];

// [RSRC-5c]
#[test]
fn what_was_expanded_matches_with_the_same_values() {
    let mut numbers = Numbers(1);
    for text in TEMPLATES {
        let template = template(text);
        let mut runs = 0;
        while runs < RUNS / 4 {
            let values: Vec<String> = template
                .variables
                .iter()
                .map(|_| match numbers.below(4) {
                    0 => (0..=numbers.below(8))
                        .map(|_| numbers.character())
                        .collect(),
                    // Few characters, so that values look like the literals beside them.
                    1 => numbers.text(&['-', '.', 'a', 'b', '2', 'D'], 10),
                    _ => numbers.text(&SPECIAL, 12),
                })
                .collect();
            // What a variable cannot hold: climbing segments, NUL; and in `{+x}` an escape means
            // what it stands for.
            let is_lost = |(variable, value): (&Variable, &String)| {
                let mut escapes = value
                    .match_indices('%')
                    .map(|(at, _)| percent::escape(&value[at..]));
                value.contains('\0')
                    || value.split(['/', '\\']).any(|it| it == "." || it == "..")
                    || variable.spans_segments && escapes.any(|escape| escape.is_some())
            };
            if template.variables.iter().zip(&values).any(is_lost) {
                continue;
            }
            let displayed: Vec<&dyn Display> =
                values.iter().map(|value| value as &dyn Display).collect();
            let uri = template.expand(&displayed);
            assert!(uri.is_ascii(), "{uri}");
            assert_eq!(template.matches(&uri).unwrap(), values, "{text} and {uri}");
            runs += 1;
        }
    }
}

#[test]
fn no_uri_and_no_template_panics() {
    let mut numbers = Numbers(2);
    let mut matched = 0;
    for _ in 0..RUNS {
        let parsed = Template::parse(&format!("a:{}", numbers.text(&SPECIAL, 20)));
        for text in TEMPLATES {
            let template = template(text);
            let prefix = numbers.below(template.head.len() + 1);
            let uri = match numbers.below(3) {
                0 => numbers.text(&SPECIAL, 30),
                1 => format!("{}{}", &template.head[..prefix], numbers.text(&SPECIAL, 30)),
                _ => format!(
                    "{}{}{}",
                    template.head,
                    numbers.text(&SPECIAL[..20], 9),
                    template.tail
                ),
            };
            matched += usize::from(template.matches(&uri).is_some());
            if let Ok(parsed) = &parsed {
                let _ = parsed.matches(&uri);
            }
        }
    }
    // Some of them have to get far enough for this to say anything.
    assert!(matched > 1000, "{matched}");
}

/// Takes a match to pieces in all ways there are.
fn any_match(literals: &[&str], spans: &[bool], uri: &str) -> bool {
    let Some(rest) = uri.strip_prefix(literals[0]) else {
        return false;
    };
    let [span, spans @ ..] = spans else {
        return rest.is_empty();
    };
    (1..=rest.len()).any(|end| {
        let value = &rest[..end];
        (*span || !value.contains(['/', '?', '#']))
            && any_match(&literals[1..], spans, &rest[end..])
    })
}

#[test]
fn a_match_is_found_whenever_there_is_one() {
    let mut numbers = Numbers(3);
    let characters = ['-', 'a', '/'];
    let mut matched = 0;
    for _ in 0..20 * RUNS {
        let count = 1 + numbers.below(3);
        let literals: Vec<String> = (0..=count)
            .map(|at| match at {
                0 => format!("s:{}", numbers.text(&characters, 1)),
                _ if at == count && numbers.below(2) == 0 => String::new(),
                _ => numbers.text(&characters, 3),
            })
            .collect();
        let spanning = numbers.below(count * 2);
        let spans: Vec<bool> = (0..count).map(|at| at == spanning).collect();
        let mut text = literals[0].clone();
        for (at, literal) in literals[1..].iter().enumerate() {
            text += &format!("{{{}v{at}}}{literal}", if spans[at] { "+" } else { "" });
        }
        let uri = format!("{}{}", literals[0], numbers.text(&characters, 12));
        let literals: Vec<&str> = literals.iter().map(String::as_str).collect();
        let expected = any_match(&literals, &spans, &uri);
        let found = template(&text).matches(&uri);
        assert_eq!(found.is_some(), expected, "{text} and {uri}");
        matched += usize::from(expected);
    }
    assert!(matched > 1000, "{matched}");
}

#[test]
fn a_hostile_uri_of_a_megabyte_takes_no_time() {
    // Without the bound on URIs, as the time of the algorithm is the question. With backtracking
    // these would take as many steps as the URI has bytes, to the power of the variables.
    let begun = Instant::now();
    for (text, piece, tail) in [
        ("a://{a}-{b}-{c}-{d}-{e}-{f}-{g}-{h}!", "-", "?"),
        ("a://{a}-{b}-{c}-{d}-{e}-{f}-{g}-{h}!", "x-", "/"),
        ("a://{+a}-{b}-{c}-{d}-{e}-{f}-{g}-{h}!", "-x", "/!"),
        ("a://{a}xxxxxxxxxxxxxxxxy{b}", "x", ""),
        ("a://{+a}/xxxxxxxxxxxxxxxx{b}", "x", ""),
        ("a://{a}2{b}", "%32", ""),
        ("a://{+a}/../{b}", "a/./", ""),
    ] {
        let uri = format!("a://{}{tail}", piece.repeat(1024 * 1024 / piece.len()));
        assert_eq!(template(text).split(&uri), None, "{text}");
        assert_eq!(template(text).matches(&uri), None);
    }
    // A fraction of a second; this only has to tell it from hours.
    assert!(
        begun.elapsed() < Duration::from_secs(20),
        "{:?}",
        begun.elapsed()
    );
}
