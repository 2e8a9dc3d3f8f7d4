"""A tests cell as the referee compiles it: its asserts recorded, and calls that need no answer sent together."""

import ast
import asyncio
import builtins
import inspect
import linecache
import sys
from collections.abc import Iterator
from typing import Any

from loopready.asserts import RecordingTransformer

__all__ = ["caught", "compiled", "run"]


def compiled(
    text: str, name: str, own: frozenset[str] = frozenset(), living: frozenset[str] = frozenset()
) -> tuple[Any, Any]:
    """The code of a tests cell, and that of the expression in its last line or None.

    `own` are the answers' names, and `living` those whose values an answer may change. Raises SyntaxError.
    """
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    tree = _read(text, name)
    _mark(tree, own)
    tree = _Kinds(tree, living).visit(RecordingTransformer().visit(tree))
    tree = ast.fix_missing_locations(_Together().visit(tree))
    last = None
    if tree.body and isinstance(tree.body[-1], ast.Expr):
        last = compile(ast.Expression(tree.body.pop().value), name, "eval", _AWAIT)
    return compile(tree, name, "exec", _AWAIT), last


_AWAIT = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


def _read(text: str, name: str) -> ast.Module:
    """The text as Python; where it is none, without the lines that only IPython understands."""
    try:
        return ast.parse(text, name)
    except SyntaxError:
        lines = ["pass" if line.lstrip().startswith(("%", "!")) else line for line in text.splitlines()]
        return ast.parse("\n".join(lines), name)


def run(code: Any, space: dict[str, Any]) -> Any:
    """The value of compiled code, which may await something as in a notebook."""
    value = eval(code, space)
    if not code.co_flags & inspect.CO_COROUTINE:
        return value

    async def waited() -> Any:
        return await value

    return asyncio.run(waited())


def caught(kind: Any) -> Any:
    """What an `except` with a class of the answer's catches: that class, but never an assert of the test's own."""
    error = sys.exception()
    if type(error) is not AssertionError:
        return kind
    trace = error.__traceback__
    while trace.tb_next:
        trace = trace.tb_next
    here = sys._getframe(1).f_code.co_filename
    return () if trace.tb_frame.f_code.co_filename == here else kind


def _mark(tree: ast.Module, own: frozenset[str]) -> None:
    """Mark the statements before which all that was put off has to be done, and ask what answers' classes catch.

    An error that comes late must not be caught by what stands around another call, and what is no answer's may look
    at what the calls before it have done, as a test's own function, the clock or a redirected output does.
    """
    stored = {
        one.id for one in ast.walk(tree) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)
    }
    helpers = {
        target.id
        for one in ast.walk(tree)
        if isinstance(one, ast.Assign) and isinstance(one.value, ast.Lambda)
        for target in one.targets
        if isinstance(target, ast.Name)
    }
    known = own | (stored - helpers) | _QUIET
    for one in ast.walk(tree):
        if isinstance(one, ast.stmt):
            catches = isinstance(one, _CATCHING) or (isinstance(one, ast.With) and not _is_case(one))
            one.settles = catches or any(_foreign(part, known) for part in _at_once(one))
        if isinstance(one, ast.ExceptHandler) and one.type and _used(one.type) & own:
            one.type = ast.Call(ast.Name("_caught", ast.Load()), [one.type], [])


def _at_once(node: ast.stmt) -> Iterator[ast.AST]:
    """The parts of a statement that are run before its body, if it has one."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and _direct(node.value.func):
        # Put off itself, or found out to be no answer's when it is called.
        yield from [*node.value.args, *(key.value for key in node.value.keywords)]
    elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield from node.decorator_list
    elif isinstance(node, ast.With):
        yield from (item.context_expr for item in node.items)
    else:
        yield from (part for name, part in ast.iter_fields(node) if isinstance(part, ast.AST))
        lists = (part for name, part in ast.iter_fields(node) if isinstance(part, list))
        yield from (one for part in lists for one in part if isinstance(one, ast.expr))


def _foreign(node: ast.AST, known: frozenset[str]) -> bool:
    """Whether something is called that is neither an answer's, nor known to look at nothing else."""
    return any(isinstance(one, ast.Call) and _root(one.func) not in known for one in ast.walk(node))


def _root(node: ast.expr) -> str:
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else "" if isinstance(node, ast.Lambda) else "str"


_CATCHING = (ast.Try, ast.TryStar, ast.AsyncWith)
# What catches no error of an answer's and looks at nothing that an answer may have done unasked.
_QUIET = (frozenset(dir(builtins)) - {"getattr", "hasattr", "exec", "eval", "next", "print", "open", "__import__"}) | {
    "checks", "approx", "random", "math", "itertools", "operator", "string", "np", "numpy",
}  # fmt: skip


# With how many arguments.
_ASKED = {"type": 1, "issubclass": 2, "isinstance": 2, "callable": 1, "hasattr": 2}


