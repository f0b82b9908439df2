"""The program as a child process: articles in, findings out, in the same order.

Three things go on at once. A thread takes articles from the caller's iterator and writes them to the child; a second
one keeps the last lines of the child's standard error; the caller's thread reads one answer at a time. If the caller
takes no answers, the pipes fill up and the first thread waits, so memory is bounded whatever the iterator gives.
"""

import collections
import contextlib
import json
import pathlib
import queue
import signal
import subprocess
import threading
from dataclasses import dataclass
from typing import Any, Deque, Dict, Iterator, List, Optional, Union

from .articles import ArticleLike, as_line
from .errors import ArticleError, WirelensError

# Most articles that were taken from the caller's iterator and are not answered yet. The program reads 256 together.
MOST_PENDING = 1024
# Lines of standard error that an error message shows.
STDERR_LINES = 20
# How often a thread that waits looks whether it still should, in seconds.
POLL = 0.2
# How long the child may take to end after its last answer, in seconds.
PATIENCE = 10.0


@dataclass(frozen=True)
class Sent:
    """An article that the child has, or is about to get."""

    number: int
    id: str


@dataclass(frozen=True)
class End:
    """The caller's iterator has ended, with an exception if there was one."""

    failure: Optional[BaseException] = None


class Child:
    """A running `wirelens batch - --output -`."""

    def __init__(
        self, command: List[str], texts: Iterator[ArticleLike], temporary: Optional[pathlib.Path] = None
    ) -> None:
        """Starts the program and the threads.

        Args:
            command: the program and its options.
            texts: the articles.
            temporary: a file to delete when the child has ended.

        Raises:
            WirelensError: the program cannot be run.
        """
        self.texts = texts
        self.temporary = temporary
        self.answers = 0
        self.pending: queue.Queue[Union[Sent, ArticleError, End]] = queue.Queue(MOST_PENDING)
        self.stderr: Deque[str] = collections.deque(maxlen=STDERR_LINES)
        self.closed = threading.Event()
        try:
            # In a session of its own: Ctrl-C is for the caller, who ends the child.
            self.process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
            )
        except OSError as error:
            self._delete_temporary()
            raise WirelensError(f"{command[0]} cannot be run: {error.strerror}") from error
        self.feeder = threading.Thread(target=self._feed, name="wirelens-feed", daemon=True)
        self.listener = threading.Thread(target=self._listen, name="wirelens-stderr", daemon=True)
        self.feeder.start()
        self.listener.start()

    def next(self) -> Union[Dict[str, Any], ArticleError, None]:
        """The next answer: an object of JSON, or why there is none for an article. None after the last one.

        Raises:
            WirelensError: the child ended too early, or failed.
        """
        entry = self._next_pending()
        if isinstance(entry, ArticleError):
            return entry
        if isinstance(entry, End):
            if entry.failure is not None:
                raise entry.failure
            self._finish()
            return None
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line.endswith(b"\n"):
            raise self._ended_early()
        self.answers += 1
        try:
            answer: Dict[str, Any] = json.loads(line)
        except ValueError as error:
            raise WirelensError(f"{self._name()} wrote a line that is not JSON: {line[:200]!r}") from error
        if answer.get("error") is not None:
            return ArticleError(entry.number, entry.id, answer["error"]["reason"])
        return answer

    def close(self) -> None:
        """Ends the child and the threads. May be called more than once, and at any time.

        A thread that waits for the caller's iterator cannot be woken; it ends when the iterator gives something.
        """
        self.closed.set()
        # The child has nothing to save: it writes answers only, and nobody wants them any more.
        self.process.kill()
        self.process.wait()
        for thread in (self.feeder, self.listener):
            # An iterator that is collected as garbage may be closed on any thread.
            if thread is not threading.current_thread():
                thread.join(POLL)
        for stream in (self.process.stdout, self.process.stderr):
            if stream is not None and not self.listener.is_alive():
                stream.close()
        self._delete_temporary()

    def _next_pending(self) -> Union[Sent, ArticleError, End]:
        while True:
            try:
                return self.pending.get(timeout=POLL)
            except queue.Empty:
                if self.process.poll() is not None and self.pending.empty():
                    raise self._ended_early() from None

    def _feed(self) -> None:
        """Gives the child its input. An article that cannot be written as JSON is answered here."""
        failure: Optional[BaseException] = None
        try:
            for number, article in enumerate(self.texts, 1):
                try:
                    line, name = as_line(article, number)
                except (TypeError, ValueError, OverflowError) as error:
                    entry: Union[Sent, ArticleError] = ArticleError(number, None, str(error))
                    line = b""
                else:
                    entry = Sent(number, name)
                if not self._put(entry) or not self._write(line):
                    break
        except BaseException as error:  # of the caller's iterator, and raised to the caller
            failure = error
        assert self.process.stdin is not None
        with contextlib.suppress(OSError):
            self.process.stdin.close()
        self._put(End(failure))

    def _write(self, line: bytes) -> bool:
        """Whether the child took it. If it did not, it has ended; who waits for its answer sees that, and says so."""
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(line)
            self.process.stdin.flush()
        except OSError:
            return False
        return True

    def _put(self, entry: Union[Sent, ArticleError, End]) -> bool:
        """Whether it was put into the queue before the child was closed."""
        while not self.closed.is_set():
            try:
                self.pending.put(entry, timeout=POLL)
                return True
            except queue.Full:
                continue
        return False

    def _listen(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.stderr.append(line.decode(errors="replace").rstrip())

    def _finish(self) -> None:
        """Waits for the end of a child that has answered everything."""
        try:
            status = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            # A process that was forked meanwhile may hold the pipe open; there is nothing left to read.
            return
        # 1: some articles failed, each of which was answered.
        if status not in (0, 1):
            raise self._ended_early()
        assert self.process.stdout is not None
        if self.process.stdout.read(1):
            raise WirelensError(f"{self._name()} gave more answers than it was given articles")

    def _ended_early(self) -> WirelensError:
        try:
            status = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            return WirelensError(f"{self._name()} stopped writing after {self.answers} answers")
        self.listener.join(PATIENCE)
        said = "\n".join(self.stderr)
        if self.temporary is not None:
            # The caller gave targets, and knows nothing of the file that passes them on.
            said = said.replace(str(self.temporary), "targets")
        return WirelensError(
            f"{self._name()} {_how(status)} after {self.answers} answers" + (f":\n{said}" if said else "")
        )

    def _name(self) -> str:
        return str(self.process.args[0])  # type: ignore[index]

    def _delete_temporary(self) -> None:
        if self.temporary is not None:
            self.temporary.unlink(missing_ok=True)


def _how(status: int) -> str:
    if status >= 0:
        return f"ended with exit code {status}"
    try:
        name = signal.Signals(-status).name
    except ValueError:
        name = str(-status)
    memory = " (the system does that when memory runs out)" if name == "SIGKILL" else ""
    return f"was ended by the signal {name}{memory}"
