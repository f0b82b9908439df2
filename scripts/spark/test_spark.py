"""What the Spark program promises, on a cluster of two executors that are processes of their own.

    make spark-test
    make spark-soak DATA=folder

The input is made of the sentences of eval/articles, with bad records among them. The table has to be that of a run on
one machine; and it has to be that, too, when a `wirelens`, a Python worker and an executor are killed on the way.
`make spark-soak` does the former for every body of FNC-1, with all three tasks.
"""

import contextlib
import csv
import glob
import io
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import pyarrow as pa
import pyarrow.parquet as pq
import pyspark
from pyspark.sql.pandas.types import to_arrow_schema

import wirelens_spark

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("WIRELENS", str(ROOT / "target/release/wirelens"))
PROGRAM = str(ROOT / "scripts/spark/wirelens_spark.py")
CLUSTER = "local-cluster[2,1,1024]"
ARTICLES = 200
BAD = [
    b"this is no JSON",
    b'{"id": "no text"}',
    b'{"id": "blank text", "text": "  "}',
    b'{"title": "neither id nor text"}',
    b'{"text": " "}',
    b'{"id": "a number", "text": 7}',
    b'{"id": "surrogate", "text": "Rome \\ud800."}',
    b'{"id": "no UTF-8", "text": "Caf\xe9 in Paris."}',
    b'["a list"]',
    b"",
    b" \t\r",
]
# Text that a shell, a pipe or a splitter of lines might take for something else.
ODD = "$(touch owned) `id`; rm -rf / | 'quoted' \"twice\" \\n \u2028 \x85 \r \x00 in Paris \N{SNOWMAN} \N{GRINNING FACE}."


def articles() -> list:
    sentences = []
    for path in sorted((ROOT / "eval/articles").glob("*.txt")):
        sentences += [line for line in path.read_text().splitlines() if 40 < len(line) < 600]
    pick = random.Random(5)
    texts = ["\n".join(pick.sample(sentences, 3)) for _ in range(ARTICLES - 2)]
    rows = [{"id": f"a{n:03}", "text": text, "title": f"Title {n}"} for n, text in enumerate(texts)]
    return rows + [{"id": "odd", "text": ODD}, {"id": 7, "text": "Angela Merkel spoke in Berlin."}]


def single(inputs: pathlib.Path, output: pathlib.Path) -> None:
    words = [BINARY, "batch", str(inputs), "--output", str(output), "--threads", "1", "--tasks", "entities"]
    status = subprocess.run(words, stderr=subprocess.PIPE).returncode
    assert status in (0, 1), status


def submit(inputs, output, *options, master=CLUSTER, logs=None, passed_on=("--tasks", "entities")) -> subprocess.Popen:
    home = pathlib.Path(pyspark.__file__).parent
    environment = {**os.environ, "SPARK_HOME": str(home), "PYSPARK_PYTHON": sys.executable}
    environment.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    words = [str(home / "bin/spark-submit"), "--master", master, "--conf", "spark.ui.enabled=false"]
    # Such short runs do not repay a second compiler.
    for side in ("driver", "executor"):
        words += ["--conf", f"spark.{side}.extraJavaOptions=-XX:TieredStopAtLevel=1"]
    if logs:
        words += ["--conf", "spark.eventLog.enabled=true", "--conf", f"spark.eventLog.dir={logs.as_uri()}"]
        words += ["--conf", "spark.eventLog.compress=false"]
    words += [PROGRAM, str(inputs), "--output", str(output), "--binary", BINARY, *options, "--", *passed_on]
    with open(f"{output}.log", "wb") as said:
        return subprocess.Popen(words, env=environment, stdout=said, stderr=said)


def log(output) -> str:
    return pathlib.Path(f"{output}.log").read_text(errors="replace")


def rows(path) -> list:
    return sorted(pq.read_table(path).to_pylist(), key=lambda row: row["id"])


