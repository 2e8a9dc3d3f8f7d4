"""Which ids a learner can have: an id is a folder's name, a part of the exchange's names, and a word of commands."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbgrader.coursedir import CourseDirectory

# nbgrader parts the names in the exchange by +, and takes * ? [ ] for patterns and , for a list.
_SPECIAL = re.compile(r"[+*?\[\],\x00-\x1f\x7f]")


def fault(learner: str) -> str:
    """What keeps `learner` from being an id, or "" when nothing does. Spaces inside it and any letters are well.

    >>> fault("ann/abe")
    'an id is the name of a folder, so it cannot have a slash in it: give this learner another id'
    >>> fault("Ana María")
    ''
    """
    remedy = "give this learner another id"
    if "/" in learner:
        return f"an id is the name of a folder, so it cannot have a slash in it: {remedy}"
    if not learner or learner != learner.strip():
        return f"an id cannot begin or end with a space, or be empty: {remedy}"
    if learner.startswith("."):
        return f"nbgrader passes over a folder that begins with a dot: {remedy}"
    if found := _SPECIAL.search(learner):
        return f"nbgrader has another use for {found[0]!r}: {remedy}"
    return ""


def faults(learners: Iterable[str]) -> dict[str, str]:
    """The learners whose ids cannot be ids, each with what is wrong."""
    found = {learner: fault(learner) for learner in learners}
    return {learner: said for learner, said in sorted(found.items()) if said}


def out_of_reach(coursedir: "CourseDirectory", week: str) -> dict[str, str]:
    """What nbgrader never finds: learners of the gradebook with such an id, and folders one level too deep."""
    from nbgrader.api import Gradebook

    with Gradebook(coursedir.db_url, coursedir.course_id) as book:
        known = [one.id for one in book.students]
    return faults([*known, *_too_deep(coursedir, week)])


def _too_deep(coursedir: "CourseDirectory", week: str) -> list[str]:
    root = Path(coursedir.root)
    top, weeks = root / coursedir.submitted_directory, root / coursedir.source_directory
    found = [path.parent for path in top.glob(f"*/*/{week}") if path.is_dir()]
    # A learner's own folder inside a hand-in is none.
    return [str(folder.relative_to(top)) for folder in found if not (weeks / folder.name).is_dir()]
