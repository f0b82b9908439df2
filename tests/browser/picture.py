#!/usr/bin/env python3
"""Makes docs/images/compare.png, the top of the comparison of the five articles, for the README.

    CHROMIUM=/usr/bin/chromium .venv-browser/bin/python tests/browser/picture.py
"""

import os
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from conftest import COMMANDS, FLAGS, ROOT, write_page

with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM", "chromium"), args=FLAGS)
    page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme="light")
    page.goto(write_page(Path(folder), "compare", COMMANDS["compare"]).as_uri())
    page.screenshot(path=ROOT / "docs/images/compare.png")
    browser.close()
