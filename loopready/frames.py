"""The bank as pandas' tables, for whoever wants to count for themselves."""

from typing import TYPE_CHECKING

from loopready.bank import SINCE, Bank
from loopready.stories import Story

if TYPE_CHECKING:
    import pandas

_RATINGS = ("kind", "subject", "dimension", "level", "out_of", "said_at")
_TAKES = ("story", "question", "answer", "words", "seconds", "said_at")


def stories(bank: Bank) -> "pandas.DataFrame":
    """A row for each story, by id: its fields, its words, and number and moment (UTC) of its newest text."""
    import pandas as pd

    columns = ["id", *Story.__dataclass_fields__, "words", "text", "saved_at"]
    rows = [
        {**kept.story.to_dict(), "id": kept.id, "words": kept.story.words(), "text": kept.number,
         "saved_at": kept.saved_at} for kept in bank.stories()
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns).set_index("id")


def ratings(bank: Bank) -> "pandas.DataFrame":
    """A row for each rating of a story or a design: kind, subject, dimension, level, out_of, said_at (UTC)."""
    return _table(bank, "rating", _RATINGS)


def takes(bank: Bank) -> "pandas.DataFrame":
    """A row for each take: story, question (empty for the whole story), answer, words, seconds, said_at (UTC)."""
    return _table(bank, "practice", _TAKES)


def _table(bank: Bank, name: str, columns: tuple[str, ...]) -> "pandas.DataFrame":
    import pandas as pd

    with bank.store.reading(SINCE) as database:
        rows = database.execute(f"SELECT {', '.join(columns)} FROM {name} ORDER BY id") if database else []
        frame = pd.DataFrame(list(rows), columns=list(columns))
    return frame.assign(said_at=pd.to_datetime(frame["said_at"], utc=True))
