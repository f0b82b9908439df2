"""Findings as tables of pandas, which is imported only when it is asked for."""

from typing import TYPE_CHECKING, Any, Callable, Dict, Iterable, Iterator, List, Literal, Tuple, Union

from .errors import ArticleError
from .results import Analysis

if TYPE_CHECKING:
    import pandas

Table = Literal["summary", "entities", "stance", "quotes"]
Row = Dict[str, Any]


def to_pandas(analyses: Iterable[Union[Analysis, ArticleError]], table: Table = "entities") -> "pandas.DataFrame":
    """One table of the findings of many articles.

    Args:
        analyses: what `analyze` gives, or a list of it.
        table: "summary" (a row for each article), "entities" (for each entity of an article), "stance" (for each target
            of an article) or "quotes" (for each quote).

    Returns:
        A `pandas.DataFrame`; the column `id` tells the article. An `ArticleError` is a row of "summary" with its reason
        in the column `error`; the other tables leave it out.

    Raises:
        ImportError: pandas is not installed.
        ValueError: there is no such table, or the articles were analysed without this task.
    """
    import pandas

    if table not in TABLES:
        raise ValueError(f"there is no table {table!r}; the tables are {', '.join(TABLES)}")
    columns, rows_of = TABLES[table]
    rows: List[Row] = []
    for analysis in analyses:
        rows.extend(rows_of(analysis))
    return pandas.DataFrame(rows, columns=columns)


def _summary(analysis: Union[Analysis, ArticleError]) -> Iterator[Row]:
    if isinstance(analysis, ArticleError):
        yield {"id": analysis.id or str(analysis.number), "error": analysis.reason}
        return
    row = {name: getattr(analysis, name) for name in SUMMARY if hasattr(analysis, name)}
    yield {**row, "summary": None if analysis.summary is None else analysis.summary.text, "error": None}


def _entities(analysis: Union[Analysis, ArticleError]) -> Iterator[Row]:
    for entity in _found(analysis, "entities"):
        scores = [mention.score for mention in entity.mentions]
        yield {
            "id": analysis.id,
            "name": entity.name,
            "type": entity.type,
            "mentions": len(scores),
            "start": entity.mentions[0].start,
            "score": sum(scores) / len(scores),
        }


def _stance(analysis: Union[Analysis, ArticleError]) -> Iterator[Row]:
    for stance in _found(analysis, "stance"):
        row = {"id": analysis.id, "target": stance.target, "label": stance.label, "sentences": len(stance.evidence)}
        yield {**row, **(vars(stance.scores) if stance.scores else {})}


def _quotes(analysis: Union[Analysis, ArticleError]) -> Iterator[Row]:
    for quote in _found(analysis, "quotes"):
        yield {
            "id": analysis.id,
            "speaker": quote.speaker,
            "cue": quote.cue and quote.cue.text,
            "content": " … ".join(span.text for span in quote.content),
            "direct": quote.direct,
            "start": quote.content[0].start if quote.content else None,
            "score": quote.score,
        }


def _found(analysis: Union[Analysis, ArticleError], task: Table) -> List[Any]:
    if isinstance(analysis, ArticleError):
        return []
    found: Union[List[Any], None] = getattr(analysis, task)
    if found is None:
        raise ValueError(f"article {analysis.id!r} was analysed without the task {task!r}")
    return found


SUMMARY = ["id", "title", "source", "published", "language", "characters", "summary", "warnings", "error"]
# Table → its columns, and the rows of an article.
TABLES: Dict[str, Tuple[List[str], Callable[[Union[Analysis, ArticleError]], Iterator[Row]]]] = {
    "summary": (SUMMARY, _summary),
    "entities": (["id", "name", "type", "mentions", "start", "score"], _entities),
    "stance": (["id", "target", "label", "favor", "neutral", "against", "sentences"], _stance),
    "quotes": (["id", "speaker", "cue", "content", "direct", "start", "score"], _quotes),
}
