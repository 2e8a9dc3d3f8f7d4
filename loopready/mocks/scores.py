"""A scorecard from what is typed: `Own part=3: she chose the batch size`, and what the answers' review found.

A criterion may be shortened as long as it stays the only one that begins so.
"""

from collections.abc import Iterable

from loopready.course import CourseError
from loopready.mocks.interviews import QUESTIONS, Interview
from loopready.mocks.records import Mocks
from loopready.mocks.sittings import Mock
from loopready.process.anchors import of
from loopready.process.scorecards import Scorecard, Vote


def parsed(mocks: Mocks, mock: Mock, place: int, lines: Iterable[str], vote: int = 0) -> Scorecard:
    """The card of a round from lines of `criterion=level: evidence`. Raises CourseError for a line that is none."""
    focus = mock.sitting(place).of.focus
    levels, evidence = {}, {}
    for line in lines:
        name, _, rest = line.partition("=")
        level, _, heard = rest.partition(":")
        criterion = _criterion(focus, name.strip())
        if level.strip() not in ("1", "2", "3", "4"):
            raise CourseError(f"a level is 1 to 4, as in {criterion}=3: what I heard; got {line!r}")
        levels[criterion], evidence[criterion] = int(level), heard.strip()
    return filled(mocks, mock, place, levels, evidence, vote)


def filled(
    mocks: Mocks,
    mock: Mock,
    place: int,
    levels: dict[str, int],
    evidence: dict[str, str],
    vote: int = 0,
    rater: str = "",
) -> Scorecard:
    """The card of a round from levels and evidence, with the signs that the typed answers gave.

    `rater` is the mock's own unless it is given.
    """
    round = mock.sitting(place).of
    signs = Interview(mocks, mock.id, place).signs() if round.focus in QUESTIONS else ()
    said = Vote(vote) if vote else None
    kept = {name: text for name, text in evidence.items() if text}
    return Scorecard(round.key, levels, kept, said, signs, rater or mock.rater, mocks.moment)


def _criterion(focus: str, typed: str) -> str:
    names = [each.name for each in of(focus)]
    fitting = [name for name in names if typed and name.lower().startswith(typed.lower())]
    if len(fitting) != 1:
        raise CourseError(f"{typed!r} is no criterion of this round; it is rated by {', '.join(names)}")
    return fitting[0]
