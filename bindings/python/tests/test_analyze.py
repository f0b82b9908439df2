"""`analyze` with the real program on the articles of the checkout."""

import datetime
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
from typing import Any, ClassVar, List

import wirelens
from support import ARTICLES, PROGRAM, WithProgram, texts

MERKEL = "Angela Merkel praised the volunteers of the Red Cross in Hamburg. “They were heroic,” she said."


class Analyze(WithProgram):
    def test_findings_are_those_of_the_program(self) -> None:
        command = [str(PROGRAM), "analyze", "--format", "jsonl", "--precision", "f32", *map(str, ARTICLES)]
        alone = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
        articles = [wirelens.Article(path.read_text(encoding="utf-8"), id=path.stem) for path in ARTICLES]
        found = list(wirelens.analyze(articles, precision="f32"))
        self.assertEqual([analysis.id for analysis in found], [path.stem for path in ARTICLES])
        for analysis, line in zip(found, alone):
            expected = wirelens.Analysis.from_json(json.loads(line))
            self.assertEqual([e.name for e in analysis.entities or []], [e.name for e in expected.entities or []])
            assert analysis.summary and expected.summary
            self.assertEqual(analysis.summary.text, expected.summary.text)
            self.assertEqual(len(analysis.quotes or []), len(expected.quotes or []))

    def test_the_one_liner(self) -> None:
        code = "import wirelens; print(next(wirelens.analyze(['Angela Merkel spoke in Berlin.'])).entities)"
        source = str(pathlib.Path(wirelens.__file__).parents[1])
        run = subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": source}, capture_output=True, text=True
        )
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        self.assertIn("Entity(name='Angela Merkel', type='PER'", run.stdout)

    def test_offsets_count_the_characters_of_the_text(self) -> None:
        text = "🎉 <b>Née</b>\r\n\r\n\u2028 " + MERKEL + " Emmanuel Macron met her in Zürich."
        for given in (text, {"text": text}):
            (found,) = wirelens.analyze([given])
            self.assertEqual(found.characters, len(text))
            mentions = [mention for entity in found.entities or [] for mention in entity.mentions]
            self.assertIn("Zürich", [mention.text for mention in mentions])
            for span in mentions:
                self.assertEqual(text[span.start : span.end], span.text)

    def test_what_an_article_may_be(self) -> None:
        day = datetime.date(2022, 2, 18)
        given: List[Any] = [
            MERKEL,
            wirelens.Article(
                MERKEL, id="a", title="Heroes", source="The Outlet", url="https://example.org/a", published=day
            ),
            {"text": MERKEL, "id": 7, "source": float("nan"), "published": datetime.datetime(2022, 2, 18, 12)},
            {"maintext": MERKEL, "date_publish": "2022-02-18", "id": None},
        ]
        found = list(wirelens.analyze(given, tasks="entities"))
        self.assertEqual([analysis.id for analysis in found], ["1", "a", "7", "4"])
        self.assertEqual((found[1].title, found[1].source, found[1].published), ("Heroes", "The Outlet", "2022-02-18"))
        self.assertEqual((found[2].source, found[2].published), (None, "2022-02-18T12:00:00"))
        self.assertEqual(found[3].published, "2022-02-18")

    def test_tasks_targets_and_lengths(self) -> None:
        (found,) = wirelens.analyze(
            texts()[3:4], tasks=["stance", "summary"], targets=["Mali", "Wagner"], sentences=1, with_text=True
        )
        self.assertIsNone(found.entities)
        self.assertIsNone(found.quotes)
        assert found.summary and found.stance
        self.assertEqual(len(found.summary.sentences), 1)
        self.assertEqual([stance.target for stance in found.stance], ["Mali", "Wagner"])
        self.assertEqual(
            (found.stance[1].label, found.stance[1].scores, found.stance[1].evidence), ("absent", None, [])
        )
        self.assertEqual(found.text, texts()[3])

    def test_targets_in_every_form(self) -> None:
        text = 'The "Big, Bad = Group" failed. Critics called the Red Cross heroic. The 9/11 law was praised.'
        odd = {'a "b", c=d \x7f\n☃': ["Big, Bad = Group"], "help": "Red Cross", "law": ("9/11 law", "9/11 act")}
        (found,) = wirelens.analyze([text], tasks="stance", targets=odd)
        self.assertEqual([s.target for s in found.stance or []], list(odd))
        self.assertNotIn("absent", [s.label for s in found.stance or []])
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "targets.toml"
            path.write_text('[targets]\nhelp = ["Red Cross"]\n', encoding="utf-8")
            (found,) = wirelens.analyze([text], tasks="stance", targets=path)
        self.assertEqual([s.target for s in found.stance or []], ["help"])
        (found,) = wirelens.analyze([text], tasks="stance", targets="Red Cross")
        self.assertEqual([s.target for s in found.stance or []], ["Red Cross"])
        self.assertRaises(TypeError, wirelens.analyze, [text], targets=[5])

    def test_no_file_is_left_behind(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            before, tempfile.tempdir = tempfile.tempdir, folder
            try:
                list(wirelens.analyze([MERKEL], tasks="stance", targets=["Red Cross"]))
                with wirelens.analyze([MERKEL], targets=["Red Cross"]) as analyses:
                    next(analyses)
                self.assertRaises(
                    wirelens.WirelensError, list, wirelens.analyze([MERKEL], targets=["Red Cross"], pack="/no/pack")
                )
            finally:
                tempfile.tempdir = before
            self.assertEqual(os.listdir(folder), [])

    def test_many_articles_in_their_order(self) -> None:
        many = [f"Article {number}: Angela Merkel spoke in Berlin." for number in range(300)]
        found = list(wirelens.analyze(many, tasks="entities", with_text=True))
        self.assertEqual([analysis.text for analysis in found], many)

    def test_nothing_gives_nothing(self) -> None:
        self.assertEqual(list(wirelens.analyze([])), [])


class Errors(WithProgram):
    BAD: ClassVar[List[Any]] = [
        "",
        " \n",
        {"title": "no text"},
        5,
        {"text": "a", "number": object()},
        {"text": "lone \ud800 surrogate"},
        None,
    ]

    def test_a_bad_article_costs_no_other(self) -> None:
        given: List[Any] = [MERKEL]
        for bad in self.BAD:
            given += [bad, MERKEL]
        found: List[Any] = list(wirelens.analyze(given, tasks="entities", errors="return"))
        self.assertEqual(len(found), len(given))
        for number, (article, result) in enumerate(zip(given, found), 1):
            if article == MERKEL:
                self.assertIsInstance(result, wirelens.Analysis)
                self.assertEqual(result.id, str(number))
            else:
                self.assertIsInstance(result, wirelens.ArticleError)
                self.assertEqual(result.number, number)
                self.assertTrue(result.reason)
        self.assertEqual(str(found[1]), f"article 2: {found[1].reason}")
        self.assertIn("only white space", found[1].reason)
        self.assertEqual(
            str(found[7]), "article 8: an article is a str, a wirelens.Article or a mapping, and this is a int"
        )

    def test_a_bad_article_is_raised_by_default(self) -> None:
        analyses = wirelens.analyze([MERKEL, wirelens.Article(" ", id="empty"), MERKEL], tasks="entities")
        next(analyses)
        with self.assertRaisesRegex(wirelens.ArticleError, r"article 2 \(id 'empty'\): .*white space") as raised:
            next(analyses)
        self.assertEqual((raised.exception.number, raised.exception.id), (2, "empty"))
        self.assertRaises(StopIteration, next, analyses)

    def test_what_the_program_refuses_is_in_the_message(self) -> None:
        for options, pattern in (
            ({"pack": "/no/such/pack"}, "exit code 2 after 0 answers:\n.*no/such/pack"),
            ({"tasks": "entities,nonsense"}, "invalid value 'nonsense'"),
            ({"targets": {"a": ["..."]}}, "wirelens: targets: 'a' needs aliases with a word in each"),
            ({"arguments": ["--no-such-option"]}, "--no-such-option"),
        ):
            with self.subTest(options=options), self.assertRaisesRegex(wirelens.WirelensError, pattern):
                list(wirelens.analyze([MERKEL], **options))

    def test_a_string_is_no_list_of_articles(self) -> None:
        with self.assertRaisesRegex(TypeError, "put it into a list"):
            wirelens.analyze(MERKEL)
        self.assertRaises(ValueError, wirelens.analyze, [MERKEL], errors="ignore")
        self.assertRaises(TypeError, wirelens.analyze, 5)


class Version(WithProgram):
    def test_the_package_has_the_version_of_the_program(self) -> None:
        said = subprocess.run([sys.executable, "-m", "wirelens", "--version"], env={**os.environ, "PYTHONPATH": str(
            pathlib.Path(wirelens.__file__).parents[1])}, check=True, capture_output=True, text=True).stdout  # fmt: skip
        self.assertEqual(said.split()[-1], wirelens.__version__)


if __name__ == "__main__":
    unittest.main()