class _Kinds(ast.NodeTransformer):
    """`type(x)`, `isinstance(x, y)` and their like ask about what stands behind x, not about what stands in for it.

    Where the tests cell has a `type` of its own, that is meant. A value that an answer may change is asked for anew.
    """

    def __init__(self, tree: ast.Module, living: frozenset[str]):
        names = [one for one in ast.walk(tree) if isinstance(one, ast.Name)]
        self._own = {one.id for one in names if not isinstance(one.ctx, ast.Load)}
        self._own |= {one.arg for one in ast.walk(tree) if isinstance(one, ast.arg)}
        self._living = living - self._own

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """The name's value as it is now, where it is one that an answer may change."""
        if node.id not in self._living:
            return node
        return ast.copy_location(ast.Call(ast.Name("_now", ast.Load()), [ast.Constant(node.id)], []), node)

    def visit_Call(self, node: ast.Call) -> ast.Call:
        """The call, of `_type` where it is one of `type` with a value, and so for the others."""
        self.generic_visit(node)
        name = _function_name(node)
        fits = len(node.args) == _ASKED.get(name) and not node.keywords and not _starred(node)
        if fits and name not in self._own:
            node.func = ast.copy_location(ast.Name(f"_{name}", ast.Load()), node.func)
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        """The same for `x.__class__`."""
        self.generic_visit(node)
        if node.attr == "__class__" and isinstance(node.ctx, ast.Load):
            return ast.copy_location(ast.Call(ast.Name("_type", ast.Load()), [node.value], []), node)
        return node


class _Together(ast.NodeTransformer):
    """Statements that only call, and comprehensions that only call, where nothing may catch an error in between."""

    def visit(self, node: ast.AST) -> Any:
        """The node, and before a statement that wants it so a call that waits for all that was put off."""
        made = super().visit(node)
        if getattr(node, "settles", False):
            return [ast.Expr(ast.Call(ast.Name("_settle", ast.Load()), [], [])), made]
        return made

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        """A function of the test's, of which each loop waits for its own calls: who calls it may catch their errors."""
        return _Loops().generic_visit(node)

    def visit_ClassDef(self, node: ast.stmt) -> ast.stmt:
        """Nothing that only calls: left as it is."""
        return node

    visit_AsyncFunctionDef = visit_Lambda = visit_Try = visit_TryStar = visit_ClassDef

    def visit_With(self, node: ast.With) -> ast.With:
        if not _is_case(node):
            return node
        self.generic_visit(node)
        node.body.append(ast.Expr(ast.Call(ast.Name("_settle", ast.Load()), [], [])))
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.Expr:
        return _put_off(node) if _only_calls(node) else node

    def visit_ListComp(self, node: ast.ListComp) -> ast.expr:
        return self._each(node, "list")

    def visit_SetComp(self, node: ast.SetComp) -> ast.expr:
        return self._each(node, "set")

    def _each(self, node: ast.ListComp | ast.SetComp, kind: str) -> ast.expr:
        call = node.elt
        targets = {
            one.id for part in node.generators for one in ast.walk(part.target) if isinstance(one, ast.Name)
        }
        plain = isinstance(call, ast.Call) and not call.keywords and not _starred(call) and _direct(call.func)
        apart = plain and not _used(call.func) & targets and _harmless([*call.args, *node.generators])
        if not apart or any(part.is_async for part in node.generators):
            return node
        rows = ast.GeneratorExp(ast.Tuple(call.args, ast.Load()), node.generators)
        each = ast.Call(ast.Name("_each", ast.Load()), [call.func, rows], [])
        return ast.Call(ast.Name(kind, ast.Load()), [each], [])


class _Loops(ast.NodeTransformer):
    """Loops that only call, and look at nothing in between: their calls go over together, and are done behind them."""

    def visit_For(self, node: ast.For) -> ast.For | list[ast.stmt]:
        """The loop, and behind it a call that waits for its calls."""
        calls = [one for one in node.body if _only_calls(one)]
        parts = [part for one in calls for part in (*one.value.args, *one.value.keywords)]
        if len(calls) < len(node.body) or node.orelse or not _harmless([node.iter, *parts]):
            return self.generic_visit(node)
        node.body = [_put_off(one) for one in calls]
        return [node, ast.Expr(ast.Call(ast.Name("_settle", ast.Load()), [], []))]

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        """Left as it is."""
        return node


def _only_calls(node: ast.stmt) -> bool:
    call = node.value if isinstance(node, ast.Expr) else None
    return isinstance(call, ast.Call) and _direct(call.func) and not _starred(call)


def _put_off(node: ast.Expr) -> ast.Expr:
    call = node.value
    node.value = ast.Call(ast.Name("_later", ast.Load()), [call.func, *call.args], call.keywords)
    return node


def _is_case(node: ast.With) -> bool:
    return {_function_name(item.context_expr) for item in node.items} == {"checks"}


# What an argument may call, so that arguments can be worked out before the calls that they are for.
_PURE = {"range", "len", "zip", "enumerate", "reversed", "sorted", "min", "max", "str", "int", "chr", "ord"}


def _harmless(nodes: list[ast.AST]) -> bool:
    inside = [one for node in nodes for one in ast.walk(node)]
    calls = [_function_name(one) for one in inside if isinstance(one, ast.Call)]
    return set(calls) <= _PURE and not any(isinstance(one, (ast.NamedExpr, ast.Await)) for one in inside)


def _direct(node: ast.expr) -> bool:
    """A name, or an attribute of a name other than `checks`."""
    if isinstance(node, ast.Attribute):
        return isinstance(node.value, ast.Name) and node.value.id != "checks"
    return isinstance(node, ast.Name)


def _starred(call: ast.Call) -> bool:
    return any(isinstance(arg, ast.Starred) for arg in call.args) or any(not one.arg for one in call.keywords)


def _function_name(node: ast.expr) -> str:
    return node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""


def _used(node: ast.expr) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
