"""What a caller gives as an article, and the line of JSON that the program reads."""

import datetime
import json
from dataclasses import dataclass
from typing import Any, Dict, Mapping, Optional, Tuple, Union


@dataclass(frozen=True)
class Article:
    """A news article. Only the text is needed; without an id it gets its number in the run, from "1"."""

    text: str
    id: Optional[str] = None
    title: Optional[str] = None
    source: Optional[str] = None
    """The outlet."""
    url: Optional[str] = None
    published: Union[str, datetime.date, None] = None
    """The date of publication."""


# A mapping has the fields of `Article`, or other names for them that the program knows, such as those of news-please.
ArticleLike = Union[str, Article, Mapping[str, Any]]


def as_line(article: ArticleLike, number: int) -> Tuple[bytes, str]:
    """One line of JSON, with its line break, and the article's id.

    Args:
        article: what the caller gave.
        number: which article it is, from 1.

    Raises:
        TypeError, ValueError: it is no article, or has a value that JSON cannot express.
    """
    record = _record(article)
    if not str(record.get("id", "")).strip():
        record["id"] = str(number)
    # In ASCII, so that no character of a text can be taken for a line break.
    line = json.dumps(record, allow_nan=False, default=_plain).encode("ascii") + b"\n"
    return line, str(record["id"])


def _record(article: ArticleLike) -> Dict[str, Any]:
    if isinstance(article, str):
        return {"text": article}
    if isinstance(article, Article):
        fields: Mapping[str, Any] = vars(article)
    elif isinstance(article, Mapping):
        fields = article
    else:
        raise TypeError(f"an article is a str, a wirelens.Article or a mapping, and this is a {type(article).__name__}")
    return {str(name): value for name, value in fields.items() if not _is_missing(value)}


def _is_missing(value: Any) -> bool:
    """None, and what stands for a missing value in rows of a table: NaN, NaT and NA."""
    if value is None or type(value).__name__ == "NAType":
        return True
    # NaN and NaT differ from themselves.
    return isinstance(value, (float, datetime.date)) and value != value


def _plain(value: Any) -> Any:
    """What `json` does not know: dates, and numbers of NumPy."""
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if callable(item := getattr(value, "item", None)):
        return item()
    raise TypeError(f"a {type(value).__name__} is no JSON value")
