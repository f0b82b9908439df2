//! Reads the address and the date of a page from its elements.

use dom_query::Document;

/// What a page says of itself in elements that Readability does not look at.
pub struct Head {
    /// Its web address.
    pub url: Option<String>,
    /// When it was published, as the page writes it.
    pub published: Option<String>,
}

impl Head {
    /// Elements with the address of a page, and the attributes that have it. Only whole addresses are taken.
    const ADDRESSES: [(&str, &str); 3] = [
        ("link[rel=canonical]", "href"),
        ("meta[property='og:url']", "content"),
        ("meta[name='og:url']", "content"),
    ];
    /// Elements with the date of publication, and the attributes that have it, as sites of the news use them.
    const DATES: [(&str, &str); 12] = [
        ("meta[name='article:published_time']", "content"),
        ("meta[itemprop=datePublished]", "content"),
        ("time[itemprop=datePublished]", "datetime"),
        ("time[pubdate]", "datetime"),
        ("meta[name=datePublished]", "content"),
        ("meta[name='parsely-pub-date']", "content"),
        ("meta[name='sailthru.date']", "content"),
        ("meta[name='dc.date.issued']", "content"),
        ("meta[name='DC.date.issued']", "content"),
        ("meta[name=pubdate]", "content"),
        ("meta[name=publishdate]", "content"),
        ("meta[name=date]", "content"),
    ];

    /// What `page` says.
    pub fn of(page: &Document) -> Self {
        let first = |places: &[(&str, &str)], fits: fn(&String) -> bool| {
            places.iter().find_map(|(selector, attribute)| {
                let elements = page.select(selector);
                let values = elements.nodes().iter().filter_map(|element| element.attr(attribute));
                values.map(|value| value.trim().to_owned()).find(fits)
            })
        };
        Self {
            url: first(&Self::ADDRESSES, |value| {
                value.starts_with("https://") || value.starts_with("http://")
            }),
            published: first(&Self::DATES, |value| !value.is_empty()),
        }
    }
}
