//! Documents with personal data planted in them, and documents that have none. The same every time.

use serde_json::{Map, Value, json};

/// Numbers that look random (xorshift64*).
#[derive(Debug)]
pub struct Random(u64);

impl Random {
    /// The same numbers for the same seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % end
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        let index = usize::try_from(self.below(from.len() as u64)).unwrap_or_default();
        from.get(index).copied().unwrap_or_default()
    }

    fn digits(&mut self, count: usize) -> String {
        (0..count)
            .map(|_| char::from(b'0' + u8::try_from(self.below(10)).unwrap_or(0)))
            .collect()
    }
}

/// Words of several scripts, none of which is anybody's.
const WORDS: [&str; 16] = [
    "order",
    "der Bericht",
    "größe",
    "заказ",
    "請求書",
    "ご注文",
    "😀",
    "naïve",
    "κόστος",
    "status",
    "shipped",
    "12 boxes",
    "v2.4.1",
    "Ärger",
    "समय",
    "total: 40.50",
];

/// What stands between words.
const GAPS: [&str; 8] = [" ", ", ", "\n", " – ", "; ", " (", ") ", "。"];

/// Words around something, if there is anything.
fn prose(random: &mut Random, planted: Option<&str>) -> String {
    let mut text = String::new();
    let count = random.below(4);
    for _ in 0..count {
        text.push_str(random.pick(&WORDS));
        text.push_str(random.pick(&GAPS));
    }
    if let Some(planted) = planted {
        text.push_str(planted);
        text.push_str(random.pick(&GAPS));
    }
    text.push_str(random.pick(&WORDS));
    text
}

/// One value of the kinds that `Patterns` knows, or of the pattern `MRN-` and six digits.
pub fn value(random: &mut Random) -> String {
    match random.below(10) {
        0 => format!(
            "{}.{}@example.com",
            random.pick(&["ann", "jörg", "李"]),
            random.digits(4)
        ),
        1 => format!(
            "x+{}@{}.co.uk",
            random.digits(5),
            random.pick(&["mail", "büro"])
        ),
        2 => card(random),
        3 => iban(random),
        4 => format!(
            "{}-{:02}-{:04}",
            101 + random.below(500),
            1 + random.below(99),
            1 + random.below(9999)
        ),
        5 => format!("203.0.113.{}", random.below(256)),
        6 => format!(
            "2001:db8::{:x}:{:x}",
            1 + random.below(65_535),
            1 + random.below(65_535)
        ),
        7 => {
            let country = random.pick(&["+49 30 ", "+1-415-555-", "+44 (0)20 7946 ", "0049 171 "]);
            format!("{country}{}", random.digits(4)) + &random.digits(2)
        }
        8 => format!("({}) 555-{}", 201 + random.below(700), random.digits(4)),
        _ => format!("MRN-{}", random.digits(6)),
    }
}

/// A card's number with a valid check digit, grouped as people group them.
pub fn card(random: &mut Random) -> String {
    let mut digits = random.pick(&["4", "51", "6011"]).to_owned();
    let missing = 15 - digits.len();
    digits.push_str(&random.digits(missing));
    let sum: u32 = digits
        .chars()
        .rev()
        .enumerate()
        .filter_map(|(index, c)| {
            let digit = c.to_digit(10)?;
            Some(match index % 2 {
                0 if digit > 4 => digit * 2 - 9,
                0 => digit * 2,
                _ => digit,
            })
        })
        .sum();
    digits.push_str(&((10 - sum % 10) % 10).to_string());
    let separator = random.pick(&["", " ", "-", "\u{a0}"]);
    let groups: Vec<&str> = (0..4)
        .filter_map(|group| digits.get(group * 4..group * 4 + 4))
        .collect();
    groups.join(separator)
}

