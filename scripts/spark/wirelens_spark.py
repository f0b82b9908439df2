#!/usr/bin/env python3
"""Wirelens over a Spark cluster: Parquet, JSON Lines or CSV in, one Parquet table of findings out.

    spark-submit scripts/spark/wirelens_spark.py articles.jsonl --output findings.parquet -- --tasks entities

Every partition goes through one `wirelens batch - --output -`, so the model is loaded once a task. The table has the
columns of `wirelens batch … --output x.parquet`, which follow from `wirelens schema`. Records that fail are in
OUTPUT.errors, as JSON Lines. Both are cut from one staged dataset, OUTPUT.staged, so nothing is computed twice.

Exactly once: a task that fails, or dies with its machine, is run again by Spark from its beginning, and Spark's commit
protocol takes the files of one attempt only. What follows `--` goes to `wirelens batch` as it is; name files in it by
paths that hold on every machine. See docs/scaling.md.
"""

import argparse
import collections
import hashlib
import itertools
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import urllib.parse
from collections.abc import Iterator
from typing import NamedTuple

import pyarrow as pa
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as T
from pyspark.sql.pandas.types import to_arrow_schema

FIELDS = ["id", "text", "title", "source", "url", "published"]
ERROR = T.StructType([T.StructField(name, T.StringType()) for name in ["id", "input", "place", "reason", "record"]])
MALFORMED = "_wirelens_malformed"
# Text of a task by default. Spark's own 128 MB would be hours of work, all of it lost with the task.
PARTITION = "4m"
# And what another file in it counts for: with Spark's own 4 MB each small file would be a task that loads the model.
SIZES = {"spark.sql.files.maxPartitionBytes": PARTITION, "spark.sql.files.openCostInBytes": "64k"}
# What the job writes, behind --output.
ENDINGS = ["", ".errors", ".staged"]
# Rows that Spark hands over at a time, and rows and bytes of JSON that are handed back.
ROWS, BYTES = 64, 4 << 20


class Record(NamedTuple):
    """What is known of a record while the filter has it."""

    line: bytes
    file: str
    row: int | None
    # Whether its id is its own.
    named: bool = False
    # Why it does not go to the filter.
    refused: str | None = None

    def error(self, reason: str, own_id: str | None) -> dict:
        place = None if self.row is None else f"row {self.row}"
        head = self.line[:300].decode(errors="replace")
        return {"error": {"id": own_id, "input": self.file, "place": place, "reason": reason, "record": head}}


def arguments(argv: list) -> argparse.Namespace:
    own, passed_on = argv, []
    if "--" in argv:
        own, passed_on = argv[: argv.index("--")], argv[argv.index("--") + 1 :]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("inputs", nargs="+", help="files, folders or patterns, as Spark reads them")
    parser.add_argument("--output", required=True, help="the Parquet dataset to write, a folder")
    parser.add_argument("--restart", action="store_true", help="write over an output that is there")
    parser.add_argument("--input-format", choices=["jsonl", "parquet", "csv"], help="default: by the inputs' names")
    for field in FIELDS:
        parser.add_argument(f"--{field}-field", default=field, metavar="NAME", help=f"default: {field}")
    checkout = pathlib.Path(__file__).resolve().parents[2]
    default = str(checkout / "target/release/wirelens")
    parser.add_argument("--binary", default=default, help="the program, at the same path on every machine")
    parser.add_argument("--pack", help="model pack, by name or folder")
    parser.add_argument("--threads", type=int, default=1, help="CPU threads and Spark cores of each task [default: 1]")
    parser.add_argument("--partitions", type=int, help=f"tasks [default: one for every {PARTITION[:-1]} MB of input]")
    args = parser.parse_args(own)
    if args.threads < 1 or (args.partitions is not None and args.partitions < 1):
        parser.error("--threads and --partitions have to be 1 or more")
    # Those that break "one answer for each record", or that this program sets.
    ours = ["--output", "-o", "--shard", "--max-errors", "--metrics", "--input-format", "--encoding", "--threads"]
    ours += ["--pack", "--restart", "--one-file-each"] + [f"--{field}-field" for field in FIELDS]
    for word in passed_on:
        if word.split("=")[0] in ours or (word.startswith("-o") and not word.startswith("--")):
            parser.error(f"{word} cannot be passed on to every task; leave it out behind --")
    args.passed_on = passed_on
    args.output = args.output.rstrip("/")
    if args.input_format is None:
        formats = {format_of(path): path for path in args.inputs}
        if None in formats:
            parser.error(f"{formats[None]}: its name does not tell the format; say it with --input-format")
        if len(formats) > 1:
            parser.error(f"{' and '.join(formats.values())} are of several formats; run a job for each")
        (args.input_format,) = formats
    return args


