"""`analyze`: articles in, findings out."""

import os
import weakref
from types import TracebackType
from typing import (
    Any,
    Dict,
    Iterable,
    Iterator,
    List,
    Literal,
    Mapping,
    Optional,
    Sequence,
    Type,
    TypeVar,
    Union,
    overload,
)

from . import options
from .articles import ArticleLike
from .errors import ArticleError, WirelensError
from .process import Child
from .program import find_program
from .results import SCHEMA_VERSION, Analysis

Result = TypeVar("Result", covariant=True)


class Analyses(Iterator[Result]):
    """An iterator of findings, in the order of the articles.

    The program starts with the first `next`. It is ended with the last article, by `close`, at the end of a `with`
    block, and when the iterator is no longer used or raises.
    """

    def __init__(
        self,
        command: List[str],
        texts: Iterable[ArticleLike],
        targets: Union[str, "os.PathLike[str]", None],
        return_errors: bool,
    ) -> None:
        """For `analyze`, which checks the arguments. `targets` is the text of a file of targets, or the path of one."""
        self._command = command
        self._texts = iter(texts)
        self._targets = targets
        self._return_errors = return_errors
        self._child: Optional[Child] = None
        self._ended = False

    def __iter__(self) -> "Analyses[Result]":
        return self

    def __next__(self) -> Result:
        if self._ended:
            raise StopIteration
        try:
            if self._child is None:
                self._child = self._start()
            answer = self._child.next()
            if answer is None:
                raise StopIteration
            if not isinstance(answer, ArticleError):
                return self._analysis(answer)  # type: ignore[return-value]
            if not self._return_errors:
                raise answer
            return answer  # type: ignore[return-value]
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Ends the program. After that there are no more results."""
        self._ended = True
        if self._child is not None:
            self._child.close()

    def __enter__(self) -> "Analyses[Result]":
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], traceback: Optional[TracebackType]
    ) -> None:
        self.close()

    def _analysis(self, answer: Dict[str, Any]) -> Analysis:
        try:
            if answer["schema_version"] == SCHEMA_VERSION:
                return Analysis.from_json(answer)
            problem = f"has schema_version {answer['schema_version']}, and this package knows {SCHEMA_VERSION}"
        except (KeyError, TypeError) as error:
            problem = f"is not as this package expects it ({error})"
        raise WirelensError(
            f"a result of {self._command[0]} {problem}: take the program and the package of one version"
        )

    def _start(self) -> Child:
        command, temporary = self._command, None
        if isinstance(self._targets, str):
            temporary = options.write_targets(self._targets)
            command = [*command, f"--targets={temporary}"]
        elif self._targets is not None:
            command = [*command, f"--targets={os.fspath(self._targets)}"]
        child = Child(command, self._texts, temporary)
        # The threads know the child only, so that an iterator that is no longer used is collected, and ends it.
        weakref.finalize(self, child.close)
        return child


@overload
def analyze(
    texts: Iterable[ArticleLike],
    *,
    targets: Optional[options.Targets] = ...,
    tasks: Union[str, Iterable[str], None] = ...,
    pack: Optional[options.Path] = ...,
    device: Optional[str] = ...,
    precision: Optional[str] = ...,
    threads: Optional[int] = ...,
    sentences: Optional[int] = ...,
    words: Optional[int] = ...,
    html: Literal["never", "auto", "always"] = ...,
    with_text: bool = ...,
    errors: Literal["raise"] = ...,
    program: Optional[options.Path] = ...,
    arguments: Sequence[str] = ...,
) -> Analyses[Analysis]: ...


@overload
def analyze(
    texts: Iterable[ArticleLike],
    *,
    targets: Optional[options.Targets] = ...,
    tasks: Union[str, Iterable[str], None] = ...,
    pack: Optional[options.Path] = ...,
    device: Optional[str] = ...,
    precision: Optional[str] = ...,
    threads: Optional[int] = ...,
    sentences: Optional[int] = ...,
    words: Optional[int] = ...,
    html: Literal["never", "auto", "always"] = ...,
    with_text: bool = ...,
    errors: Literal["return"],
    program: Optional[options.Path] = ...,
    arguments: Sequence[str] = ...,
) -> Analyses[Union[Analysis, ArticleError]]: ...


def analyze(
    texts: Iterable[ArticleLike],
    *,
    targets: Optional[options.Targets] = None,
    tasks: Union[str, Iterable[str], None] = None,
    pack: Optional[options.Path] = None,
    device: Optional[str] = None,
    precision: Optional[str] = None,
    threads: Optional[int] = None,
    sentences: Optional[int] = None,
    words: Optional[int] = None,
    html: Literal["never", "auto", "always"] = "never",
    with_text: bool = False,
    errors: Literal["raise", "return"] = "raise",
    program: Optional[options.Path] = None,
    arguments: Sequence[str] = (),
) -> Analyses[Union[Analysis, ArticleError]]:
    """Analyses articles by the program `wirelens`, which runs as a child process.

    Articles are read together, up to 256 at a time, so give many to one call. Memory is bounded, also for an endless
    iterator. `texts` is read in a thread of its own, and up to some hundred articles ahead of the results.

    Args:
        texts: the articles: strings, `Article`s, or mappings with the fields of `Article`.
        targets: what to take stance towards: names; or a mapping from names to the words that articles use for them; or
            a `pathlib.Path` of a TOML file with a table `[targets]`. By default, what each article names most.
        tasks: what to find, of "summary", "entities", "stance" and "quotes". By default everything.
        pack: the model pack, by name or folder. By default `$WIRELENS_PACK`, or the one that comes with the program.
        device: "auto", "cpu", "cuda", "cuda:N" or "mps".
        precision: "auto", "f32", "bf16" or "f16".
        threads: CPU threads. By default one for each core.
        sentences: sentences in a summary. By default 3.
        words: largest number of words in a summary, in place of `sentences`.
        html: whether a text that is HTML becomes what a reader sees: "never", "auto" (if it seems to be HTML) or
            "always". If it does, `start` and `end` count the characters of that text, which `with_text` gives.
        with_text: put each article's text into its result.
        errors: what to do with an article that cannot be read: "raise" an `ArticleError`, which ends the iterator, or
            "return" the `ArticleError` in the article's place.
        program: the path of the program. By default `$WIRELENS`, the copy in this package, or `wirelens` on `PATH`.
        arguments: further options of `wirelens batch`, such as `["--batch-tokens=1024"]`.

    Returns:
        An iterator with one result for each article, in their order.

    Raises:
        ProgramNotFound: here, if there is no program.
        WirelensError: from the iterator, if the program cannot be run, refuses an option or ends too early.
        ArticleError: from the iterator, if an article cannot be read and `errors` is "raise".
    """
    if isinstance(texts, (str, bytes)):
        raise TypeError("texts holds articles, and this is one string: put it into a list")
    # To go through one of these gives the names of its fields.
    if isinstance(texts, Mapping):
        raise TypeError("texts holds articles, and this is one mapping: put it into a list")
    if hasattr(texts, "columns"):
        raise TypeError("texts holds articles, and this is a table: give its rows, such as table.to_dict('records')")
    if errors not in ("raise", "return"):
        raise ValueError(f"errors is 'raise' or 'return', and not {errors!r}")
    given = options.options(tasks, pack, device, precision, threads, sentences, words, html, with_text)
    command = [find_program(program), "batch", "-", "--output", "-", "--input-format", "jsonl", *given, *arguments]
    if targets is None or isinstance(targets, os.PathLike):
        return Analyses(command, texts, targets, errors == "return")
    # It raises here, and not from the iterator; and names that come from an iterator can be read once only.
    return Analyses(command, texts, options.targets_as_toml(targets), errors == "return")
