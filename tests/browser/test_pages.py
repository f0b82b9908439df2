"""What a reader does with the pages, and what an article must not do to them."""

import io
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from pypdf import PdfReader

from conftest import HOSTILE, LONG

PAGES = ["compare", "analyze", "eval"]
every_page = pytest.mark.parametrize("name", PAGES)
with_articles = pytest.mark.parametrize("name", ["compare", "analyze"])


def style(locator, name: str) -> str:
    return locator.evaluate("(element, name) => getComputedStyle(element)[name]", name)


def contrast(one: str, other: str) -> float:
    """How far two colours `rgb(…)` can be told apart, from 1 to 21, as WCAG 2 defines it."""
    def luminance(colour: str) -> float:
        parts = [float(part) / 255 for part in re.findall(r"[\d.]+", colour)[:3]]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


def lightness(colour: str) -> float:
    """The mean of red, green and blue of `rgb(…)`, each of 0 to 255."""
    return sum(map(float, re.findall(r"[\d.]+", colour)[:3])) / 3


def unfold(page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")


def in_view(locator) -> bool:
    return locator.evaluate(
        "element => { const box = element.getBoundingClientRect();"
        " return box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth }")


@every_page
def test_opens_from_disk_under_a_policy_that_forbids_requests(browser, visit, pages, name):
    page = visit(name)
    assert page.title().startswith("Wirelens")
    policy = page.locator("meta[http-equiv='Content-Security-Policy']").get_attribute("content")
    assert "default-src 'none'" in policy and "script-src 'sha256-" in policy and "unsafe-eval" not in policy
    # The policy is at work: what is put into the page afterwards is not asked for, and does not run.
    page = browser.new_page()
    page.goto(pages[name].as_uri())
    refused = page.evaluate(
        "() => new Promise(done => { const refused = []; document.addEventListener('securitypolicyviolation', event => {"
        " refused.push(event.effectiveDirective); if (refused.length === 2) done(refused.sort()) });"
        " const script = document.createElement('script'); script.textContent = 'window.hacked = 1'; document.body.append(script);"
        " const image = new Image(); image.src = 'https://news.example/x.png'; document.body.append(image) })")
    assert refused == ["img-src", "script-src-elem"] and page.evaluate("window.hacked") is None
    page.close()


@with_articles
def test_kinds_of_names_are_filtered(visit, name):
    page = visit(name)
    person, place = page.locator("mark.PER").first, page.locator("mark.LOC").first
    shown = style(person, "backgroundColor")
    page.get_by_label("people").first.uncheck()
    assert style(person, "backgroundColor") == "rgba(0, 0, 0, 0)" != style(place, "backgroundColor")
    page.get_by_label("people").first.check()
    assert style(person, "backgroundColor") == shown


@pytest.mark.parametrize("cell", ["table.strip td a.label", "table.strip td a:has(.dot)", "table.matrix td > a", "td details a.from", ".digest a"])
def test_a_cell_leads_to_its_sentence_and_back(visit, cell):
    page = visit("compare")
    unfold(page)
    link = page.locator(cell).first
    link.click()
    sentence = page.locator(link.get_attribute("href"))
    assert in_view(sentence) and page.locator("article").filter(has=sentence).count() == 1
    plain = page.locator(".text .s:not(:target)").first
    assert style(sentence, "backgroundColor") != style(plain, "backgroundColor")
    page.locator("#back").click()
    assert in_view(link) and page.evaluate("document.activeElement.getAttribute('href')") == link.get_attribute("href")
    assert page.locator("#back").is_hidden()


@with_articles
def test_a_click_on_a_name_marks_all_its_mentions(visit, name):
    page = visit(name)
    entity = page.evaluate(
        "() => { const count = {}; document.querySelectorAll('mark').forEach(mark => {"
        " count[mark.dataset.entity] = (count[mark.dataset.entity] || 0) + 1 });"
        " return Object.keys(count).find(entity => count[entity] > 2) }")
    mentions = page.locator(f"mark[data-entity='{entity}']")
    mentions.nth(0).click()
    page.mouse.move(0, 0)
    lit = page.locator("mark").evaluate_all(
        "marks => marks.filter(mark => parseFloat(getComputedStyle(mark).outlineWidth) > 0"
        " && getComputedStyle(mark).outlineStyle !== 'none').map(mark => mark.dataset.entity)")
    assert lit == [entity] * mentions.count()
    assert in_view(mentions.nth(1)), "and goes to the next of them"
    # A click elsewhere ends it.
    page.locator("h1").click()
    assert page.locator("mark.all").count() == 0


@with_articles
def test_the_list_of_names_marks_mentions_too(visit, name):
    page = visit(name)
    link = page.locator("a[data-entity]").first
    link.focus()
    page.keyboard.press("Enter")
    mentions = page.locator(f"mark[data-entity='{link.get_attribute('data-entity')}']")
    assert in_view(mentions.first) and page.locator("mark.all").count() == mentions.count()


@every_page
def test_the_keyboard_reaches_everything_in_order(visit, name):
    page = visit(name)
    page.keyboard.press("Tab")
    skip = page.locator("a.skip")
    assert skip.evaluate("link => link === document.activeElement") and in_view(skip)
    reach = page.evaluate(
        "() => { const all = [...document.querySelectorAll('a[href], button, input, summary, [tabindex]')]"
        " .filter(element => element.checkVisibility());"
        " all.forEach((element, number) => { element.dataset.number = number }); return all.length }")
    for number in range(1, min(reach, 60)):
        page.keyboard.press("Tab")
        now = page.locator(f"[data-number='{number}']")
        assert now.evaluate("element => element === document.activeElement"), now.evaluate("element => element.outerHTML")
        assert style(now, "outlineStyle") != "none" and float(style(now, "outlineWidth").removesuffix("px")) >= 2
    assert page.locator("[tabindex='-1']:is(a, button, input, summary)").count() == 0
    # The skip link passes over what stands before the content.
    page = visit(name)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null || document.querySelector('main a, main button, main summary, main [tabindex]') === null")


@every_page
def test_dark_where_the_system_is_dark(visit, name):
    light, dark = visit(name).locator("body"), visit(name, scheme="dark").locator("body")
    assert lightness(style(light, "backgroundColor")) > 230 and lightness(style(light, "color")) < 60
    assert lightness(style(dark, "backgroundColor")) < 40 and lightness(style(dark, "color")) > 200


@with_articles
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_line_under_a_quote_is_seen(visit, name, scheme):
    page = visit(name, scheme=scheme)
    # 3 is what WCAG 2.1 asks of what is no text (1.4.11).
    assert contrast(style(page.locator(".text q").first, "textDecorationColor"), style(page.locator("body"), "backgroundColor")) >= 3


@with_articles
def test_a_comma_stands_directly_behind_a_number_of_mentions(visit, name):
    count = visit(name).locator(".about .key .soft").first
    assert style(count, "paddingLeft") == style(count, "paddingRight") == "0px"


def test_facts_of_many_outlets_have_their_numbers(visit):
    page = visit("many")
    fact = page.locator(".many ol.facts > li").first
    # What has its layout put off is cut off at its box, and the number stands outside of it.
    assert style(fact, "contentVisibility") == "visible" and style(fact, "listStyleType") == "decimal"
    unfold(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


@every_page
@pytest.mark.parametrize("width", [390, 320])
def test_a_narrow_screen_is_never_scrolled_sideways(visit, name, width):
    page = visit(name, width=width)
    for _ in range(2):
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        unfold(page)


@every_page
def test_prints(visit, name):
    page = visit(name)
    text = page.locator(".text").last.inner_text()
    printed = PdfReader(io.BytesIO(page.pdf(format="A4")))
    assert len(printed.pages) >= 3
    letters = "".join(re.sub(r"\W", "", sheet.extract_text()) for sheet in printed.pages)
    assert re.sub(r"\W", "", text)[:200] in letters


# What repeats is marked up alike: where the whole page was looked at once, later articles, rows and items are left out of the other looks,
# which take a part of the time.
WITHOUT_REPETITION = {"exclude": [["article ~ article"], ["h2[id^=article] ~ h2[id^=article] ~ *"], ["tr ~ tr ~ tr ~ tr"], ["li ~ li ~ li ~ li"]]}


@every_page
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing(visit, name, scheme, width):
    page = visit(name, width=width, scheme=scheme)
    unfold(page)
    found = Axe().run(page, context=None if (scheme, width) == ("light", 1280) else WITHOUT_REPETITION)
    assert found.violations_count == 0, found.generate_report()


def test_several_events_on_one_page(visit):
    page = visit("events")
    unfold(page)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    # The kinds of names are filtered in all of them at once.
    page.get_by_label("people").first.uncheck()
    assert [box.is_checked() for box in page.get_by_label("people").all()] == [False, False]
    assert style(page.locator("mark.PER").last, "backgroundColor") == "rgba(0, 0, 0, 0)"


@every_page
def test_readable_without_scripts(visit, name):
    page = visit(name, scripts=False)
    assert page.locator("#back").is_hidden() and page.locator(".key input:visible").count() == 0
    assert page.locator(".key").first.is_visible()
    assert page.locator(".text").first.is_visible() and len(page.locator(".text").first.inner_text()) > 500
    if name == "compare":
        for part in (".digest p", "table.strip .dot", "ol.facts > li", ".card"):
            assert page.locator(part).first.is_visible(), part
        page.locator("ol.facts summary").first.click()
        assert page.locator("ol.facts details li").first.is_visible()


@pytest.mark.parametrize("name", ["hostile-compare", "hostile-analyze"])
def test_hostile_articles_are_text(visit, name):
    page = visit(name, width=390)
    unfold(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    seen = page.locator("article").first.inner_text()
    for text in HOSTILE:
        assert text in seen, text
    assert page.locator("article h3").first.inner_text().startswith("A title")
    page.locator("mark").first.hover()
    page.locator("mark").first.click()
    page.locator("article").last.scroll_into_view_if_needed()
    assert page.evaluate("window.hacked") is None
    assert page.locator("script").count() == 1 and page.locator("style").count() == 1
    assert page.locator("img, iframe, object, embed, link, form, base, audio, video").count() == 0
    attributes = page.evaluate("[...document.querySelectorAll('*')].flatMap(element => element.getAttributeNames())")
    assert not [attribute for attribute in attributes if attribute.startswith("on")]
    links = page.locator("a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert all(re.match(r"#|https?://", link) for link in links), links
    html = page.content()
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", html) and "a" * LONG in html
