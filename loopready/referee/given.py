"""What the course gives to learner and tests alike: the locked cells of the source, run out here as far as needed."""

import ast
import contextlib
import enum
import io
from typing import Any

from loopready.referee.plans import bound, parsed
from loopready.referee.seats import OURS

__all__ = ["Given"]


class Given:
    """The statements of the given cells; those are run that bind a name which the tests use, and no others."""

    def __init__(self, texts: list[str]):
        self._statements = [node for text in texts for node in parsed(text).body]
        self.classes: dict[str, type] = {}

    def names(self, used: frozenset[str]) -> dict[str, Any]:
        """The values of the given names among `used`, and of whatever those need."""
        space: dict[str, Any] = {"__name__": OURS}
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            for node in self._needed(set(used)):
                # A given cell may use what only the learner has; it is given to the learner then, and not to the tests.
                with contextlib.suppress(Exception):
                    exec(compile(ast.Module([node], []), "<given>", "exec"), space)
        self.classes = {name: one for name, one in space.items() if _is_data(one)}
        return {name: value for name, value in space.items() if not name.startswith("__")}

    def _needed(self, used: set[str]) -> list[ast.stmt]:
        chosen: list[ast.stmt] = []
        for node in reversed(self._statements):
            names = bound(ast.Module([node], []))
            if names & used or "*" in names:
                chosen.append(node)
                used |= {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
        return chosen[::-1]


def _is_data(one: Any) -> bool:
    """A class that is its fields: a dataclass, a named tuple, an enum."""
    if not isinstance(one, type) or one.__module__ != OURS:
        return False
    return hasattr(one, "__dataclass_fields__") or hasattr(one, "_fields") or issubclass(one, enum.Enum)