def format_of(path: str) -> str | None:
    name = path.lower().rstrip("/").removesuffix(".gz").removesuffix(".zst")
    endings = {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".parquet": "parquet"}
    return endings.get(pathlib.PurePosixPath(name).suffix)


def command(args: argparse.Namespace) -> list:
    """The filter, as a list that no shell sees."""
    words = [args.binary, "batch", "-", "--output", "-", "--input-format", "jsonl", "--threads", str(args.threads)]
    if args.pack:
        words += ["--pack", os.path.abspath(args.pack) if os.sep in args.pack else args.pack]
    if args.input_format == "jsonl":
        for field in FIELDS:
            words.append(f"--{field}-field={getattr(args, f'{field}_field')}")
    return words + args.passed_on


def columns(node: dict, root: dict) -> T.DataType:
    """The Spark type of a part of the JSON Schema, as `src/batch/output/table.rs` makes it for Arrow."""
    if "$ref" in node:
        target = root
        for key in node["$ref"].removeprefix("#/").split("/"):
            target = target[key]
        return columns(target, root)
    for choice in ("anyOf", "oneOf"):
        if choice in node:
            return columns(next(value for value in node[choice] if value.get("type") != "null"), root)
    names = node["type"] if isinstance(node["type"], list) else [node["type"]]
    name = next(name for name in names if name != "null")
    if name == "array":
        return T.ArrayType(columns(node["items"], root))
    if name == "object":
        required = node.get("required", [])
        order = required + [key for key in node["properties"] if key not in required]
        return T.StructType([T.StructField(key, columns(node["properties"][key], root)) for key in order])
    plain = {"string": T.StringType, "integer": T.LongType, "number": T.DoubleType, "boolean": T.BooleanType}
    return plain[name]()


def table_schema(binary: str) -> T.StructType:
    try:
        printed = subprocess.run([binary, "schema"], capture_output=True, check=True).stdout
    except OSError as error:
        sys.exit(f"wirelens_spark: {binary} cannot be run ({error.strerror}): name the program with --binary")
    except subprocess.CalledProcessError as error:
        sys.exit(f"wirelens_spark: {binary} schema failed:\n{error.stderr.decode(errors='replace')}")
    schema = json.loads(printed)
    return columns(schema, schema)


def read_input(spark: SparkSession, args: argparse.Namespace) -> DataFrame:
    """One row a record, with its file: its line as it stands, or its fields. All as bytes, for text may be broken."""
    file = F.col("_metadata.file_path").alias("file")
    if args.input_format == "jsonl":
        # Spark's own reader of JSON would make rows of nulls of bad lines, and split at \r.
        lines = spark.read.text(args.inputs, lineSep="\n", recursiveFileLookup=True)
        return lines.select(F.col("value").cast("binary").alias("line"), file)
    if args.input_format == "parquet":
        table = spark.read.parquet(*args.inputs, recursiveFileLookup=True)
        cells = {name: text_of(name).cast("binary") for name in table.columns}
        extra = [(F.col("_metadata.row_index") + 1).alias("row")]
    else:
        # Two passes, since rows of another width are only told apart where the schema asks for it.
        # In Latin-1 every byte is a character, so that what is no UTF-8 is found out and not replaced.
        options = {"header": True, "multiLine": True, "escape": '"', "enforceSchema": False}
        options.update(encoding="ISO-8859-1", recursiveFileLookup=True)
        spark.conf.set("spark.sql.csv.parser.columnPruning.enabled", False)
        header = spark.read.csv(args.inputs, **options).schema
        if any(re.fullmatch(r"_c\d+", name) for name in header.names):
            sys.exit("wirelens_spark: a column has no name in the header, which Spark cannot read; give it one")
        schema = T.StructType(header.fields + [T.StructField(MALFORMED, T.StringType())])
        table = spark.read.csv(args.inputs, schema=schema, columnNameOfCorruptRecord=MALFORMED, **options)
        cells = {in_utf8(name): F.encode(text_of(name), "ISO-8859-1") for name in header.names}
        extra = [F.encode(F.col(MALFORMED), "ISO-8859-1").alias("malformed")]
    if args.text_field not in cells:
        listed = ", ".join(cells)
        sys.exit(f"wirelens_spark: no column '{args.text_field}' (columns: {listed}); name it with --text-field")
    wanted = [(field, getattr(args, f"{field}_field")) for field in FIELDS]
    found = [cells[name].alias(field) for field, name in wanted if name in cells]
    return table.select(*found, *extra, file)


