//! Each value that a type has to take or to refuse, judged by a call and by the published schema.

use super::corpus::{self, Case, beyond_portable, cases};
use super::exceptions::{Judge, Seen};

async fn hold(judge: &Judge, cases: &[Case], seen: &mut Seen) -> Vec<String> {
    let mut wrong = Vec::new();
    for case in cases {
        let both = [(&case.takes, true), (&case.refuses, false)];
        for (values, takes) in both {
            for value in values {
                let name = case.name;
                let call = judge.call(name, value).await;
                if call.is_ok() != takes {
                    wrong.push(format!("{name} with {value}: {call:?}"));
                } else if let Err(text) = judge.compare(name, value, &call, seen) {
                    wrong.push(text);
                }
            }
        }
    }
    wrong
}

#[tokio::test]
async fn every_type_takes_and_refuses_what_it_should_in_the_portable_profile() {
    let judge = Judge::new(corpus::portable(), &corpus::full()).await;
    let wrong = hold(&judge, &cases(), &mut Seen::default()).await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn every_type_takes_and_refuses_what_it_should_in_the_full_profile() {
    let judge = Judge::new(corpus::full(), &corpus::full()).await;
    let mut all = cases();
    all.extend(beyond_portable());
    let wrong = hold(&judge, &all, &mut Seen::default()).await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
