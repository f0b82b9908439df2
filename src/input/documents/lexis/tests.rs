use super::*;

const OLD: &str = "\n\n                               1 of 2 DOCUMENTS\n\n\n                                  Example.com\n\n                            January 11, 2010 Monday\n\nPapadaki faces questions\nover port\n\nBYLINE: Jane Roe\n\nLENGTH: 55 words\n\nAnna Papadaki was asked to step down last night after a former minister\ncalled the port contract a mistake.\n\nA spokesman said: \"Wrong.\"\n\nLOAD-DATE: January 11, 2010\n\nLANGUAGE: ENGLISH\n\n                 Copyright 2010 Example Newspapers Limited\n                              All Rights Reserved\n\n\n                               2 of 2 DOCUMENTS\n\n              Copyright 2003 Times Newspapers\n             All Rights Reserved\n\n          The Example Post (London)\n\n          January 12, 2010, Tuesday\n\nSECTION: Home news; 4\n\nLENGTH: 40 words\n\nHEADLINE: Bank of\nEngland waits\n\nBYLINE: Sam Poe\n\nBODY:\nThe Bank of England left its rate\nalone.\n\nGRAPHIC: A bank\n\nno text\n";

#[test]
fn the_older_layout_is_read() {
    assert!(recognise(OLD.as_bytes()));
    let found: Vec<Article> = documents(OLD, "x").into_iter().map(Result::unwrap).collect();
    assert_eq!(found.len(), 2);
    let first = &found[0];
    assert_eq!(
        (first.id.as_str(), first.title.as_deref()),
        ("x:1", Some("Papadaki faces questions over port"))
    );
    assert_eq!(
        (first.source.as_deref(), first.published.as_deref()),
        (Some("Example.com"), Some("2010-01-11"))
    );
    assert_eq!(
        first.text,
        "Anna Papadaki was asked to step down last night after a former minister called the port contract a mistake.\n\nA spokesman said: \"Wrong.\""
    );
    let second = &found[1];
    assert_eq!(
        (second.source.as_deref(), second.title.as_deref()),
        (Some("The Example Post (London)"), Some("Bank of England waits"))
    );
    assert_eq!(second.published.as_deref(), Some("2010-01-12"));
    assert_eq!(second.text, "The Bank of England left its rate alone.");
}

#[test]
fn the_layout_of_nexis_uni_is_read() {
    let text = "Page 1 of 2\nPapadaki faces questions over port\nThe Example Post (London)\nJanuary 12, 2010 Tuesday\n\nCopyright 2010 Example Post Limited All Rights Reserved\n\nSection: NEWS; Pg. 4\nLength: 523 words\nByline: Jane Roe\nHighlight: It was a mistake\n\nNo text yet.\n\nBody\n\n\nAnna Papadaki was asked to step down.\n\nPage 2 of 2\nPapadaki faces questions over port\n\nSubject: she said nothing of it.\n\nClassification\n\nLanguage: ENGLISH\n\nLoad-Date: January 12, 2010\n\n\nEnd of Document\n\nA second headline\n\nAgence Exemple\n\n13 January 2010 Wednesday 10:35 AM GMT\n\nLength: 3 words\n\nBody\n\nShort text here.\n\nEnd of Document\n";
    assert!(recognise(text.as_bytes()));
    let found: Vec<Article> = documents(text, "x").into_iter().map(Result::unwrap).collect();
    assert_eq!(found.len(), 2);
    assert_eq!(found[0].title.as_deref(), Some("Papadaki faces questions over port"));
    assert_eq!(found[0].source.as_deref(), Some("The Example Post (London)"));
    assert_eq!(found[0].published.as_deref(), Some("2010-01-12"));
    assert_eq!(found[0].text, "Anna Papadaki was asked to step down.\n\nSubject: she said nothing of it.");
    assert_eq!(found[1].title.as_deref(), Some("A second headline"));
    assert_eq!(found[1].source.as_deref(), Some("Agence Exemple"));
    assert_eq!(found[1].published.as_deref(), Some("2010-01-13T10:35:00Z"));
    assert_eq!(found[1].text, "Short text here.");
}

#[test]
fn an_export_in_the_file_of_a_word_processor_is_split() {
    let lines = "Papadaki faces questions over port\nThe Example Post (London)\nJanuary 12, 2010 Tuesday\n\
        Copyright 2010 Example Post Limited All Rights Reserved\nSection: NEWS; Pg. 4\nLength: 523 words\nByline: Jane Roe\n\
        Body\nAnna Papadaki was asked to step down.\nLoad-Date: January 12, 2010\nEnd of Document\n\
        Corrections: January 6, 2010\nThe Example Post\nJanuary 13, 2010 Wednesday\nLength: 3 words\nBody\nShort text here.\n\
        End of Document";
    let found = split(Article::new("x", lines.replace('\n', "\n\n")), "x");
    let found: Vec<Article> = found.into_iter().map(Result::unwrap).collect();
    let told = |article: &Article| {
        let Article { title, source, published, .. } = article.clone();
        (title.unwrap(), source.unwrap(), published.unwrap())
    };
    let wanted = |title: &str, source: &str, day: &str| (title.into(), source.into(), day.into());
    let told: Vec<(String, String, String)> = found.iter().map(told).collect();
    assert_eq!(
        told,
        [
            wanted("Papadaki faces questions over port", "The Example Post (London)", "2010-01-12"),
            wanted("Corrections: January 6, 2010", "The Example Post", "2010-01-13"),
        ]
    );
    assert_eq!(found[0].text, "Anna Papadaki was asked to step down.");
    assert_eq!(found[1].text, "Short text here.");
    let other = Article::new("x", "Length: 5 words\n\nBody".to_owned());
    assert_eq!(split(other.clone(), "x"), [Ok(other)]);
}

#[test]
fn the_cover_page_of_a_download_is_no_part_of_its_first_document() {
    let cover = "User Name: Jane Roe\nDate and Time: Tuesday, March 5, 2024 10:11:00 AM CET\nJob Number: 218334455\n\nDocument (1)\n\n1. Ferry firm fined\nClient/Matter: -None-\nSearch Terms: ferry\n\n";
    let first = "Ferry firm fined\nThe Herald (Glasgow)\nMarch 2, 2024 Saturday\n\nLength: 40 words\nBody\n\nA ferry firm was fined.\n\nEnd of Document\n";
    let found = documents(&format!("{cover}{first}"), "x").remove(0).unwrap();
    assert_eq!(found, documents(first, "x").remove(0).unwrap());
    assert_eq!(
        (found.title.as_deref(), found.source.as_deref(), found.published.as_deref()),
        (Some("Ferry firm fined"), Some("The Herald (Glasgow)"), Some("2024-03-02"))
    );
}

#[test]
fn a_document_without_text_does_not_cost_the_others() {
    let text = "1 of 2 DOCUMENTS\n\nPaper\n\nMay 1, 2001\n\nA title\n\nLENGTH: 0 words\n\nLOAD-DATE: May 2, 2001\n\n2 of 2 DOCUMENTS\n\nPaper\n\nMay 1, 2001\n\nA title\n\nSome text.\n\nMore text.";
    let found = documents(text, "x");
    assert!(found[0].as_ref().unwrap_err().contains("no text"));
    assert_eq!(found[1].as_ref().unwrap().text, "Some text.\n\nMore text.");
    for text in ["", "End of Document", "1 of 1 DOCUMENTS", "1 of 1 DOCUMENTS\nCopyright 2001"] {
        assert!(documents(text, "x").iter().all(Result::is_err), "{text}");
    }
}