/// A German account with valid check digits.
fn iban(random: &mut Random) -> String {
    let account = random.digits(18);
    // D is 13, E is 14; the check digits are 00 while they are worked out.
    let all = format!("{account}131400");
    let remainder = all
        .chars()
        .filter_map(|c| c.to_digit(10))
        .fold(0, |sum, digit| (sum * 10 + digit) % 97);
    let iban = format!("DE{:02}{account}", 98 - remainder);
    if random.below(2) == 0 {
        return iban;
    }
    let groups: Vec<&str> = (0..6)
        .filter_map(|at| iban.get(at * 4..iban.len().min(at * 4 + 4)))
        .collect();
    groups.join(" ")
}

/// A nested document. What was planted in it is appended to `planted`.
pub fn document(random: &mut Random, depth: u32, planted: &mut Vec<String>) -> Value {
    match random.below(if depth == 0 { 4 } else { 8 }) {
        0 => json!(random.below(1_000_000)),
        1 => json!(prose(random, None)),
        2 | 3 => {
            let value = value(random);
            let text = prose(random, Some(&value));
            planted.push(value);
            json!(text)
        }
        4 | 5 => {
            let count = random.below(4);
            (0..count)
                .map(|_| document(random, depth - 1, planted))
                .collect()
        }
        _ => {
            let mut object = Map::new();
            for index in 0..random.below(4) {
                let key = if random.below(6) == 0 {
                    let value = value(random);
                    planted.push(value.clone());
                    format!("{index} {value}")
                } else {
                    format!("{index} {}", random.pick(&WORDS))
                };
                let value = document(random, depth - 1, planted);
                object.insert(key, value);
            }
            Value::Object(object)
        }
    }
}

/// A line as it stands in logs, invoices and code, without personal data.
pub fn clean(random: &mut Random) -> String {
    let hex = |random: &mut Random, count| -> String {
        (0..count)
            .map(|_| random.pick(&["0", "1", "4", "7", "9", "a", "c", "e", "f"]))
            .collect()
    };
    match random.below(20) {
        0 => format!(
            "2026-{:02}-{:02}T{:02}:15:30.123Z",
            1 + random.below(12),
            1 + random.below(28),
            random.below(24)
        ),
        1 => format!(
            "{:02}.{:02}.2026 um 10:{:02}",
            1 + random.below(28),
            1 + random.below(12),
            random.below(60)
        ),
        2 => format!(
            "{}-{}-4{}-9{}-{}",
            hex(random, 8),
            hex(random, 4),
            hex(random, 3),
            hex(random, 3),
            hex(random, 12)
        ),
        3 => format!("sha256:{}", hex(random, 64)),
        4 => format!(
            "Total {}.{} EUR, {} pieces",
            random.below(100_000),
            random.digits(2),
            random.below(900)
        ),
        5 => format!("{}.{}", random.below(100), random.digits(15)),
        6 => format!(
            "version {}.{}.{}",
            random.below(20),
            random.below(30),
            random.below(99)
        ),
        7 => format!(
            "order {} of customer C-{}",
            random.digits(7),
            random.digits(4)
        ),
        8 => format!("epoch {}", 1_600_000_000 + random.below(200_000_000)),
        9 => format!(
            "epoch {}{}",
            1_600_000_000 + random.below(200_000_000),
            random.digits(6)
        ),
        10 => format!("ISBN 978-0-306-{}-{}", random.digits(5), random.below(10)),
        11 => format!("crate::module::Type<{}>::name", random.below(9)),
        12 => format!(
            "{} x {} mm, {} kg",
            random.below(4000),
            random.below(4000),
            random.below(90)
        ),
        13 => format!("1,{},{}", random.digits(3), random.digits(3)),
        14 => format!(
            "lat {}.{} lon -{}.{}",
            random.below(90),
            random.digits(6),
            random.below(180),
            random.digits(6)
        ),
        15 => format!(
            "article {} {} {}",
            random.digits(3),
            random.digits(4),
            random.digits(3)
        ),
        16 => format!(
            "GET /v1/items/{}?page={} 200 {}ms",
            random.digits(9),
            random.below(90),
            random.below(900)
        ),
        17 => format!(
            "[{}] worker@{}: step {} done",
            random.below(999),
            random.below(99),
            random.below(99)
        ),
        18 => format!("#{} -> 0x{}", hex(random, 6), hex(random, 8)),
        _ => prose(random, None),
    }
}