def errors(path, *members) -> list:
    files = [path] if path.is_file() else sorted(path.glob("*.json"))
    found = [json.loads(line) for file in files for line in file.read_text().split("\n") if line]
    return sorted(({name: error[name] for name in members or ("id", "reason")} for error in found), key=str)


def differences(one, other, path="") -> list:
    """Where two values differ; numbers with a fraction may do so in their last digit, the fourth."""
    if type(one) is not type(other):
        return [f"{path}: {one!r} and {other!r}"]
    if isinstance(one, dict):
        return [d for key in {**one, **other} for d in differences(one.get(key), other.get(key), f"{path}.{key}")]
    if isinstance(one, list):
        if len(one) != len(other):
            return [f"{path}: {len(one)} and {len(other)} items"]
        return [d for n, (a, b) in enumerate(zip(one, other)) for d in differences(a, b, f"{path}[{n}]")]
    same = abs(one - other) < 1.5e-4 if isinstance(one, float) else one == other
    return [] if same else [f"{path}: {one!r} and {other!r}"]


def fractions(value) -> list:
    if isinstance(value, dict):
        return [f for key in value for f in fractions(value[key])]
    if isinstance(value, list):
        return [f for item in value for f in fractions(item)]
    return [value] if isinstance(value, float) else []


class Processes:
    """The processes below one, from /proc."""

    def __init__(self, top: int) -> None:
        self.parents, self.words, self.seconds = {}, {}, {}
        for place in glob.glob("/proc/[0-9]*"):
            try:
                stat = pathlib.Path(place, "stat").read_text().rpartition(")")[2].split()
                words = pathlib.Path(place, "cmdline").read_bytes().decode(errors="replace").split("\0")
            except OSError:
                continue  # It has ended.
            number = int(pathlib.Path(place).name)
            self.parents[number], self.words[number] = int(stat[1]), words
            self.seconds[number] = (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")
        self.top = top

    def is_below(self, number: int) -> bool:
        while number in self.parents and number != self.top:
            number = self.parents[number]
        return number == self.top

    def filters(self) -> list:
        """Instances of `wirelens` that are past loading the model."""
        mine = [n for n, words in self.words.items() if words[0] == BINARY and self.is_below(n)]
        return [n for n in mine if self.seconds[n] > 0.8]

    def victim(self, kind: str):
        for number in self.filters():
            worker = self.parents[number]
            if kind == "wirelens":
                return number
            if kind == "worker":
                return worker
            while number in self.parents and "CoarseGrainedExecutorBackend" not in " ".join(self.words[number]):
                number = self.parents[number]
            if number in self.parents:
                return number
        return None


class Cluster(unittest.TestCase):
    maxDiff = 4000
    folder: pathlib.Path

    @classmethod
    def setUpClass(cls) -> None:
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="wirelens-spark-"))

    @classmethod
    def tearDownClass(cls) -> None:
        shutil.rmtree(cls.folder)
        # Where the workers of such a cluster keep what their executors say.
        shutil.rmtree(pathlib.Path(pyspark.__file__).parent / "work", ignore_errors=True)

    def finish(self, job: subprocess.Popen, output, seconds: int = 300) -> None:
        self.assertEqual(job.wait(timeout=seconds), 0, log(output)[-6000:])
        self.assertFalse(pathlib.Path(f"{output}.staged").exists())

    def assert_same(self, output: pathlib.Path, alone: pathlib.Path) -> None:
        ours, theirs = rows(output), rows(alone)
        self.assertEqual([row["id"] for row in ours], [row["id"] for row in theirs])
        self.assertEqual(differences(ours, theirs), [])
        pairs = list(zip(fractions(ours), fractions(theirs)))
        moved = sum(a != b for a, b in pairs)
        print(f"\n{output.name}: {len(ours)} articles; {moved} of {len(pairs)} numbers differ in the fourth decimal")


