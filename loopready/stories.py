"""A STAR story as data: made, read, counted and exported without a notebook.

    story = Story(title="The queue nobody owned", principles=["Ownership"], level="L6",
                  situation=..., task=..., action=..., result=...)

A part that is `...`, or empty, is not written yet; a draft is not an error.
"""

import re
import textwrap
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from html import escape
from numbers import Real

from loopready.course import CourseError
from loopready.principles import Principle, principle, slug
from loopready.words import words

PARTS = ("situation", "task", "action", "result")
LEVELS = ("L6", "L7")
MOST_PRINCIPLES = 4
# 2 added what follows `metrics`; a story of schema 1 has none of it and is read as it is.
SCHEMA = 2
_LISTS = {"metrics": "Metrics", "follow_ups": "Follow-ups"}


@dataclass(frozen=True)
class Story:
    """One story: four parts of text, the principles it shows (the main one first) and the level aimed at.

    `principles` holds one to four names, `level` is "L6" or "L7", `metrics` are figures as short texts. Its scope
    is `team_size` and `duration`, each a short text; `learned` is what you do differently since; `follow_ups` are
    the questions you expect. Anything left as `...` becomes empty. Raises CourseError when a value cannot be what
    it is meant to be.
    """

    title: str
    principles: tuple[str, ...]
    level: str
    situation: str
    task: str
    action: str
    result: str
    metrics: tuple[str, ...] = ()
    team_size: str = ""
    duration: str = ""
    learned: str = ""
    follow_ups: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        # A frozen dataclass has no other door for putting a value in its settled form.
        settle = object.__setattr__
        settle(self, "title", " ".join(_text("title", self.title).split()))
        settle(self, "principles", _principles(self.principles))
        settle(self, "level", _level(self.level))
        for name in _LISTS:
            settle(self, name, _bullets(name, getattr(self, name)))
        for name in ("team_size", "duration"):
            settle(self, name, _line(name, getattr(self, name)))
        for name in (*PARTS, "learned"):
            settle(self, name, _text(name, getattr(self, name)))

    @property
    def parts(self) -> dict[str, str]:
        """The four texts in telling order, by part: `{"situation": "In March ...", ...}`."""
        return {part: getattr(self, part) for part in PARTS}

    @property
    def slug(self) -> str:
        """The title as a key or a file name writes it; empty while there is no title."""
        return slug(self.title)

    def words(self, part: str | None = None) -> int:
        """How many words are spoken in `part`, or in all four when none is given."""
        told = self.parts if part is None else {part: self.parts[part]}
        return sum(len(words(text)) for text in told.values())

    def to_dict(self) -> dict:
        """The story as plain data for JSON, with the version of its shape under `schema`."""
        return {"schema": SCHEMA, **{key: _plain(value) for key, value in asdict(self).items()}}

    @classmethod
    def from_dict(cls, data: dict) -> "Story":
        """The story that `to_dict` described. Raises CourseError when the shape is another."""
        found = dict(data)
        if (schema := found.pop("schema", SCHEMA)) not in range(1, SCHEMA + 1):
            raise CourseError(
                f"this story has schema {schema!r} and this loopready reads {SCHEMA}: update the course"
            )
        if unknown := sorted(set(found) - set(cls.__dataclass_fields__)):
            raise CourseError(
                f"a story has no {', '.join(unknown)}: it has {', '.join(cls.__dataclass_fields__)}"
            )
        return cls(**{**dict.fromkeys(cls.__dataclass_fields__, ...), **found})

    def to_markdown(self) -> str:
        """The story as a Markdown document that `from_markdown` reads back to an equal story.

        What looks like HTML in it is escaped, so a page made from it shows the text as it was typed.
        """
        scope = (("Team", self.team_size), ("Duration", self.duration))
        facts = [f"- Level: {self.level}", *(f"- Principle: {name}" for name in self.principles)]
        facts += [f"- {name}: {text}" for name, text in scope if text]
        told = [f"## {part.title()}\n\n{_escaped(text)}" for part, text in self.parts.items()]
        told += [f"## Learned\n\n{_escaped(self.learned)}"] if self.learned else []
        lists = [
            f"## {title}\n\n" + "\n".join(f"- {item}" for item in getattr(self, name))
            for name, title in _LISTS.items()
            if getattr(self, name)
        ]
        blocks = [f"# {self.title}", "\n".join(facts), *told, *lists]
        return _without_tags("\n\n".join(block.strip() for block in blocks)) + "\n"

    @classmethod
    def from_markdown(cls, text: str) -> "Story":
        """The story written in `text`; a section that is missing is a part not written yet.

        Raises CourseError for a heading, a section or a line that a story does not have.
        """
        lines = _with_tags(_unix(text)).lstrip("\ufeff\n ").split("\n")
        if not re.match(r"#(?!#)", lines[0]):
            raise CourseError(f"a story starts with its title, `# The title`; got {lines[0][:40]!r}")
        head, sections = _sections(lines[1:])
        lists = {
            name: [line[1:] for line in sections.pop(title.lower(), "").split("\n") if line.strip()]
            for name, title in _LISTS.items()
        }
        return cls(title=lines[0][1:], **lists, **_facts(head), **{**dict.fromkeys(PARTS, ...), **sections})

    def _repr_html_(self) -> str:
        # Text and not rendered Markdown: a cell's output is shown to others, in formgrader for one.
        return f'<pre style="white-space:pre-wrap;overflow-wrap:anywhere">{escape(self.to_markdown())}</pre>'


