"""Wirelens from Python: summaries, entities, quotes and stance of news articles.

    import wirelens

    for analysis in wirelens.analyze(["Angela Merkel spoke in Berlin."]):
        print([entity.name for entity in analysis.entities])

The work is done by the program `wirelens` in a child process: this package needs nothing but Python.
"""

from .analyzing import Analyses, analyze
from .articles import Article, ArticleLike
from .errors import ArticleError, ProgramNotFound, WirelensError
from .program import find_program
from .results import (
    Analysis,
    Entity,
    EntityType,
    Evidence,
    GeneratedSentence,
    Holder,
    Label,
    Mention,
    Method,
    Quote,
    Scores,
    Span,
    Summary,
    SummarySentence,
    TargetStance,
)
from .tables import to_pandas

__version__ = "0.1.0"

__all__ = [
    "Analyses",
    "Analysis",
    "Article",
    "ArticleError",
    "ArticleLike",
    "Entity",
    "EntityType",
    "Evidence",
    "GeneratedSentence",
    "Holder",
    "Label",
    "Mention",
    "Method",
    "ProgramNotFound",
    "Quote",
    "Scores",
    "Span",
    "Summary",
    "SummarySentence",
    "TargetStance",
    "WirelensError",
    "analyze",
    "find_program",
    "to_pandas",
]
