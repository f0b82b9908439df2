"""The pages that the program makes, made once, and a browser that notes what a page does when it is opened."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("WIRELENS", ROOT / "target/release/wirelens"))
# No background work of the browser's own: a request that is noted is then the page's.
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--no-first-run"]
TARGETS = ["--targets", "eval/targets.toml"]
COMMANDS = {
    "compare": ["compare", *TARGETS, "eval/articles"],
    "analyze": ["analyze", *TARGETS, "eval/articles"],
    "eval": ["eval"],
}

# What an article may hold to get a script run, a request sent or the text around it broken. Each must be shown as text.
HOSTILE = [
    "<script>window.hacked = 1; alert(1)</script>",
    "</script><script>window.hacked = 2</script>",
    "<img src=x onerror=\"window.hacked = 3\">",
    "<svg onload='window.hacked = 4'>",
    "]]> --> </style><style>body { display: none }</style>",
    "&lt;b&gt; &amp;amp; {{ 7 * 7 }} {% include 'base.html' %}",
    "\" onmouseover=\"window.hacked = 5\" '",
]
LONG = 1_000_000

# Two events of two outlets each, so that what stands once for each event stands twice.
PILE = "\n".join(
    json.dumps({"id": f"{event} {outlet}", "source": outlet, "text": text})
    for event, text in [
        ("fire", "A fire destroyed the old market hall of Bergen on Monday night, and forty firefighters could not save it. Mayor Marit "
                 "Warncke said in Bergen that the hall would be built again."),
        ("troops", "French troops will leave Mali within six months, President Emmanuel Macron said in Paris on Thursday. Some 2,400 "
                   "soldiers are stationed in Mali."),
    ]
    for outlet in ["A", "B"])

# So many outlets that a page has lists of them instead of tables.
MANY = "\n".join(
    json.dumps({"id": f"outlet {number}", "source": f"Outlet {number}", "text": (
        "French troops will leave Mali within six months, President Emmanuel Macron said in Paris on Thursday. Some 2,400 soldiers "
        f"are stationed in Mali. The office of outlet {number} is in Bamako.")})
    for number in range(12))


def hostile_records() -> str:
    """JSON Lines of articles that are made to break the page, in every field that the page shows."""
    evil = " ".join(HOSTILE)
    news = "French troops will leave Mali within six months, President Emmanuel Macron said in Paris on Thursday."
    rows = [
        {"id": f"<i>1</i> {evil}", "title": f"A title {evil}", "source": f"<b>One</b> {evil}", "url": "javascript:window.hacked=6",
         "text": f"{news} {evil} \"{evil}\", Emmanuel Macron said."},
        {"id": "2\u202e", "title": "Two \u202edetrevni\u202c", "source": "Two\u2066", "url": 'https://news.example/"onclick="window.hacked=7',
         "text": f"{news} A word \u202edetrevni\u202c stood here. Mali {HOSTILE[0]} was named by Emmanuel Macron."},
        {"id": "3", "source": "Three", "text": f"{news} {'a' * LONG} was the word. Mali was named."},
    ]
    return "\n".join(json.dumps(row) for row in rows)


def write_page(folder: Path, name: str, arguments: list[str], stdin: str = "") -> Path:
    path = folder / f"{name}.html"
    command = [str(PROGRAM), *arguments, "--format", "html", "--output", str(path)]
    done = subprocess.run(command, cwd=ROOT, input=stdin, text=True, capture_output=True)
    assert done.returncode == 0, f"{command}: {done.stderr}"
    return path


@pytest.fixture(scope="session")
def pages(tmp_path_factory) -> dict[str, Path]:
    """The three kinds of page, one of several events, one of many outlets, and two of hostile articles, by name. PAGES is a folder of pages made before."""
    if "PAGES" in os.environ:
        return {path.stem: path for path in Path(os.environ["PAGES"]).glob("*.html")}
    folder = tmp_path_factory.mktemp("pages")
    made = {name: write_page(folder, name, arguments) for name, arguments in COMMANDS.items()}
    made["events"] = write_page(folder, "events", ["compare", "--events", "-"], PILE)
    made["many"] = write_page(folder, "many", ["compare", "-"], MANY)
    for command in ("compare", "analyze"):
        made[f"hostile-{command}"] = write_page(folder, f"hostile-{command}", [command, *TARGETS, "-"], hostile_records())
    return made


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM") or shutil.which("chromium"), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser, pages):
    """Opens a page by its name. At the end of the test, the page must have asked for nothing but itself, and said nothing to the console."""
    contexts, asked, said = [], set(), []

    def visit(name: str, width: int = 1280, scheme: str = "light", scripts: bool = True):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=scripts,
                                      reduced_motion="reduce")  # a scroll has ended when it is asked for
        contexts.append(context)
        context.on("request", lambda request: asked.add(request.url.split("#")[0]))
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", lambda dialog: (said.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.goto(pages[name].as_uri())
        return page

    yield visit
    for context in contexts:
        context.close()
    assert asked <= {path.as_uri() for path in pages.values()}, asked
    assert not said, said