def _unix(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _text(field: str, value: object) -> str:
    """`value` without the indentation it had in the cell; empty for `...` and for a text of dots only."""
    if value is ...:
        return ""
    if not isinstance(value, str):
        raise CourseError(f"{field} is a text, or ... while it is not written; got {value!r}")
    first, *rest = _unix(value).strip().split("\n")
    settled = "\n".join([first, *textwrap.dedent("\n".join(rest)).split("\n")] if rest else [first])
    return "" if settled in ("...", "…") else settled


def _items(field: str, value: object) -> tuple:
    """`value` as a tuple: a list of several, one alone, or `...` for none yet."""
    if value is ...:
        return ()
    if isinstance(value, str | Real | Principle):
        return (value,)
    if not isinstance(value, Iterable) or isinstance(value, dict):
        raise CourseError(f"{field} is a list of texts; got {value!r}")
    return tuple(item for item in value if item is not ...)


def _principles(value: object) -> tuple[str, ...]:
    named = tuple(principle(name).name for name in _items("principles", value))
    if len(named) > MOST_PRINCIPLES:
        raise CourseError(f"a story shows one main principle and up to three more; got {len(named)}")
    if repeated := [name for name in named if named.count(name) > 1]:
        raise CourseError(f"principles names {repeated[0]} twice: name each once, the main one first")
    return named


def _level(value: object) -> str:
    if value in (..., ""):
        return ""
    if value not in LEVELS:
        raise CourseError(f"level is 'L6' or 'L7'; got {value!r}")
    return value


def _line(field: str, value: object) -> str:
    """A short text in one line; a number of people or of weeks is one."""
    number = isinstance(value, Real) and not isinstance(value, bool)
    return " ".join(_text(field, str(value) if number else value).split())


def _bullets(field: str, value: object) -> tuple[str, ...]:
    one = "a metric" if field == "metrics" else "a follow-up"
    items = (str(item) if isinstance(item, Real) else item for item in _items(field, value))
    return tuple(line for item in items if (line := _bullet(_text(one, item))))


def _bullet(text: str) -> str:
    """A metric as one line without a list mark of its own, which the Markdown would read as its own."""
    return re.sub(r"^(?:[-*]\s+)+", "", " ".join(text.split()))


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _escaped(text: str) -> str:
    """`text` with a backslash before each line that Markdown would take for a heading of ours."""
    return re.sub(r"^(?=\\*#)", r"\\", text, flags=re.MULTILINE)


def _without_tags(text: str) -> str:
    """`text` with each `<` escaped as Markdown does it; backslashes before one are doubled, to stay themselves."""
    return re.sub(r"(\\*)<", r"\1\1\\<", text)


def _with_tags(text: str) -> str:
    return re.sub(r"(\\*)\\<", lambda found: "\\" * (len(found[1]) // 2) + "<", text)


def _sections(lines: list[str]) -> tuple[list[str], dict[str, str]]:
    """The lines before the first section, and the text of each section by its name."""
    head, sections, current = [], {}, None
    for line in lines:
        if line.startswith("#"):
            current = sections.setdefault(_section(line, sections), [])
        else:
            (head if current is None else current).append(re.sub(r"^\\(?=\\*#)", "", line))
    return head, {name: "\n".join(text) for name, text in sections.items()}


def _section(line: str, seen: Iterable[str]) -> str:
    name = line.lstrip("#").strip().lower()
    known = (*PARTS, "learned", *map(str.lower, _LISTS.values()))
    if not line.startswith("## ") or name not in known:
        raise CourseError(
            f"a story has no section {line!r}: it has ## {', '.join(map(str.capitalize, known))} "
            "(a line of text that starts with # is written \\#)"
        )
    if name in seen:
        raise CourseError(f"the story has two sections called {name.title()}: join them")
    return name


_FACTS = {"Level": "level", "Team": "team_size", "Duration": "duration"}


def _facts(lines: list[str]) -> dict:
    """Level, principles and scope from the list under the title."""
    facts, principles = {"level": ""}, []
    for line in filter(str.strip, lines):
        found = re.fullmatch(rf"[-*]\s+({'|'.join(_FACTS)}|Principle):(.*)", line.strip())
        if not found:
            raise CourseError(
                f"under the title stand `- Level: L6` and `- Principle: Ownership`; got {line[:60]!r}"
            )
        if found[1] == "Principle":
            principles.append(found[2].strip())
        else:
            facts[_FACTS[found[1]]] = found[2].strip()
    return {**facts, "principles": principles}