class Spark(Cluster):
    lines: pathlib.Path
    alone: pathlib.Path

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.lines = cls.folder / "in.jsonl"
        lines = [json.dumps(article).encode() for article in articles()]
        for n, bad in enumerate(BAD):
            lines.insert(n * 20 + 3, bad)
        cls.lines.write_bytes(b"\n".join(lines) + b"\n")
        cls.alone = cls.folder / "single.parquet"
        single(cls.lines, cls.alone)

    def test_the_table_is_that_of_one_machine(self) -> None:
        output = self.folder / "lines.parquet"
        self.finish(submit(self.lines, output, "--partitions", "4"), output)
        self.assert_same(output, self.alone)
        self.assertEqual(len(rows(output)), ARTICLES)
        for part in output.glob("*.parquet"):
            self.assertEqual(pq.read_schema(part).remove_metadata(), pq.read_schema(self.alone).remove_metadata())
        found = errors(pathlib.Path(f"{output}.errors"))
        self.assertEqual(found, errors(pathlib.Path(f"{self.alone}.errors.jsonl")))
        self.assertEqual(len(found), len([bad for bad in BAD if bad.strip()]))

    def test_what_is_killed_is_done_again(self) -> None:
        output, logs = self.folder / "killed.parquet", self.folder / "logs"
        logs.mkdir()
        # Small windows, so that answers are on their way when the blow falls.
        passed_on = ["--tasks", "entities", "--window", "4", "--precision", "f32"]
        job = submit(self.lines, output, "--partitions", "4", logs=logs, passed_on=passed_on)
        for kind in ["wirelens", "worker", "executor"]:
            victim, until = None, time.monotonic() + 120
            while victim is None and job.poll() is None and time.monotonic() < until:
                time.sleep(0.05)
                victim = Processes(job.pid).victim(kind)
            assert victim is not None, f"no {kind} to kill: {log(output)[-4000:]}"
            os.kill(victim, signal.SIGKILL)
        self.finish(job, output)
        alone = self.folder / "single-f32.parquet"
        words = [BINARY, "batch", str(self.lines), "--output", str(alone), "--threads", "1", *passed_on]
        subprocess.run(words, stderr=subprocess.PIPE)
        self.assert_same(output, alone)
        self.assertEqual(errors(pathlib.Path(f"{output}.errors")), errors(pathlib.Path(f"{self.alone}.errors.jsonl")))
        # That Spark saw each of the three.
        events = [
            json.loads(line)
            for path in sorted(logs.rglob("*"))
            if path.is_file() and "appstatus" not in path.name
            for line in path.read_text().splitlines()
        ]
        ends = [event["Task End Reason"] for event in events if event["Event"] == "SparkListenerTaskEnd"]
        failed = [json.dumps(end) for end in ends if end["Reason"] != "Success"]
        for sign in ["ended with signal 9", "Python worker exited unexpectedly", "ExecutorLostFailure"]:
            self.assertTrue(any(sign in reason for reason in failed), f"{sign}: {failed}"[:4000])
        print(f"{len(failed)} task attempts failed, {len(ends) - len(failed)} did not")

    def test_tables_and_csv(self) -> None:
        some = [{**article, "id": n} for n, article in enumerate(articles()[:12])]
        some[3]["text"], some[5]["id"] = None, None
        folder = self.folder / "forms"
        folder.mkdir()
        table = folder / "some.parquet"
        pq.write_table(pa.Table.from_pylist([{"Guid `1`": a["id"], "the.text": a["text"]} for a in some]), table)
        fields = ["--id-field", "Guid `1`", "--text-field", "the.text"]
        output = self.folder / "table.parquet"
        self.finish(submit(table, output, *fields, master="local[1]"), output)
        alone = self.folder / "table-single.parquet"
        words = [BINARY, "batch", str(table), *fields, "--output", str(alone), "--threads", "1", "--tasks", "entities"]
        subprocess.run(words, stderr=subprocess.PIPE)
        self.assert_same(output, alone)
        (error,) = errors(pathlib.Path(f"{output}.errors"), "id", "place", "reason")
        self.assertEqual((error["id"], error["place"]), ("3", "row 4"))
        self.assertIn("has no text", error["reason"])

        text = '\ufeffid,text\n1,"Paris, ""France"".\r\n\r\nStill one."\n2,a,b\n3\n4,\n5,Z\u00fcrich is near Bern.\n'
        comma = folder / "some.csv"
        comma.write_bytes(text.encode() + b"6,Caf\xe9 in Paris\n")
        output = self.folder / "comma.parquet"
        self.finish(submit(comma, output, master="local[1]"), output)
        alone = self.folder / "comma-single.parquet"
        single(comma, alone)
        self.assert_same(output, alone)
        reasons = [error["reason"] for error in errors(pathlib.Path(f"{output}.errors"))]
        self.assertEqual(len([r for r in reasons if "number of cells" in r]), 2, reasons)
        self.assertEqual(len([r for r in reasons if "not valid UTF-8" in r]), 1, reasons)
        self.assertEqual(len(reasons), 4, reasons)

    def test_folders_in_folders_and_a_first_record_that_looks_packed(self) -> None:
        folder = self.folder / "day"
        (folder / "2022-02-17").mkdir(parents=True)
        article = b'{"id": 1, "text": "Angela Merkel spoke in Berlin."}\n'
        (folder / "2022-02-17/late.jsonl").write_bytes(b"\x1f\x8b\x08 no gzip\n" + article)
        output = self.folder / "day.parquet"
        self.finish(submit(folder, output, "--input-format", "jsonl", master="local[1]"), output)
        before = rows(output)
        self.assertEqual([row["id"] for row in before], ["1"])
        self.assertEqual(len(errors(pathlib.Path(f"{output}.errors"))), 1)
        job = submit(output, output, "--restart", master="local[1]")
        self.assertNotEqual(job.wait(timeout=120), 0)
        self.assertIn("is what this job writes", log(output))
        self.assertEqual(rows(output), before)

    def test_a_filter_that_fails_is_quoted(self) -> None:
        output = self.folder / "failing.parquet"
        job = submit(self.lines, output, master="local[1]", passed_on=["--targets", "/not/there.toml"])
        self.assertNotEqual(job.wait(timeout=120), 0)
        self.assertIn("/not/there.toml", log(output))
        self.assertIn("ended with status 2", log(output))
        self.assertFalse(output.exists())


