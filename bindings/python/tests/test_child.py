"""The child process: bounded memory, and an end whatever happens. With stand-ins for the program."""

import gc
import itertools
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time
import unittest
from typing import Iterator

import wirelens
from support import WithStandIn, ends
from wirelens.process import MOST_PENDING

ECHO = "for line in sys.stdin: answer(line)"
SOURCE = str(pathlib.Path(wirelens.__file__).parents[1])


def pid_of(analyses: wirelens.Analyses) -> int:
    assert analyses._child is not None
    return analyses._child.process.pid


class Streams(WithStandIn):
    def test_an_endless_iterator_is_read_a_bounded_way_ahead(self) -> None:
        taken = 0

        def endless() -> Iterator[str]:
            nonlocal taken
            while True:
                taken += 1
                yield "x" * 1000

        with wirelens.analyze(endless(), program=self.stand_in(ECHO)) as analyses:
            found = list(itertools.islice(analyses, 3000))
            time.sleep(0.5)
            # What is pending, the article in hand, and what fills the pipes.
            self.assertLess(taken, 3000 + MOST_PENDING + 300)
        self.assertEqual([analysis.id for analysis in found[:3]], ["1", "2", "3"])
        self.assertEqual(found[-1].id, "3000")

    def test_an_answer_comes_before_the_next_article_is_known(self) -> None:
        asked = threading.Event()

        def slow() -> Iterator[str]:
            yield "first"
            self.assertTrue(asked.wait(20), "the first answer did not come")
            yield "second"

        analyses = wirelens.analyze(slow(), program=self.stand_in(ECHO))
        self.assertEqual(next(analyses).id, "1")
        asked.set()
        self.assertEqual([analysis.id for analysis in analyses], ["2"])

    def test_nothing_is_started_before_the_first_result_is_asked_for(self) -> None:
        marker = self.folder / "started"
        program = self.stand_in(f"open({str(marker)!r}, 'w').close()\n{ECHO}")
        analyses = wirelens.analyze(["a"], program=program)
        self.assertFalse(marker.exists())
        self.assertEqual(len(list(analyses)), 1)
        self.assertTrue(marker.exists())

    def test_targets_may_come_from_an_iterator(self) -> None:
        body = """
        (path,) = [word.split("=", 1)[1] for word in sys.argv if word.startswith("--targets=")]
        for line in sys.stdin: answer(line, title=open(path, encoding="utf-8").read())
        """
        program = self.stand_in(body)
        (found,) = wirelens.analyze(["a"], targets=iter(["Mali", "Wagner"]), program=program)
        self.assertEqual(found.title, '[targets]\n"Mali" = ["Mali"]\n"Wagner" = ["Wagner"]\n')
        (found,) = wirelens.analyze(["a"], targets={"junta": iter(["junta", "army"])}, program=program)
        self.assertEqual(found.title, '[targets]\n"junta" = ["junta", "army"]\n')

    def test_one_article_or_a_table_is_no_list_of_articles(self) -> None:
        class Table:
            columns = ("id", "text")

            def __iter__(self) -> Iterator[str]:
                return iter(self.columns)

        program = self.stand_in(ECHO)
        with self.assertRaisesRegex(TypeError, "one mapping: put it into a list"):
            wirelens.analyze({"text": "a"}, program=program)
        with self.assertRaisesRegex(TypeError, "a table: give its rows"):
            wirelens.analyze(Table(), program=program)

    def test_much_on_standard_error_does_not_block(self) -> None:
        body = "for line in sys.stdin:\n    print('note ' * 30_000, file=sys.stderr, flush=True)\n    answer(line)"
        self.assertEqual(len(list(wirelens.analyze(["a"] * 5, program=self.stand_in(body)))), 5)


