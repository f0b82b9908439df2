"""The exceptions of this package. All of them are `WirelensError`."""

from typing import Optional


class WirelensError(Exception):
    """The program could not be run, refused its options, or ended before all articles were answered."""


class ProgramNotFound(WirelensError):
    """The program `wirelens` is in none of the places where it is looked for."""


class ArticleError(WirelensError):
    """One article could not be read. The others are not affected.

    Attributes:
        number: which article it was, counted from 1.
        id: its id, as an `Analysis` would have it; None if the article could not be sent.
        reason: what was wrong with it.
    """

    def __init__(self, number: int, id: Optional[str], reason: str) -> None:
        super().__init__(number, id, reason)
        self.number = number
        self.id = id
        self.reason = reason

    def __str__(self) -> str:
        name = "" if self.id is None or self.id == str(self.number) else f" (id {self.id!r})"
        return f"article {self.number}{name}: {self.reason}"
