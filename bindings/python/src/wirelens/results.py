"""What Wirelens finds in an article, as dataclasses.

They have the fields of the JSON Schema that `wirelens schema` prints; a test compares the two. `start` and `end` count
the characters of the article's text, so that `text[start:end]` gives the passage. Fields that a newer program adds are
ignored here; `Analysis.raw` has them.
"""

import dataclasses
import functools
import typing
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, List, Literal, Optional, Tuple, Type, TypeVar

SCHEMA_VERSION = 1
"""Of the results that this package reads."""

EntityType = Literal["PER", "ORG", "LOC", "MISC"]
Label = Literal["favor", "neutral", "against", "absent"]
Method = Literal["extractive", "abstractive"]

T = TypeVar("T")


@dataclass(frozen=True)
class Span:
    """A passage of the article."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Scores:
    """Probabilities of the three labels of a stance."""

    favor: float
    neutral: float
    against: float


@dataclass(frozen=True)
class Mention:
    """A passage that names an entity."""

    start: int
    end: int
    text: str
    score: float
    """Mean probability of the labels of its words."""
    label: Optional[str] = None
    """The type as the model calls it, if its types are not those of `Entity.type`."""


@dataclass(frozen=True)
class Entity:
    """A person, organisation, place or other name, with every passage that names it."""

    name: str
    type: EntityType
    mentions: List[Mention]


@dataclass(frozen=True)
class SummarySentence:
    """A sentence of the article that is in the summary."""

    start: int
    end: int
    text: str
    score: float
    """Probability that the sentence belongs in a summary."""


@dataclass(frozen=True)
class GeneratedSentence:
    """A sentence that a model wrote, and what in the article supports it."""

    text: str
    source: Optional[Span]
    """The sentence of the article that is nearest to it."""
    similarity: float
    """Cosine of the vectors of the two."""
    entailment: Optional[float]
    """Probability that the nearest sentences entail it; None without an NLI model."""
    unsupported: List[str]
    """Its names and numbers that the article does not have."""
    supported: bool


@dataclass(frozen=True)
class Summary:
    """Sentences of the article, or sentences that a model wrote about it."""

    method: Method
    model: str
    text: str
    sentences: List[SummarySentence]
    generated: List[GeneratedSentence] = field(default_factory=list)
    levels: Optional[int] = None


@dataclass(frozen=True)
class Holder:
    """Somebody in the sentence, and what they think of the target."""

    name: str
    label: Label
    score: float


@dataclass(frozen=True)
class Evidence:
    """A sentence that mentions a target, with the stance that it shows."""

    start: int
    end: int
    text: str
    mention: Span
    """The mention that was judged."""
    label: Label
    score: float
    """Probability of the label."""
    scores: Optional[Scores] = None
    speaker: Optional[str] = None
    """Who says the sentence, if the text names one."""
    holder: Optional[Holder] = None
    """Whose stance it is; None if it is the author's or nobody's."""


@dataclass(frozen=True)
class TargetStance:
    """How the article stands towards one target."""

    target: str
    label: Label
    scores: Optional[Scores]
    """None if the article does not mention the target."""
    evidence: List[Evidence]
    """Every sentence that mentions the target, strongest first; what the target says itself stands last."""


@dataclass(frozen=True)
class Quote:
    """Somebody is reported to say something."""

    speaker: Optional[str]
    """Who says it, by the article's name for them."""
    mention: Optional[Span]
    """The words that stand for the speaker, such as "she"."""
    cue: Optional[Span]
    """The words that report it, such as "warned" or "according to"."""
    content: List[Span]
    """The words that tell what is said, in order."""
    direct: bool
    """Whether all of the content is between quotation marks."""
    score: float
    """Mean probability of its parts; 0.5 where only quotation marks show it."""


@dataclass(frozen=True)
class Analysis:
    """What was found in one article. What was not asked for by `tasks` is None."""

    schema_version: int
    id: str
    title: Optional[str]
    source: Optional[str]
    url: Optional[str]
    published: Optional[str]
    language: Optional[str]
    """ISO 639 code of the language, if it can be told."""
    characters: int
    tokens: int
    """Word pieces that the model read."""
    warnings: List[str]
    """What a reader should know before trusting the findings."""
    summary: Optional[Summary] = None
    entities: Optional[List[Entity]] = None
    stance: Optional[List[TargetStance]] = None
    quotes: Optional[List[Quote]] = None
    text: Optional[str] = None
    """The article's text, with `with_text=True`."""
    raw: Dict[str, Any] = field(default_factory=dict, repr=False, compare=False)
    """The JSON object as the program wrote it."""

    @classmethod
    def from_json(cls, value: Dict[str, Any]) -> "Analysis":
        """From an object as `wirelens … --format jsonl` and `wirelens batch` write it.

        Raises:
            TypeError: it is not such an object.
        """
        return dataclasses.replace(_build(cls, value), raw=value)


def _build(cls: Type[T], value: Dict[str, Any]) -> T:
    """The dataclass from a JSON object. Unknown fields are left out; what is missing and may be null is None."""
    fields = _readers(cls).items()  # type: ignore[arg-type]
    found = {name: read(value.get(name)) for name, (read, nullable) in fields if nullable or name in value}
    return cls(**found)


@functools.cache
def _readers(cls: type) -> Dict[str, Tuple[Callable[[Any], Any], bool]]:
    """Field → what makes its value from JSON, and whether it may be null."""
    hints = typing.get_type_hints(cls)
    fields = dataclasses.fields(cls)
    of = {each.name: hints[each.name] for each in fields if each.name != "raw"}
    return {name: (_reader(hint), type(None) in typing.get_args(hint)) for name, hint in of.items()}


def _reader(hint: Any) -> Callable[[Any], Any]:
    arguments = typing.get_args(hint)
    if typing.get_origin(hint) is list:
        item = _reader(arguments[0])
        return lambda value: [item(each) for each in value]
    if type(None) in arguments:
        (inner,) = (_reader(each) for each in arguments if each is not type(None))
        return lambda value: None if value is None else inner(value)
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return lambda value: _build(hint, value)
    return lambda value: value
