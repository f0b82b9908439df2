//! Archives of web pages and mailboxes: records one by one, and runs over them that are killed.

use std::fs;
use std::io::Write;

use super::harness::{Place, finish, ids};
use crate::common::stderr;

/// A web archive as crawlers write it: every record packed by itself; a page, then what is no page.
fn archive(pages: usize) -> Vec<u8> {
    let mut archive = Vec::new();
    let mut record = |kind: &str, number: usize, content: &str, block: &[u8]| {
        let head = format!(
            "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{kind}-{number}>\r\nWARC-Date: 2020-01-01T10:00:00Z\r\n\
             WARC-Target-URI: http://example.org/{number}\r\nContent-Type: {content}\r\nContent-Length: {}\r\n\r\n",
            block.len()
        );
        let mut encoder = flate2::write::GzEncoder::new(&mut archive, flate2::Compression::fast());
        encoder.write_all(&[head.as_bytes(), block, b"\r\n\r\n"].concat()).unwrap();
        encoder.finish().unwrap();
    };
    record("warcinfo", 0, "application/warc-fields", b"software: a test\r\n");
    for number in 0..pages {
        record("request", number, "application/http; msgtype=request", b"GET / HTTP/1.1\r\n\r\n");
        let names = ["Angela Merkel", "Emmanuel Macron", "Olaf Scholz", "Joe Biden"];
        let sentence =
            format!("{} visited the harbour on day {number} of the long talks there. ", names[number % 4]);
        let page = format!(
            "<html><head><title>Day {number}</title></head><body><article><p>{}</p></article></body></html>",
            sentence.repeat(4)
        );
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n";
        record(
            "response",
            number,
            "application/http; msgtype=response",
            &[head, &page].concat().into_bytes(),
        );
        let style = b"HTTP/1.1 200 OK\r\nContent-Type: text/css\r\n\r\np {}";
        record("response", pages + number, "application/http; msgtype=response", style);
    }
    archive
}

#[test]
fn a_killed_run_over_an_archive_of_a_hundred_pages_continues() {
    let place = Place::new();
    fs::write(place.path("crawl.warc.gz"), archive(100)).unwrap();
    let options = ["crawl.warc.gz", "--tasks", "entities", "--window", "5", "--output"];
    place.batch(&[&options[..], &["whole.jsonl"]].concat()).assert().code(0);
    let whole = place.read("whole.jsonl");
    let wanted: Vec<String> = (0..100).map(|number| format!("response-{number}")).collect();
    assert_eq!(ids(&whole, "whole.jsonl"), wanted);
    let first: serde_json::Value = serde_json::from_str(whole.lines().next().unwrap()).unwrap();
    assert_eq!((&first["url"], &first["title"]), (&"http://example.org/0".into(), &"Day 0".into()));
    assert_eq!(first["published"], "2020-01-01T10:00:00Z");
    let kills = finish(&place, &[&options[..], &["out.jsonl"]].concat(), 15, 3, 0..6);
    assert!(kills > 0, "the run was never killed");
    assert!(place.read("out.jsonl") == whole, "not the bytes of an undisturbed run");
}

#[test]
fn a_damaged_record_is_in_the_errors_file_with_its_place() {
    let place = Place::new();
    let message = |number: usize, text: &str| {
        format!("From a@b.c Tue Jan 13 10:00:00 2015\nFrom: a@b.c\nMessage-ID: <{number}@b.c>\n\n{text}\n\n")
    };
    let mailbox =
        [message(1, "Angela Merkel is in Rome."), message(2, ""), message(3, "Paris is far.")].concat();
    place.write("in.mbox", &mailbox);
    let mut command = place.batch(&["in.mbox", "--tasks", "entities", "--output", "out.jsonl"]);
    assert!(stderr(&mut command, 1).contains("2 articles, 1 failed"));
    assert_eq!(ids(&place.read("out.jsonl"), "out.jsonl"), ["1@b.c", "3@b.c"]);
    let error: serde_json::Value = serde_json::from_str(place.read("out.jsonl.errors.jsonl").trim()).unwrap();
    assert_eq!((&error["place"], &error["reason"]), (&"message 2".into(), &"has no text".into()));
}
