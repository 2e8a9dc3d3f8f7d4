"""What the course gives to learner and tests alike: the other cells of the source, run out here as far as needed."""

import ast
import contextlib
import enum
import io
import sys
import types
from collections.abc import Iterable
from typing import Any

from loopready.course import CourseError
from loopready.referee.plans import bound, parsed
from loopready.referee.seats import OURS

__all__ = ["Given"]


class GivenError(CourseError):
    """A value that the course gives and the tests need cannot be made here."""


class Given:
    """The statements of the given cells; those are run that make a name which the tests use, and no others.

    They run among the names of the tests, so that a given function which calls the learner's finds it there. What
    depends on the learner when it is run, as `result = answer(3)` does, is run again for each tests cell.
    """

    def __init__(self, texts: list[str], loose: Iterable[int] = (), own: frozenset[str] = frozenset()):
        self._statements = [
            (node, place in set(loose)) for place, text in enumerate(texts) for node in parsed(text).body
        ]
        self._own, self._made = own, {"*"}
        for node, _ in self._statements:
            if not isinstance(node, (ast.Import, ast.ImportFrom)):
                self._made |= _bound(node)
        self.forget()

    def forget(self) -> None:
        """Begin anew."""
        self.kinds: dict[str, type] = {}
        self.classes: dict[str, type] = {}
        self._done: set[int] = set()
        self._failed: dict[str, str] = {}

    def needed(
        self, used: frozenset[str], sets: frozenset[str] = frozenset()
    ) -> tuple[list[int], frozenset[str]]:
        """The places of the statements that a tests cell needs, and the names that it and they use.

        What a learner may change is not needed for a name that the tests cell sets itself.
        """
        chosen: set[int] = set()
        names, before = set(used), -1
        # A function may call one that is defined below it.
        while before < len(chosen):
            before = len(chosen)
            for place, (node, loose) in reversed([*enumerate(self._statements)]):
                wanted = names - sets if loose else names
                if "*" in (made := _bound(node)) or (made | self._changed(node)) & wanted:
                    chosen.add(place)
                    names |= _used(node)
        return sorted(chosen), frozenset(names)

    def modules(self, used: frozenset[str], sets: frozenset[str]) -> list[str]:
        """What the statements import that a tests cell needs."""
        nodes = [self._statements[place][0] for place in self.needed(used, sets)[0]]
        plain = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
        return [*plain, *(node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module)]

    def _changed(self, node: ast.stmt) -> set[str]:
        """The given values of which a statement changes a part, or that it may change by a call."""
        targets = getattr(node, "targets", [getattr(node, "target", None)])
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            targets = [node.value.func]
        roots = {_root(one) for one in targets if isinstance(one, (ast.Attribute, ast.Subscript))}
        return roots & self._made

    def run(self, places: list[int], space: dict[str, Any], late: bool) -> None:
        """Run the statements at these places in `space`: those that depend on the learner if `late`, else others."""
        late_names = set(self._own)
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            for place in places:
                node = self._statements[place][0]
                depends = bool(_used_at_once(node) & late_names)
                if depends:
                    late_names |= _bound(node)
                if depends == late and place not in self._done:
                    self._run(node, space)
                    if not late:
                        self._done.add(place)
            for name in set().union(*(_bound(self._statements[place][0]) for place in places)) & space.keys():
                one = space[name]
                if isinstance(one, type) and one.__module__ == OURS:
                    self.kinds[name] = one
        self.classes |= {name: one for name, one in self.kinds.items() if _is_data(one)}

    def _run(self, node: ast.stmt, space: dict[str, Any]) -> None:
        # A dataclass looks its module up when an annotation is a text.
        sys.modules.setdefault(OURS, types.ModuleType(OURS))
        try:
            exec(compile(ast.Module([node], []), "<given>", "exec"), space)
        except NameError:  # what only the learner has is given to the learner, and not to the tests
            pass
        except Exception as error:
            said = f"{type(error).__name__}: {error}".splitlines()[0][:200]
            self._failed |= dict.fromkeys(_bound(node) - self._own, said)

    def check(self, used: frozenset[str], space: dict[str, Any]) -> None:
        """Raise GivenError where a name that is used could not be made; nobody's answer takes its place."""
        for name in sorted(self._failed.keys() & used - space.keys()):
            raise GivenError(
                f"the course gives {name!r}, which cannot be made where the tests run ({self._failed[name]})"
            )


def _bound(node: ast.stmt) -> set[str]:
    return bound(ast.Module([node], []))


def _used(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}


def _used_at_once(node: ast.stmt) -> set[str]:
    """The names that a statement looks up when it is run, and not when a function of it is called."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        parts = [*node.decorator_list, *node.args.defaults, *filter(None, node.args.kw_defaults)]
    elif isinstance(node, ast.ClassDef):
        parts = [
            *node.decorator_list,
            *node.bases,
            *(one for one in node.body if not isinstance(one, ast.FunctionDef)),
        ]
    else:
        parts = [node]
    return set().union(*map(_used, parts))


def _root(node: ast.AST) -> str:
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _is_data(one: type) -> bool:
    """A class that is its fields: a dataclass, a named tuple, an enum."""
    return hasattr(one, "__dataclass_fields__") or hasattr(one, "_fields") or issubclass(one, enum.Enum)
