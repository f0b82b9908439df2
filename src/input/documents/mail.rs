//! Reads e-mail with `mail-parser`: one message (`.eml`), an article.
//!
//! The text is the message's plain text, or else that of its HTML, without the mail that it answers. Mail that is forwarded,
//! in the text or as an attached message, is read below what the sender wrote; other attachments are skipped. The sender is
//! the source, the subject the title.
//!
//! Browsers save pages in the form of mail, too (MHTML): the page with all that it shows. Such a file is read as a page.

use mail_parser::{Message, MessageParser, MimeHeaders, PartType};

use super::super::{InputOptions, html, markup};
use super::{lines, reply};
use crate::article::Article;

/// Fields that only messages begin with. `From:` and `Subject:` are also above letters and press releases.
const MESSAGE_ONLY: [&str; 13] = [
    "mime-version",
    "received",
    "message-id",
    "return-path",
    "delivered-to",
    "dkim-signature",
    "x-mailer",
    "content-type",
    "content-transfer-encoding",
    "in-reply-to",
    // Of Usenet, where messages were collected without most of their fields.
    "newsgroups",
    "nntp-posting-host",
    "lines",
];

/// Whether content begins with the header of a message: only fields, and among them one that only messages have.
pub fn recognise(start: &[u8]) -> bool {
    let start = String::from_utf8_lossy(start);
    let mut names = Vec::new();
    for (number, line) in start.lines().enumerate() {
        if line.trim().is_empty() {
            break;
        }
        // A value goes on in the lines below it.
        if number > 0 && line.starts_with([' ', '\t']) {
            continue;
        }
        match line.split_once(':') {
            Some((name, _)) if is_name(name) => names.push(name.to_ascii_lowercase()),
            _ => return false,
        }
    }
    let has = |wanted: &[&str]| names.iter().any(|name| wanted.contains(&name.as_str()));
    has(&MESSAGE_ONLY) && has(&["from", "date", "subject", "received", "to", "message-id", "return-path"])
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_graphic() && byte != b':' && byte != b'<' && byte != b'{')
}

/// The article of a file with one message, or of a page in that form. A message without an id gets `stem`.
///
/// # Errors
/// When it is no message, or has no text.
pub fn read(bytes: &[u8], stem: &str, _: &InputOptions) -> Result<Vec<Article>, String> {
    message(bytes, stem).map(|article| vec![article])
}

/// The article of a message. One without an id gets `fallback_id`.
///
/// # Errors
/// As for [`read`].
pub fn message(bytes: &[u8], fallback_id: &str) -> Result<Article, String> {
    // The library accepts any text; without fields it is no message.
    let message = MessageParser::new().parse(bytes).filter(|message| !message.headers().is_empty());
    let message = message.ok_or("is not an e-mail: no fields such as 'From: …' stand at its beginning")?;
    if let Some((page, address)) = saved_page(&message) {
        let article = html::extract(fallback_id, page)?;
        if article.text.trim().is_empty() {
            return Err("has no text".into());
        }
        let url =
            article.url.or_else(|| address.filter(|address| address.starts_with("http")).map(str::to_owned));
        return Ok(Article { title: article.title.or_else(|| subject(&message)), url, ..article });
    }
    let own = own_text(&message);
    // Who only passes a message on is not its source.
    let passed_on = attached(&message).next().filter(|_| own.trim().is_empty());
    let told = passed_on.unwrap_or(&message);
    let text = with_attached(own, &message, DEEPEST);
    if text.trim().is_empty() {
        return Err(match message.attachment_count() {
            0 => "has no text".into(),
            count => format!("has no text; attachments are not read, nor encrypted text ({count} parts)"),
        });
    }
    let from = told.from().and_then(|from| from.first());
    Ok(Article {
        title: subject(told),
        source: from
            .and_then(|from| from.name().or(from.address()))
            .map(lines::collapsed)
            .filter(|name| !name.is_empty()),
        published: told.date().filter(|date| date.is_valid()).map(mail_parser::DateTime::to_rfc3339),
        ..Article::new(
            message.message_id().map(str::trim).filter(|id| !id.is_empty()).unwrap_or(fallback_id),
            text,
        )
    })
}