class Ends(WithStandIn):
    def test_with_the_last_article(self) -> None:
        analyses = wirelens.analyze(["a"], program=self.stand_in(ECHO))
        next(analyses)
        pid = pid_of(analyses)
        self.assertRaises(StopIteration, next, analyses)
        self.assertTrue(ends(pid))
        self.assertRaises(StopIteration, next, analyses)

    def test_by_close_and_by_with(self) -> None:
        for end in (lambda a: a.close(), lambda a: a.__exit__(None, None, None)):
            analyses = wirelens.analyze(itertools.repeat("a"), program=self.stand_in(ECHO))
            next(analyses)
            child = analyses._child
            assert child is not None
            end(analyses)
            self.assertTrue(ends(child.process.pid))
            self.assertRaises(StopIteration, next, analyses)
            child.feeder.join(10)
            self.assertFalse(child.feeder.is_alive())

    def test_when_the_iterator_is_dropped(self) -> None:
        analyses = wirelens.analyze(itertools.repeat("a"), program=self.stand_in(ECHO))
        next(analyses)
        pid = pid_of(analyses)
        del analyses
        gc.collect()
        self.assertTrue(ends(pid))

    def test_by_close_while_the_callers_iterator_waits(self) -> None:
        never = threading.Event()

        def waiting() -> Iterator[str]:
            yield "a"
            never.wait(60)

        analyses = wirelens.analyze(waiting(), program=self.stand_in(ECHO))
        next(analyses)
        pid = pid_of(analyses)
        began = time.monotonic()
        analyses.close()
        self.assertLess(time.monotonic() - began, 10)
        self.assertTrue(ends(pid))
        never.set()

    def test_when_a_program_hears_no_signal_and_no_end_of_input(self) -> None:
        body = "signal.signal(signal.SIGTERM, signal.SIG_IGN)\nanswer(sys.stdin.readline())\nwhile True: time.sleep(1)"
        analyses = wirelens.analyze(itertools.repeat("a"), program=self.stand_in(body))
        next(analyses)
        pid = pid_of(analyses)
        analyses.close()
        self.assertTrue(ends(pid))

    def test_with_an_exception_of_the_callers_iterator(self) -> None:
        def broken() -> Iterator[str]:
            yield "a"
            raise LookupError("the archive is closed")

        analyses = wirelens.analyze(broken(), program=self.stand_in(ECHO))
        next(analyses)
        pid = pid_of(analyses)
        with self.assertRaisesRegex(LookupError, "the archive is closed"):
            next(analyses)
        self.assertTrue(ends(pid))

    def test_a_broken_pipe_of_the_callers_iterator_is_the_callers(self) -> None:
        def broken() -> Iterator[str]:
            yield "a"
            raise BrokenPipeError("a pipe of the caller")

        with self.assertRaisesRegex(BrokenPipeError, "a pipe of the caller"):
            list(wirelens.analyze(broken(), program=self.stand_in(ECHO)))

    def python(self, code: str) -> "subprocess.Popen[str]":
        environment = {**os.environ, "PYTHONPATH": SOURCE, "WIRELENS": self.stand_in(ECHO)}
        process = subprocess.Popen(
            [sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        return process

    def test_with_ctrl_c_and_with_the_death_of_the_caller(self) -> None:
        code = (
            "import itertools, time, wirelens\n"
            "analyses = wirelens.analyze(itertools.chain(['a'], iter(lambda: time.sleep(60), 1)))\n"
            "next(analyses)\n"
            "print(analyses._child.process.pid, flush=True)\n"
            "next(analyses)\n"
        )
        for sent, code_wanted in ((signal.SIGINT, {-signal.SIGINT, 130, 1}), (signal.SIGKILL, {-signal.SIGKILL})):
            with self.subTest(signal=sent):
                process = self.python(code)
                assert process.stdout is not None
                pid = int(process.stdout.readline())
                time.sleep(0.3)
                process.send_signal(sent)
                self.assertIn(process.wait(20), code_wanted)
                self.assertTrue(ends(pid), "the program went on")

    def test_with_the_interpreter(self) -> None:
        code = "import itertools, wirelens\na = wirelens.analyze(itertools.repeat('a'))\nnext(a)\nprint(a._child.process.pid)"
        process = self.python(code)
        said, errors = process.communicate(timeout=20)
        self.assertEqual((process.returncode, errors), (0, ""))
        self.assertTrue(ends(int(said)))


class Failures(WithStandIn):
    def fails(self, body: str, texts: "list[str]", pattern: str) -> None:
        analyses = wirelens.analyze(texts, program=self.stand_in(body), errors="return")
        with self.assertRaisesRegex(wirelens.WirelensError, pattern):
            list(analyses)
        assert analyses._child is not None
        self.assertTrue(ends(analyses._child.process.pid))

    def test_an_exit_code_and_what_was_said(self) -> None:
        body = "answer(sys.stdin.readline())\nprint('wirelens: no pack', file=sys.stderr)\nsys.exit(2)"
        self.fails(body, ["a"] * 3, "ended with exit code 2 after 1 answers:\nwirelens: no pack")

    def test_a_signal(self) -> None:
        body = "answer(sys.stdin.readline())\nos.kill(os.getpid(), signal.SIGKILL)"
        self.fails(body, ["a"] * 3, r"was ended by the signal SIGKILL \(the system does that .*\) after 1 answers")

    def test_an_end_with_less_than_all_answers(self) -> None:
        self.fails("answer(sys.stdin.readline())", ["a"] * 3, "ended with exit code 0 after 1 answers")

    def test_an_end_in_the_middle_of_an_answer(self) -> None:
        self.fails("print('{\"id\":', end='')", ["a"], "ended with exit code 0 after 0 answers")

    def test_an_end_while_the_callers_iterator_waits(self) -> None:
        def waiting() -> Iterator[str]:
            yield "a"
            time.sleep(5)
            yield "b"

        analyses = wirelens.analyze(waiting(), program=self.stand_in("answer(sys.stdin.readline())"))
        next(analyses)
        began = time.monotonic()
        with self.assertRaisesRegex(wirelens.WirelensError, "ended with exit code 0 after 1 answers"):
            next(analyses)
        self.assertLess(time.monotonic() - began, 4)

    def test_too_many_answers(self) -> None:
        self.fails("for line in sys.stdin: answer(line); answer(line)", ["a"], "more answers than")

    def test_no_json(self) -> None:
        self.fails("print('hello', flush=True)\nsys.stdin.read()", ["a"], "not JSON: b'hello")

    def test_another_version(self) -> None:
        self.fails("for line in sys.stdin: answer(line, schema_version=2)", ["a"], "has schema_version 2, .* knows 1")
        self.fails(
            "for line in sys.stdin: answer(line, entities=[{'type': 'PER'}])", ["a"], "not as this package expects"
        )

    def test_a_program_that_cannot_be_run(self) -> None:
        path = self.folder / "broken"
        path.write_bytes(b"no program")
        path.chmod(0o755)
        with self.assertRaisesRegex(wirelens.WirelensError, "broken cannot be run: "):
            next(wirelens.analyze(["a"], program=path))


class Finding(WithStandIn):
    """Where the program is looked for."""

    def setUp(self) -> None:
        super().setUp()
        before = {name: os.environ.get(name) for name in ("WIRELENS", "PATH")}
        self.addCleanup(
            lambda: [os.environ.pop(n, None) if v is None else os.environ.update({n: v}) for n, v in before.items()]
        )
        os.environ.pop("WIRELENS", None)

    def test_argument_then_variable_then_path(self) -> None:
        program = self.stand_in(ECHO)
        os.environ["PATH"] = str(self.folder)
        self.assertEqual(wirelens.find_program(), program)
        os.environ["WIRELENS"] = sys.executable
        self.assertEqual(wirelens.find_program(), sys.executable)
        self.assertEqual(wirelens.find_program(pathlib.Path(program)), program)

    def test_what_is_not_there_is_said(self) -> None:
        os.environ["PATH"] = str(self.folder)
        with self.assertRaisesRegex(
            wirelens.ProgramNotFound, "WIRELENS is not set, .*bin/wirelens does not exist, and no folder of PATH"
        ):
            wirelens.analyze(["a"])
        with self.assertRaisesRegex(wirelens.ProgramNotFound, "program names '/no/such'"):
            wirelens.analyze(["a"], program="/no/such")
        os.environ["WIRELENS"] = str(self.folder)
        with self.assertRaisesRegex(wirelens.ProgramNotFound, "the environment variable WIRELENS names"):
            wirelens.find_program()


if __name__ == "__main__":
    unittest.main()
