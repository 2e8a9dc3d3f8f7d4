"""A tests cell as the referee compiles it: its asserts recorded, and calls that need no answer sent together."""

import ast
import asyncio
import inspect
import linecache
from typing import Any

from loopready.asserts import RecordingTransformer

__all__ = ["compiled", "run"]


def compiled(text: str, name: str) -> tuple[Any, Any]:
    """The code of a tests cell, and that of the expression in its last line or None. Raises SyntaxError."""
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    tree = RecordingTransformer().visit(_read(text, name))
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


class _Together(ast.NodeTransformer):
    """Statements that only call, and comprehensions that only call, where nothing may catch an error in between."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        return node

    visit_AsyncFunctionDef = visit_ClassDef = visit_Lambda = visit_Try = visit_TryStar = visit_FunctionDef

    def visit_With(self, node: ast.With) -> ast.With:
        names = {_function_name(item.context_expr) for item in node.items}
        if names != {"checks"}:
            return node
        self.generic_visit(node)
        node.body.append(ast.Expr(ast.Call(ast.Name("_settle", ast.Load()), [], [])))
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.Expr:
        call = node.value
        if isinstance(call, ast.Call) and _direct(call.func) and not _starred(call):
            node.value = ast.Call(ast.Name("_later", ast.Load()), [call.func, *call.args], call.keywords)
        return node

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