fn subject(message: &Message) -> Option<String> {
    message.subject().map(lines::collapsed).filter(|subject| !subject.is_empty())
}

/// Whether the subject says that a message forwards another one: "Fwd: …", as mail programs of several languages write it.
fn is_forward(message: &Message) -> bool {
    let before = message.subject().and_then(|subject| subject.split_once(':'));
    before.is_some_and(|(mark, _)| {
        matches!(mark.trim().to_ascii_lowercase().as_str(), "fw" | "fwd" | "wg" | "tr" | "rv" | "enc")
    })
}

/// What the sender wrote, and mail that is forwarded below it.
fn own_text(message: &Message) -> String {
    reply::own_text(&text(message), is_forward(message))
}

/// The messages that are attached to a message.
fn attached<'m>(message: &'m Message) -> impl Iterator<Item = &'m Message<'m>> {
    message.attachments().filter_map(|part| part.message())
}

/// Most messages inside each other that are read.
const DEEPEST: usize = 4;

/// The text of a message with that of the messages attached to it, where its own is short, as in mail that is forwarded.
/// The report on mail that was not delivered has that mail attached, too.
fn with_attached(own: String, message: &Message, deepest: usize) -> String {
    if deepest == 0 || own.len() > LONGEST_POINTER || message.is_content_type("multipart", "report") {
        return own;
    }
    let inner = attached(message).map(|inner| with_attached(own_text(inner), inner, deepest - 1));
    let texts = std::iter::once(own).chain(inner).filter(|text| !text.trim().is_empty());
    texts.collect::<Vec<_>>().join("\n\n")
}

/// The page that a browser saved in the form of mail, and its address; `None` for mail. The first part of such a file is the
/// page, and says where it was; Chromium says that in the head of the file, too.
fn saved_page<'m>(message: &'m Message) -> Option<(&'m str, Option<&'m str>)> {
    let in_head = message.header_raw("Snapshot-Content-Location").map(str::trim);
    let part = message.html_bodies().find(|part| matches!(part.body, PartType::Html(_)))?;
    let PartType::Html(page) = &part.body else { return None };
    let address = in_head.or(part.content_location());
    let is_saved = in_head.is_some()
        || (address.is_some()
            && message.message_id().is_none()
            && message.is_content_type("multipart", "related"));
    is_saved.then_some((&**page, address))
}

/// Longest plain text, in bytes, that may only say where the message is to be seen.
const LONGEST_POINTER: usize = 600;
/// How many times as long the text of the HTML is then, at least.
const MANY_TIMES: usize = 4;

fn text(message: &Message) -> String {
    let mut texts = Vec::new();
    for part in message.text_bodies() {
        match &part.body {
            PartType::Text(text) => {
                let attribute = |name: &str| part.content_type().and_then(|kind| kind.attribute(name));
                let flowed = attribute("format").is_some_and(|format| format.eq_ignore_ascii_case("flowed"));
                let delete = attribute("delsp").is_some_and(|delete| delete.eq_ignore_ascii_case("yes"));
                texts.push(if flowed { unflowed(text, delete) } else { text.replace("\r\n", "\n") });
            }
            PartType::Html(html) => texts.push(markup::html_to_text(html)),
            _ => {}
        }
    }
    let mut text =
        texts.iter().map(|text| text.trim_matches('\n').trim_end()).filter(|text| !text.trim().is_empty());
    let joined = text.by_ref().collect::<Vec<_>>().join("\n\n");
    // Some programs send an empty plain text along with the HTML, and newsletters one that says "View this in your browser".
    if joined.len() > LONGEST_POINTER {
        return joined;
    }
    let of_html = message
        .html_bodies()
        .filter_map(|part| {
            if let PartType::Html(html) = &part.body { Some(markup::html_to_text(html)) } else { None }
        })
        .collect::<Vec<_>>()
        .join("\n\n");
    if of_html.len() > joined.len() * MANY_TIMES { of_html } else { joined }
}