def text_of(name: str) -> Column:
    quoted = name.replace("`", "``")
    return F.col(f"`{quoted}`").cast("string")


def in_utf8(name: str) -> str:
    """A name that was read as Latin-1."""
    return name.encode("latin-1", errors="replace").decode(errors="replace").removeprefix("\ufeff")


def records(batches: Iterator[pa.RecordBatch], id_field: str, text_field: str) -> Iterator[Record]:
    for batch in batches:
        for row in batch.to_pylist():
            record = line_record(row, id_field, text_field) if "line" in row else table_record(row)
            if record is not None:
                yield record


def line_record(row: dict, id_field: str, text_field: str) -> Record | None:
    line, file = row["line"], urllib.parse.unquote(row["file"])
    if not line.strip(b" \t\n\x0c\r"):
        return None  # Wirelens has no answer to a blank line.
    try:
        article = json.loads(line)
        is_article = isinstance(article, dict) and isinstance(article.get(text_field), str)
    except (ValueError, RecursionError):
        is_article = False
    # What will not become an article goes as it is, to be answered with the reason.
    named = not is_article or has_id(article.get(id_field))
    if not named:
        article[id_field] = made_id(file, None, line)
        line = json.dumps(article).encode()
    return Record(line, file, None, named)


def table_record(row: dict) -> Record:
    file, number = urllib.parse.unquote(row.pop("file")), row.pop("row", None)
    malformed = row.pop("malformed", None)
    if malformed is not None:
        return Record(malformed, file, number, refused="has another number of cells than the header")
    article = {}
    for field, cell in row.items():
        try:
            article[field] = None if cell is None else cell.decode()
        except UnicodeDecodeError as error:
            if field == "text":
                return Record(cell, file, number, refused=f"is not valid UTF-8 at byte {error.start} of its text")
            article[field] = None  # As Wirelens takes such a cell of a table.
    article = {field: text for field, text in article.items() if text is not None}
    named = has_id(article.get("id"))
    if not named:
        whole = b"\0".join(cell or b"" for cell in row.values())
        article["id"] = made_id(file, number, whole)
    return Record(json.dumps(article, ensure_ascii=False).encode(), file, number, named)


def has_id(value: object) -> bool:
    return isinstance(value, (str, int, float)) and not isinstance(value, bool) and bool(str(value).strip())


def made_id(file: str, row: int | None, whole: bytes) -> str:
    """Of a record without one. Where Spark tells no row, it goes by the contents, to be the same in every attempt."""
    name = pathlib.PurePosixPath(file).name.removesuffix(".gz").removesuffix(".zst")
    return f"{pathlib.PurePosixPath(name).stem}:{hashlib.sha256(whole).hexdigest()[:16] if row is None else row}"


def find(batches: Iterator[pa.RecordBatch], words: list, fields: tuple, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """The findings of a partition: its records go into a filter on one thread, while this one takes the answers.

    No more records are in between than the filter takes before it answers, which its windows and the pipes bound.
    """
    source = records(batches, *fields)
    first = next(source, None)
    if first is None:
        return
    waiting: collections.deque[Record] = collections.deque()
    refused: collections.deque[dict] = collections.deque()
    broken: list[BaseException] = []
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log)
        stdin, stdout = process.stdin, process.stdout
        assert stdin is not None and stdout is not None

        def feed() -> None:
            try:
                # A blank line, to which there is no answer: a first record that begins as a packed stream does would be
                # taken for one.
                stdin.write(b"\n")
                for record in itertools.chain([first], source):
                    if record.refused:
                        refused.append(record.error(record.refused, None))
                        continue
                    waiting.append(record)
                    stdin.write(record.line + b"\n")
                stdin.close()
            except BrokenPipeError:
                pass  # The status of the process tells why.
            except BaseException as error:
                broken.append(error)
                process.kill()

        feeder = threading.Thread(target=feed, daemon=True)
        feeder.start()
        try:
            rows, size = [], 0
            for line in stdout:
                if not line.endswith(b"\n"):
                    break  # It died while it wrote.
                rows.append(finding(json.loads(line), waiting.popleft()))
                size += len(line)
                if len(rows) >= ROWS or size >= BYTES:
                    yield pa.RecordBatch.from_pylist(rows, schema=schema)
                    rows, size = [], 0
            status = process.wait()
            feeder.join()
            if broken:
                raise broken[0]
            # 1 says that some records failed; their errors are among the answers.
            if status not in (0, 1) or waiting:
                raise RuntimeError(death(words, status, waiting, log))
            yield pa.RecordBatch.from_pylist(rows + list(refused), schema=schema)
        finally:
            process.kill()
            process.wait()
            stdout.close()


