"""The answers of the self-assessment, and the weights that were changed, in the learner's one file.

    answers = Answers()
    answers.keep(Claim("quiet", 2, "from eleven calls a week to two"))
    answers.claims()                # the last answer to each statement
    answers.weigh("L6", "coding", 0.1)

Nothing is deleted: an answer that is given again is another answer, and what two tabs said stands one after the other.
Every failure is a CourseError of one line.
"""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from math import isfinite
from pathlib import Path

from loopready.course import CourseError
from loopready.migrations import assessment, since
from loopready.readiness.areas import found, known_level
from loopready.readiness.evidence import Claim
from loopready.store import Store, now

SINCE = since(assessment)
SITTING = timedelta(
    minutes=5
)  # within it an answer that its writer changes takes the place of the one before
LONGEST = 2000  # characters of evidence

_LAST = (
    "SELECT id, level, evidence, writer, said_at FROM assessment WHERE statement = ? ORDER BY id DESC LIMIT 1"
)
_INSERT = "INSERT INTO assessment (statement, level, evidence, writer, said_at) VALUES (?, ?, ?, ?, ?)"
_CHANGE = "UPDATE assessment SET level = ?, evidence = ? WHERE id = ?"
_ALL = "SELECT statement, level, evidence, said_at FROM assessment ORDER BY id"
_WEIGH = "INSERT INTO assessment_weight (lens, area, weight, said_at) VALUES (?, ?, ?, ?)"
_WEIGHTS = "SELECT area, weight FROM assessment_weight WHERE lens = ? ORDER BY id"


class Answers:
    """The answers in the file at `path`: `loopready.db` in the learner's folder when none is given.

    `writer` names who saves: each tab another name, made up when none is given.
    """

    def __init__(
        self, path: Path | str | None = None, clock: Callable[[], datetime] = now, writer: str | None = None
    ):
        self.store, self._clock = Store(path), clock
        self.writer = writer or f"tab {secrets.token_hex(4)}"

    def keep(self, claim: Claim) -> datetime:
        """Keep an answer; the moment in UTC. One that says what was said last adds nothing."""
        evidence, moment = _evidence(claim.evidence), self._moment()
        with self.store.writing() as database:
            last = database.execute(_LAST, (claim.statement,)).fetchone()
            if last and (last[1], last[2]) == (claim.level, evidence):
                return datetime.fromisoformat(last[4])
            if last and self._is_one_sitting(last[3], last[4], moment):
                database.execute(_CHANGE, (claim.level, evidence, last[0]))
            else:
                row = (claim.statement, claim.level, evidence, self.writer, moment.isoformat())
                database.execute(_INSERT, row)
        return moment

    def _is_one_sitting(self, writer: str, said_at: str, moment: datetime) -> bool:
        return writer == self.writer and timedelta(0) <= moment - datetime.fromisoformat(said_at) < SITTING

    def history(self) -> list[tuple[datetime, Claim]]:
        """Every answer with its moment, the first one first; those to statements that are gone are left out."""
        with self.store.reading(SINCE) as database:
            rows = database.execute(_ALL).fetchall() if database else []
        told = []
        for statement, level, evidence, said_at in rows:
            try:
                told.append((datetime.fromisoformat(said_at), Claim(statement, level, evidence)))
            except CourseError:
                continue  # a statement of another loopready: its answer stays in the file
        return told

    def claims(self) -> dict[str, Claim]:
        """The last answer to each statement, by the statement's key."""
        return {claim.statement: claim for _, claim in self.history()}

    def weigh(self, level: str, area: str, weight: float | None) -> None:
        """Change the weight of an area at a level, a share from 0 to 1; None takes the course's again."""
        if weight is not None and (isinstance(weight, bool) or not isfinite(weight) or not 0 <= weight <= 1):
            raise CourseError(f"the weight of {area} is from 0 to 1; got {weight!r}")
        row = (known_level(level), found(area).key, weight, self._moment().isoformat())
        with self.store.writing() as database:
            database.execute(_WEIGH, row)

    def weights(self, level: str) -> dict[str, float]:
        """The weights that were changed at a level, by area."""
        with self.store.reading(SINCE) as database:
            rows = database.execute(_WEIGHTS, (known_level(level),)).fetchall() if database else []
        last = dict(rows)
        return {area: weight for area, weight in last.items() if weight is not None}

    def _moment(self) -> datetime:
        return self._clock().astimezone(UTC).replace(microsecond=0)


def _evidence(text: str) -> str:
    if not isinstance(text, str) or len(text) > LONGEST:
        size = f"{len(text):,} characters" if isinstance(text, str) else repr(text)
        raise CourseError(f"evidence is a text of at most {LONGEST:,} characters; got {size}")
    return text.strip()