/// `format=flowed` (RFC 3676): a line that ends with a blank goes on in the next one.
fn unflowed(text: &str, delete: bool) -> String {
    let mut whole = String::with_capacity(text.len());
    for line in text.lines() {
        // A blank is put before lines that would look like something else.
        let line = line.strip_prefix(' ').unwrap_or(line);
        let open = line.ends_with(' ') && line != "-- ";
        whole.push_str(if open && delete { &line[..line.len() - 1] } else { line });
        if !open {
            whole.push('\n');
        }
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Article {
        read(text.replace('\n', "\r\n").as_bytes(), "mail", &InputOptions::default()).unwrap().remove(0)
    }

    #[test]
    fn fields_are_decoded_and_text_is_unpacked() {
        let text = "From: Press Office <press@example.org>\nTo: desk@example.org\nSubject: =?utf-8?Q?Caf=C3=A9?=\n =?utf-8?B?IG93bmVycw==?=\nDate: Tue, 13 Jan 2015 10:00:00 +0100\nMessage-ID: <7@example.org>\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\nThe Caf=C3=A9 owners in Paris told Emmanuel Macron that they would =\nnot open.\n\n> quoted line\n";
        assert!(recognise(text.as_bytes()));
        let article = one(text);
        assert_eq!((article.id.as_str(), article.title.as_deref()), ("7@example.org", Some("Café owners")));
        assert_eq!(
            (article.source.as_deref(), article.published.as_deref()),
            (Some("Press Office"), Some("2015-01-13T10:00:00+01:00"))
        );
        assert_eq!(
            article.text,
            "The Café owners in Paris told Emmanuel Macron that they would not open.\n\n> quoted line"
        );
        let text = "From: press@example.org\nContent-Type: text/plain; charset=koi8-r\nContent-Transfer-Encoding: base64\n\n7c/Ty9fB\n";
        let article = one(text);
        assert_eq!(
            (article.id.as_str(), article.text.as_str(), article.source.as_deref()),
            ("mail", "Москва", Some("press@example.org"))
        );
        let flowed = "From: a@b.c\nContent-Type: text/plain; format=flowed\n\nOne line \ngoes on.\nNext.\n";
        assert_eq!(one(flowed).text, "One line goes on.\nNext.");
    }

    #[test]
    fn html_is_read_where_there_is_no_text_and_attachments_are_not() {
        let html = "<html><body><p>Angela Merkel met <b>Emmanuel Macron</b> &amp; others.</p><p>It rained.</p></body></html>";
        let part =
            |kind: &str, more: &str, text: &str| format!("--b\nContent-Type: {kind}\n{more}\n{text}\n");
        let mail = |parts: &[String]| {
            format!(
                "From: a@b.c\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n{}--b--\n",
                parts.concat()
            )
        };
        let attached = part(
            "text/plain; name=x.txt",
            "Content-Disposition: attachment; filename=x.txt\n",
            "Attached text.",
        );
        let article = one(&mail(&[part("text/html", "", html), attached.clone()]));
        assert!(article.text.contains("Angela Merkel met Emmanuel Macron & others."), "{}", article.text);
        assert!(!article.text.contains("Attached") && !article.text.contains('<'));
        let article = one(&mail(&[part("text/plain", "", "Body."), attached]));
        assert_eq!(article.text, "Body.");
        let empty = mail(&[part("application/pkcs7-mime", "Content-Disposition: attachment\n", "x")]);
        let error = read(empty.as_bytes(), "mail", &InputOptions::default()).unwrap_err();
        assert!(error.contains("attachments are not read"), "{error}");
    }

    #[test]
    fn a_message_that_is_passed_on_is_read() {
        let mail = |own: &str, kind: &str| {
            format!(
                "From: Ann Lee <ann@b.c>\nSubject: FW: Strike\nMessage-ID: <9@b.c>\nMIME-Version: 1.0\nContent-Type: multipart/{kind}; boundary=b\n\n\
                 --b\nContent-Type: text/plain\n\n{own}\n--b\nContent-Type: message/rfc822\nContent-Disposition: attachment; filename=x.eml\n\n\
                 From: Port <port@b.c>\nSubject: Strike ends\nDate: Tue, 13 Jan 2015 10:00:00 +0100\nMessage-ID: <8@b.c>\n\nDockers left.\n--b--\n"
            )
        };
        let Article { id, title, source, published, text, .. } = one(&mail("", "mixed"));
        assert_eq!(
            (id.as_str(), title.as_deref(), text.as_str()),
            ("9@b.c", Some("Strike ends"), "Dockers left.")
        );
        assert_eq!(
            (source.as_deref(), published.as_deref()),
            (Some("Port"), Some("2015-01-13T10:00:00+01:00"))
        );
        let Article { title, source, text, .. } = one(&mail("See below.", "mixed"));
        assert_eq!((title.as_deref(), source.as_deref()), (Some("FW: Strike"), Some("Ann Lee")));
        assert_eq!(text, "See below.\n\nDockers left.");
        assert_eq!(one(&mail("It was not delivered.", "report")).text, "It was not delivered.");
        let outlook = "From: a@b.c\nSubject: FW: Strike\nMIME-Version: 1.0\n\nFYI\n\nFrom: Port\nSent: Monday\nTo: Ann\nSubject: Strike\n\nDockers left.\n";
        assert_eq!(one(outlook).text, "FYI\n\nDockers left.");
        assert_eq!(one(&outlook.replacen("FW:", "RE:", 1)).text, "FYI");
    }

    #[test]
    fn a_plain_text_that_only_points_to_the_html_is_not_read() {
        let mail = |plain: &str| {
            format!(
                "From: a@b.c\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\n{plain}\n--b\n\
                 Content-Type: text/html\n\n<div><p>{}</p></div>\n--b--\n",
                "Dockers in Piraeus went back to work. ".repeat(9)
            )
        };
        let text = one(&mail("View this in your browser: https://example.org/1")).text;
        assert!(text.starts_with("Dockers") && !text.contains("View"), "{text}");
        let plain = "Dockers in Piraeus went back to work, and it rained on Friday. ".repeat(3);
        assert_eq!(one(&mail(&plain)).text, plain.trim());
    }

    #[test]
    fn a_page_that_a_browser_saved_is_read_as_a_page() {
        let body = "France said on Thursday that it would withdraw its soldiers from Mali. ".repeat(6);
        let page = |head: &str, part: &str| {
            format!(
                "From: <Saved by Blink>\n{head}Subject: Allies leave | The Paper\nDate: Fri, 13 Dec 2024 10:00:00 +0100\nMIME-Version: 1.0\n\
                 Content-Type: multipart/related; type=\"text/html\"; boundary=\"b\"\n\n--b\nContent-Type: text/html\n{part}\n\
                 <!DOCTYPE html><html><head><title>Allies leave</title><meta name=\"date\" content=\"2024-12-01\"></head>\
                 <body><nav><a href=x>Home</a></nav><article><p>{body}</p><p>{body}</p></article></body></html>\n\
                 --b\nContent-Type: text/html\nContent-Location: cid:frame\n\n<p>Advertisement</p>\n--b--\n"
            )
        };
        let address = "Content-Location: https://example.org/1\n";
        for text in [page(&format!("Snapshot-{address}"), ""), page("", address)] {
            assert!(recognise(text.as_bytes()));
            let Article { id, title, source, url, published, text, .. } = one(&text);
            assert_eq!((id.as_str(), title.as_deref(), source), ("mail", Some("Allies leave"), None));
            assert_eq!(
                (url.as_deref(), published.as_deref()),
                (Some("https://example.org/1"), Some("2024-12-01"))
            );
            assert!(
                text.starts_with("France said") && !text.contains("Home") && !text.contains("Advert"),
                "{text}"
            );
        }
    }

    #[test]
    fn letters_that_look_like_mail_are_not_recognised_and_messages_of_usenet_are() {
        assert!(!recognise(b"From: press@example.org\nSubject: Statement on Sudan\n\nDear all,\n"));
        assert!(!recognise(b"Message-ID is a field of mail: so it is.\nNot here.\n"));
        assert!(!recognise(b"From the desk of: x\nReceived: 3\n\n"));
        assert!(recognise(
            b"From: a@b.c (Ann)\nSubject: Re: Rain\nOrganization: B\nLines: 7\n\nIt rained.\n"
        ));
    }
}