@unittest.skipUnless(os.environ.get("BODIES"), "make spark-soak reads every body of FNC-1")
class Bodies(Cluster):
    def test_the_table_is_that_of_a_run_that_was_killed_twice(self) -> None:
        bodies = pathlib.Path(os.environ["BODIES"]).resolve()
        alone, output = self.folder / "alone.parquet", self.folder / "bodies.parquet"
        fields = ["--id-field", "Body ID", "--text-field", "articleBody"]
        words = [BINARY, "batch", str(bodies), *fields, "--output", str(alone)]
        journal = pathlib.Path(f"{alone}.journal")
        for windows in [8, 16]:
            run = subprocess.Popen(words, stderr=subprocess.DEVNULL)
            while not journal.exists() or len(journal.read_bytes().splitlines()) <= windows:
                self.assertIsNone(run.poll())
                time.sleep(0.1)
            run.kill()
            run.wait()
        subprocess.run(words, check=True)
        with open(bodies, encoding="utf-8", newline="") as file:
            ids = [row["Body ID"] for row in csv.DictReader(file)]
        self.assertEqual([row["id"] for row in pq.read_table(alone).to_pylist()], ids)
        self.finish(submit(bodies, output, *fields, "--partitions", "8", passed_on=()), output, seconds=3600)
        self.assert_same(output, alone)