def finding(answer: dict, record: Record) -> dict:
    if "error" not in answer:
        return answer
    error = answer["error"]
    return record.error(error["reason"], error["id"] if record.named else None)


def death(words: list, status: int, waiting: collections.deque, log) -> str:
    log.seek(max(0, log.seek(0, os.SEEK_END) - 4000))
    said = log.read().decode(errors="replace").strip() or "(nothing)"
    next_up = f"; the first of them begins {waiting[0].line[:200]!r}" if waiting else ""
    how = f"signal {-status}" if status < 0 else f"status {status}"
    return f"{' '.join(words)} ended with {how}, {len(waiting)} records unanswered{next_up}. It said:\n{said}"


def located(uri: str) -> str:
    """One spelling of a place, of the many that there are (file:/a, file:///a; a%20b, a b)."""
    parts = urllib.parse.urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc}{urllib.parse.unquote(parts.path)}"


def remove(spark: SparkSession, path: str) -> None:
    place, files = hadoop(spark, path)
    files.delete(place, True)


def hadoop(spark: SparkSession, path: str):
    place = spark._jvm.org.apache.hadoop.fs.Path(path)
    return place, place.getFileSystem(spark._jsc.hadoopConfiguration())


def main() -> None:
    args = arguments(sys.argv[1:])
    findings = table_schema(args.binary)
    spark = SparkSession.builder.appName("wirelens").config("spark.task.cpus", args.threads).getOrCreate()
    place, files = hadoop(spark, args.output)
    if files.exists(place) and not args.restart:
        sys.exit(f"wirelens_spark: {args.output}: is there already; --restart writes over it")

    given = spark.sparkContext.getConf()
    usual = {name: spark.conf.get(name) for name in SIZES}
    for name, size in SIZES.items():
        if not given.contains(name):
            spark.conf.set(name, size)
    spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", ROWS)
    spark.conf.set("spark.sql.parquet.compression.codec", "zstd")
    articles = read_input(spark, args)
    own = [located(files.makeQualified(hadoop(spark, args.output + end)[0]).toUri().toString()) for end in ENDINGS]
    for path in map(located, articles.inputFiles()):
        if any(path == out or path.startswith(out + "/") for out in own):
            sys.exit(f"wirelens_spark: {path}: is what this job writes, or an earlier one wrote; take another --output")
    if args.partitions:
        articles = articles.repartition(args.partitions)
    staged = T.StructType(findings.fields + [T.StructField("error", ERROR)])
    words, fields, arrow = command(args), (args.id_field, args.text_field), to_arrow_schema(staged)
    found = articles.mapInArrow(lambda batches: find(batches, words, fields, arrow), staged)
    staging = f"{args.output}.staged"
    found.write.mode("overwrite").parquet(staging)

    for name, size in usual.items():
        spark.conf.set(name, size)
    whole = spark.read.schema(staged).parquet(staging)
    errors = whole.where("error is not null").select("error.*")
    # An older one must not be taken for the result of this job, should it end here.
    remove(spark, args.output)
    errors.write.mode("overwrite").json(f"{args.output}.errors", ignoreNullFields=False)
    # The last to be written, so that its _SUCCESS says that all of it is there.
    whole.where("error is null").drop("error").write.mode("overwrite").parquet(args.output)
    failed = spark.read.schema(ERROR).json(f"{args.output}.errors").count()
    articles = spark.read.parquet(args.output).count()
    remove(spark, staging)
    said = f", {failed} failed; the reasons are in {args.output}.errors" if failed else ""
    print(f"wirelens_spark: {args.output}: complete, {articles + failed} articles{said}", file=sys.stderr)
    spark.stop()


if __name__ == "__main__":
    main()
