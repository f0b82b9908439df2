//! Prints the numbers to which `same.py` and `digest.py` fit weights.
//!
//!     cargo run --release --example pairs -- PACK < groups.jsonl > numbers.jsonl
//!
//! A group is {"texts": ["…", …], "titles": ["…", …], "pairs": [[0, 1], …]}: texts that are compared with each other, their titles
//! if they have any, and which of them are of interest; without `pairs`, all sentences that are near each other. A line of
//! output is {"group": 0, "a": [text, start, end], "b": […], "features": […], "joint": [paraphrase, fact] or null}; with
//! "digest": true in the group it is {"group": 0, "sentence": [text, start, end], "features": […]} for each sentence that may be
//! in a digest; with "piles": [[0, 1, …], …] it is {"group": 0, "pile": 0, "a": text, "b": text, "features": […]} for texts of that
//! pile that may be of one event ("dates" are those of the texts, as ISO 8601 has them, or null).

use std::io::{self, BufRead, Write};

use serde::Deserialize;
use serde_json::json;
use wirelens::compare::{Account, digest_candidates, event_pairs, pairs};
use wirelens::{Analyzer, Article, ModelOptions, Pack, Request, Task};

#[derive(Deserialize)]
struct Group {
    texts: Vec<String>,
    #[serde(default)]
    titles: Vec<String>,
    pairs: Option<Vec<(usize, usize)>>,
    #[serde(default)]
    dates: Vec<Option<String>>,
    #[serde(default)]
    digest: bool,
    #[serde(default)]
    piles: Vec<Vec<usize>>,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let pack = Pack::find(std::env::args().nth(1).as_deref())?;
    let analyzer = Analyzer::load(&pack, ModelOptions::default())?;
    let request = Request::of(&[Task::Entities, Task::Summary]);
    let mut out = io::BufWriter::new(io::stdout().lock());
    for (number, line) in io::stdin().lock().lines().enumerate() {
        let group: Group = serde_json::from_str(&line?)?;
        let article = |(n, text): (usize, &String)| Article {
            title: group.titles.get(n).cloned(),
            published: group.dates.get(n).cloned().flatten(),
            ..Article::new(n.to_string(), text.as_str())
        };
        let articles: Vec<Article> = group.texts.iter().enumerate().map(article).collect();
        let mut accounts = Vec::new();
        for some in articles.chunks(256) {
            let read = analyzer.analyze_sentences(some, &request)?;
            accounts.extend(read.into_iter().map(|(analysis, sentences)| Account { analysis, sentences }));
        }
        if group.digest {
            for (text, place, features) in digest_candidates(&accounts) {
                let sentence = json!([text, place.start, place.end]);
                writeln!(out, "{}", json!({"group": number, "sentence": sentence, "features": features}))?;
            }
            continue;
        }
        for (pile, members) in group.piles.iter().enumerate() {
            let own: Vec<Account> = members.iter().map(|&n| accounts[n].clone()).collect();
            for ((a, b), features) in event_pairs(&own) {
                let (a, b) = (members[a], members[b]);
                writeln!(
                    out,
                    "{}",
                    json!({"group": number, "pile": pile, "a": a, "b": b, "features": features})
                )?;
            }
        }
        if !group.piles.is_empty() {
            continue;
        }
        for pair in pairs(&analyzer, &accounts, group.pairs.as_deref())? {
            let [a, b] = pair.places.map(|(text, place)| json!([text, place.start, place.end]));
            let joint = pair.joint.map(|read| [read.paraphrase, read.fact]);
            writeln!(
                out,
                "{}",
                json!({"group": number, "a": a, "b": b, "features": pair.features, "joint": joint})
            )?;
        }
    }
    Ok(())
}
