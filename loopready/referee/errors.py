"""Errors on their way over the line: by name, arguments and text, never by a class that comes from the other side."""

import builtins
import sys
import traceback
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from loopready.referee.wire import Tree, WireError

if TYPE_CHECKING:
    from loopready.referee.plain import Codec

# Libraries whose errors a tests cell may name; a learner's own are known by their built-in bases.
_KNOWN = (*sys.stdlib_module_names, "pint", "numpy", "pandas")
# Errors that a test's own library takes for something else than a failure.
_UNHEARD = frozenset({"SkipTest", "Skipped", "CancelledError", "ExceptionGroup"})
_OURS = ("__main__", "tests")  # where the classes of cells are
_DEEPEST = 3  # causes, and lists in lists, of an error
_PLAIN = (bool, int, float, str, bytes, type(None))


def described(error: BaseException, codec: "Codec", deep: int = 0) -> Tree:
    """The error as a tree: the names of its classes, its plain arguments, its text, its place, and its cause."""
    kind = type(error)
    line = [[one.__module__, one.__qualname__] for one in kind.__mro__ if issubclass(one, BaseException)]
    args = [arg if isinstance(arg, _PLAIN) else _said(arg) for arg in error.args][:10]
    more = {name: one for name, one in vars(error).items() if _is_public(name) and _is_plain(one)}
    values, cause = codec.trees(more.values()), error.__cause__
    because = described(cause, codec, deep + 1) if cause is not None and deep < _DEEPEST else None
    return [line, codec.trees(args), _said(error), place(error), list(more), values, because]


def _is_plain(value: Any, deep: int = 0) -> bool:
    if type(value) in (list, tuple, set, dict) and deep < _DEEPEST and len(value) <= 1000:
        parts = [*value, *value.values()] if type(value) is dict else value
        return all(_is_plain(one, deep + 1) for one in parts)
    return type(value) in _PLAIN


def _is_public(name: Any) -> bool:
    return (
        type(name) is str and name.isidentifier() and name[0] != "_" and name not in ("args", "said", "place")
    )


def _said(value: Any) -> str:
    try:
        return str(value)[:2000]
    except Exception as error:
        return f"<a {type(value).__name__} whose text raises {type(error).__name__}>"


def place(error: BaseException) -> str:
    """Where in the learner's cells it arose, as "line 3 of servers"; empty where it was not in one."""
    frames = traceback.extract_tb(error.__traceback__)
    inside = [one for one in frames if one.filename.startswith("<ipython-input")]
    return f"line {inside[-1].lineno} of {inside[-1].name}" if inside else ""


def rebuilt(tree: Tree, codec: "Codec", deep: int = 0) -> Exception:
    """The error that a tree describes, of the nearest class that is known here. Raises WireError."""
    line, args, said, where, names, values, because = tree
    if not (isinstance(said, str) and isinstance(where, str)):
        raise WireError("an error without a text")
    said = said.encode("utf-8", "replace").decode()
    error = _made(
        nearest(line, codec.error_class), [arg for arg in codec.values(args) if isinstance(arg, _PLAIN)], said
    )
    error.place = where.encode("utf-8", "replace").decode()
    for name, value in zip(names, codec.values(values), strict=True):
        if _is_public(name) and _is_plain(value) and not hasattr(error, name):
            setattr(error, name, value)
    if because is not None and deep < _DEEPEST:
        error.__cause__ = rebuilt(because, codec, deep + 1)
    return error


def nearest(line: Tree, known: Callable[[str], type | None] = lambda name: None) -> type[Exception]:
    """The class for a line of [module, name], the class itself first: known here, or made on one that is.

    `known` gives the class of a name that the course or the test has.
    """
    own: list[str] = []
    for module, name in line[:50]:
        if not isinstance(module, str) or not isinstance(name, str):
            raise WireError("an error without a class")
        if kind := _class(module, name) or _ours(module, known(name)):
            break
        own.append(name.rpartition(".")[2])
    else:
        kind = RuntimeError
    for name in reversed(own):
        kind = _subclass(kind, name)
    return kind


def _class(module: str, name: str) -> type[Exception] | None:
    """The error class of that name in a module that is here already; nothing is imported for it."""
    home = sys.modules.get(module) if module.partition(".")[0] in _KNOWN else None
    kind = vars(home).get(name) if home else None
    known = isinstance(kind, type) and (issubclass(kind, Exception) or kind is SystemExit)
    # A library's own signals, such as unittest's, begin with a line.
    return kind if known and name not in _UNHEARD and name[:1] != "_" else None


def _ours(module: str, kind: type | None) -> type[Exception] | None:
    fits = module in _OURS and isinstance(kind, type) and issubclass(kind, Exception)
    return kind if fits else None


def _made(kind: type[Exception], args: list, said: str) -> Exception:
    if vars(builtins).get(kind.__name__) is kind:
        try:
            return kind(*args)
        except Exception:  # such as UnicodeDecodeError, which wants five arguments of their own kinds
            pass
    if not hasattr(kind, "said"):
        kind = _subclass(kind, kind.__name__)
    error = kind.__new__(kind)
    error.args, error.said = tuple(args), said
    return error


@lru_cache(1000)
def _subclass(base: type[Exception], name: str) -> type[Exception]:
    """A class under the name that the other side has for it, with the text that came."""
    return type(name[:100], (base,), {"__init__": lambda self, *args: None, "__str__": lambda self: self.said,
                                      "said": "", "__module__": "__main__"})  # fmt: skip
