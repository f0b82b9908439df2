"""`to_pandas`. Without pandas these tests are skipped, and say so."""

import subprocess
import sys
import typing
import unittest
from typing import List, Union

import wirelens
from test_results import WHOLE
from wirelens.tables import TABLES, Table

try:
    import pandas
except ImportError:
    pandas = None  # type: ignore[assignment]
    print("pandas is not installed: the tests of to_pandas are skipped", file=sys.stderr)


class Lazy(unittest.TestCase):
    def test_pandas_is_imported_only_when_it_is_asked_for(self) -> None:
        code = "import sys, wirelens; sys.exit('pandas' in sys.modules)"
        path = wirelens.__file__.rsplit("/", 2)[0]
        self.assertEqual(subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": path}).returncode, 0)


@unittest.skipIf(pandas is None, "pandas is not installed")
class Tables(unittest.TestCase):
    def setUp(self) -> None:
        self.analysis = wirelens.Analysis.from_json(WHOLE)
        self.error = wirelens.ArticleError(2, "b", "has no text")

    def rows(self, table: Table) -> list:
        both: List[Union[wirelens.Analysis, wirelens.ArticleError]] = [self.analysis, self.error]
        frame = wirelens.to_pandas(iter(both), table=table)
        return frame.astype(object).where(frame.notna(), None).to_dict("records")

    def test_entities(self) -> None:
        self.assertEqual(
            self.rows("entities"), [{"id": "a", "name": "N", "type": "PER", "mentions": 1, "start": 0, "score": 0.9}]
        )

    def test_stance(self) -> None:
        absent = {
            "id": "a",
            "target": "t",
            "label": "absent",
            "favor": None,
            "neutral": None,
            "against": None,
            "sentences": 0,
        }
        favor = {
            "id": "a",
            "target": "u",
            "label": "favor",
            "favor": 0.8,
            "neutral": 0.1,
            "against": 0.1,
            "sentences": 1,
        }
        self.assertEqual(self.rows("stance"), [absent, favor])

    def test_quotes(self) -> None:
        row = {"id": "a", "speaker": "N", "cue": None, "content": "", "direct": True, "start": None, "score": 0.5}
        self.assertEqual(self.rows("quotes"), [row])

    def test_summary_has_a_row_for_each_article_errors_included(self) -> None:
        first, second = self.rows("summary")
        self.assertEqual((first["id"], first["summary"], first["warnings"], first["error"]), ("a", "t", ["w"], None))
        self.assertEqual((second["id"], second["summary"], second["error"]), ("b", None, "has no text"))

    def test_an_empty_table_has_its_columns(self) -> None:
        for table in TABLES:
            self.assertEqual(wirelens.to_pandas([], table=typing.cast(Table, table)).columns[0], "id")

    def test_what_is_not_there_is_said(self) -> None:
        with self.assertRaisesRegex(ValueError, "no table 'names'; the tables are summary, entities, stance, quotes"):
            wirelens.to_pandas([self.analysis], table="names")  # type: ignore[arg-type]
        less = wirelens.Analysis.from_json({name: value for name, value in WHOLE.items() if name != "quotes"})
        with self.assertRaisesRegex(ValueError, "'a' was analysed without the task 'quotes'"):
            wirelens.to_pandas([less], table="quotes")


if __name__ == "__main__":
    unittest.main()
