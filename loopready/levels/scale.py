"""What the levels of a rubric come to: the points of a cell, by one formula for every rubric."""

from collections.abc import Iterable, Mapping, Sequence

from loopready import rubrics
from loopready.course import CourseError
from loopready.rubrics import Dimension

Rubric = tuple[Dimension, ...]
Levels = dict[str, int]

RUBRICS: dict[str, Rubric] = {"design": rubrics.DESIGN, "story": rubrics.STORY}


def kind_of(cell: str) -> str | None:
    """Whether a graded cell is a "design" or a "story", by its name; None when it is neither."""
    return next((kind for kind in RUBRICS if cell.endswith(f"-{kind}")), None)


def rubric_of(cell: str) -> Rubric:
    """The rubric of a graded cell. Raises CourseError when it has none."""
    kind = kind_of(cell)
    if kind is None:
        ends = " or ".join(f"-{kind}" for kind in RUBRICS)
        raise CourseError(f"{cell} has no rubric: a cell with one has a name that ends in {ends}")
    return RUBRICS[kind]


def points(rubric: Rubric, levels: Mapping[str, int], out_of: float) -> float:
    """The points of `out_of` that the levels come to: their sum, of the sum that the highest levels would make.

    So a level is worth the same in every row. Rounded to hundredths. Raises CourseError for a row that has no level,
    a level that does not exist, or a name that is no row.
    """
    checked(rubric, levels)
    return round(out_of * sum(levels.values()) / sum(each.top for each in rubric), 2)


def checked(rubric: Rubric, levels: Mapping[str, int]) -> None:
    """Raise CourseError unless there is one existing level for each row."""
    names = {each.name: each for each in rubric}
    for name, level in levels.items():
        if name not in names:
            raise CourseError(f"the rubric has no row {name!r}: it has {', '.join(names)}")
        if isinstance(level, bool) or level not in names[name].anchors:
            raise CourseError(f"{name} has the levels 1 to {names[name].top}; got {level!r}")
    if missing := [name for name in names if name not in levels]:
        raise CourseError(f"{missing[0]} has no level yet: points are given when every row has one")


def in_order(rubric: Rubric, given: Sequence[str]) -> Levels:
    """The levels as typed, one for each row in the rubric's order. Raises CourseError when they are not that."""
    if len(given) != len(rubric):
        names = ", ".join(each.name for each in rubric)
        raise CourseError(f"{len(rubric)} levels are needed, for {names}; got {len(given)}")
    levels = {
        each.name: int(text) if text.isdecimal() else text for each, text in zip(rubric, given, strict=True)
    }
    checked(rubric, levels)
    return levels


def worth(cells: Iterable[tuple[str, float]]) -> list[tuple[str, str, str, str]]:
    """For each cell with a rubric, of (name, points) pairs: name, rows, levels, and what they come to, in words."""
    return [
        (cell, str(len(rubric)), f"1 to {rubric[0].top}", _worth(rubric, out_of))
        for cell, out_of in cells
        if (kind := kind_of(cell)) and (rubric := RUBRICS[kind])
    ]


def _worth(rubric: Rubric, out_of: float) -> str:
    factor = out_of / sum(each.top for each in rubric)
    times = "" if factor == 1 else f" times {factor:g}"
    one_less = rubric[0].top - 1
    solid = points(rubric, {each.name: one_less for each in rubric}, out_of)
    return f"the sum of the levels{times}: {out_of:g} at most, {solid:g} for a {one_less} in each row"
