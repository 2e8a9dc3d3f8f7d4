"""Errors on their way over the line: by name, arguments and text, never by a class that comes from the other side."""

import builtins
import sys
import traceback
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from loopready.referee.wire import Tree, WireError

if TYPE_CHECKING:
    from loopready.referee.plain import Codec

# Libraries whose errors a tests cell may name; a learner's own are known by their built-in bases.
_KNOWN = (*sys.stdlib_module_names, "pint", "numpy", "pandas")
# Errors that a test's own library takes for something else than a failure.
_UNHEARD = frozenset({"SkipTest", "Skipped", "CancelledError"})
_PLAIN = (bool, int, float, str, bytes, type(None))


def described(error: BaseException, codec: "Codec") -> Tree:
    """The error as a tree: the names of its classes, its arguments where they are plain, its text, its place."""
    kind = type(error)
    line = [[one.__module__, one.__qualname__] for one in kind.__mro__ if issubclass(one, BaseException)]
    args = [arg if isinstance(arg, _PLAIN) else _said(arg) for arg in error.args][:10]
    more = {name: one for name, one in vars(error).items() if type(one) in _PLAIN and _is_public(name)}
    return [line, codec.trees(args), _said(error), place(error), list(more), codec.trees(more.values())]


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


def rebuilt(tree: Tree, codec: "Codec") -> Exception:
    """The error that a tree describes, of the nearest class that is known here. Raises WireError."""
    line, args, said, where, names, values = tree
    if not (isinstance(said, str) and isinstance(where, str)):
        raise WireError("an error without a text")
    said = said.encode("utf-8", "replace").decode()
    error = _made(nearest(line), [arg for arg in codec.values(args) if isinstance(arg, _PLAIN)], said)
    error.place = where.encode("utf-8", "replace").decode()
    for name, value in zip(names, codec.values(values), strict=True):
        if _is_public(name) and type(value) in _PLAIN and not hasattr(error, name):
            setattr(error, name, value)
    return error


def nearest(line: Tree) -> type[Exception]:
    """The class for a line of [module, name], the class itself first: known here, or made on one that is."""
    own: list[str] = []
    for module, name in line[:50]:
        if not isinstance(module, str) or not isinstance(name, str):
            raise WireError("an error without a class")
        if kind := _class(module, name):
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
    known = isinstance(kind, type) and issubclass(kind, Exception)
    # A library's own signals, such as unittest's, begin with a line.
    return kind if known and name not in _UNHEARD and name[:1] != "_" else None


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
