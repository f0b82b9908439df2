//! The turns of a transcript as quotes: all that somebody says from one label ("WALLACE:") to the next is one quote.

use super::Quote;
use super::speaker::Turn;

/// Puts one quote for each turn in place of those that begin in it: they are parts of the turn, or tell what its speaker says of
/// others. A turn in which none begins is left as it is. The quotes are in order of their contents afterwards.
pub(super) fn with_turns(turns: &[Turn], mut quotes: Vec<Quote>) -> Vec<Quote> {
    if turns.is_empty() {
        return quotes;
    }
    quotes.sort_by_key(|quote| (quote.content[0], quote.cue));
    let mut found: Vec<Quote> = Vec::with_capacity(quotes.len());
    let mut rest = quotes.into_iter().peekable();
    for turn in turns {
        let Some(end) = turn.content.last().map(|last| last.end) else { continue };
        while let Some(quote) = rest.next_if(|quote| quote.content[0].start < turn.start) {
            found.push(quote);
        }
        let mut scores: Vec<f64> = Vec::new();
        while let Some(part) = rest.next_if(|quote| quote.content[0].start < end) {
            scores.push(part.score);
        }
        if !scores.is_empty() {
            found.push(Quote {
                content: turn.content.clone(),
                cue: None,
                source: Some(turn.label).filter(|label| label.start < label.end),
                speaker: Some(turn.speaker.clone()),
                is_direct: turn.is_quoted,
                score: scores.iter().sum::<f64>() / scores.len() as f64,
            });
        }
    }
    found.extend(rest);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Span;

    #[test]
    fn a_turn_is_one_quote() {
        let quote = |start: usize, end: usize, score: f64| Quote {
            content: vec![Span::new(start, end)],
            cue: Some(Span::new(start, start + 1)),
            source: None,
            speaker: None,
            is_direct: false,
            score,
        };
        let turn = |start: usize, content: &[(usize, usize)]| Turn {
            start,
            label: Span::new(start + 1, start + 5),
            speaker: "Ann Poe".into(),
            content: content.iter().map(|&(start, end)| Span::new(start, end)).collect(),
            is_quoted: true,
        };
        let turns = [turn(20, &[(27, 40), (42, 60)]), turn(60, &[(67, 80)]), turn(80, &[])];
        let before = vec![quote(44, 50, 0.5), quote(0, 10, 0.8), quote(30, 40, 1.0), quote(90, 99, 0.9)];
        let found = with_turns(&turns, before.clone());
        let said = Quote {
            content: turns[0].content.clone(),
            cue: None,
            source: Some(turns[0].label),
            speaker: Some("Ann Poe".into()),
            is_direct: true,
            score: 0.75,
        };
        assert_eq!(found, [before[1].clone(), said, before[3].clone()]);
        assert_eq!(with_turns(&[], before.clone()), before);
    }
}