class Alone(unittest.TestCase):
    """What needs no cluster."""

    def test_the_columns_are_those_of_the_table(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            article = pathlib.Path(folder, "a.jsonl")
            article.write_text('{"id": 1, "text": "Angela Merkel spoke in Berlin."}\n')
            table = pathlib.Path(folder, "a.parquet")
            single(article, table)
            ours = to_arrow_schema(wirelens_spark.table_schema(BINARY))
            self.assertEqual(ours, pq.read_schema(table).remove_metadata())

    def test_what_breaks_the_count_of_answers_is_not_passed_on(self) -> None:
        for word in ["--shard=1/2", "--output", "-oout.jsonl", "--max-errors"]:
            with self.assertRaises(SystemExit), contextlib.redirect_stderr(io.StringIO()):
                wirelens_spark.arguments(["a.jsonl", "--output", "o", "--", word])

    def test_inputs_of_several_formats_are_refused(self) -> None:
        for inputs in [["a.jsonl", "b.csv"], ["a.jsonl", "b"]]:
            with self.assertRaises(SystemExit), contextlib.redirect_stderr(io.StringIO()):
                wirelens_spark.arguments([*inputs, "--output", "o"])
        self.assertEqual(wirelens_spark.arguments(["a.jsonl", "b.jsonl.gz", "--output", "o"]).input_format, "jsonl")

    def test_ids(self) -> None:
        row = {"file": "file:/a/b%20c.jsonl.gz", "line": b'{"text": "Paris."}'}
        record = wirelens_spark.line_record(dict(row), "id", "text")
        again = wirelens_spark.line_record(dict(row), "id", "text")
        self.assertEqual(record, again)
        assert record is not None
        self.assertFalse(record.named)
        self.assertTrue(json.loads(record.line)["id"].startswith("b c:"))
        kept = wirelens_spark.line_record({**row, "line": b'{"id": 0, "text": "x"}'}, "id", "text")
        assert kept is not None
        self.assertEqual((kept.line, kept.named), (b'{"id": 0, "text": "x"}', True))

    def test_no_pipe_fills_up_and_no_record_waits_long(self) -> None:
        """More text than pipes hold, in both directions, through a filter that answers at length."""
        program = (
            "import sys, json\nsys.stdin.buffer.readline()\nfor line in sys.stdin.buffer:\n    id = json.loads(line)['id']\n"
            "    print(json.dumps({'id': id, 'text': id * 1000}), flush=True)"
        )
        taken, ahead, count = 0, 0, 5000

        def batches():
            nonlocal taken
            for start in range(0, count, 50):
                lines = [json.dumps({"id": f"{n:04}", "text": "x" * 2000}).encode() for n in range(start, start + 50)]
                taken += len(lines)
                yield pa.RecordBatch.from_pydict({"line": lines, "file": ["file:/a.jsonl"] * len(lines)})

        schema = pa.schema([("id", pa.string()), ("text", pa.string())])
        found = []
        for batch in wirelens_spark.find(batches(), [sys.executable, "-c", program], ("id", "text"), schema):
            found += batch.column("id").to_pylist()
            time.sleep(0.002)
            ahead = max(ahead, taken - len(found))
        self.assertEqual(found, [f"{n:04}" for n in range(count)])
        self.assertLess(ahead, 500)

    def test_a_filter_that_leaves_records_unanswered_fails(self) -> None:
        lines = [json.dumps({"id": n, "text": "x"}).encode() for n in range(9)]
        batch = pa.RecordBatch.from_pydict({"line": lines, "file": ["file:/a.jsonl"] * len(lines)})
        schema = pa.schema([("id", pa.string())])
        one = "import sys; sys.stdin.read(); print('{\"id\": \"0\"}'); sys.stderr.write('out of luck'); sys.exit(%d)"
        for status in (0, 1, 3):
            words = [sys.executable, "-c", one % status]
            with self.assertRaisesRegex(RuntimeError, f"status {status}, 8 records unanswered(?s:.*)out of luck"):
                list(wirelens_spark.find(iter([batch]), words, ("id", "text"), schema))


if __name__ == "__main__":
    unittest.main(verbosity=2)
