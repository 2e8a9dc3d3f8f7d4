"""What an assert looked at: the call, the value that came and the value that was expected.

A failed assert knows only that it failed, and asking a second time is no way to find out: a counter has counted by
then. So the asserts inside `with checks(...)` are rewritten before they are compiled, each operand passing through a
recorder on its way to the comparison:

    assert hits(clock) == 3

becomes

    checks.recorder.about("hits(clock)", "==", "3")
    assert checks.recorder.got(checks.recorder.call("hits", [None], hits, clock)) == checks.recorder.expected("==", 3)
"""

import ast
import reprlib
from dataclasses import dataclass
from typing import Any

_SIGNS = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
    ast.Is: "is", ast.IsNot: "is not", ast.In: "in", ast.NotIn: "not in",
}  # fmt: skip


class _Brief(reprlib.Repr):
    """repr, shortened so that a row of the table stays a row."""

    def __init__(self) -> None:
        super().__init__()
        self.maxstring = self.maxother = 80
        self.maxlist = self.maxtuple = self.maxdict = self.maxset = self.maxdeque = 6

    def repr_int(self, x: int, level: int) -> str:
        # Python refuses to write thousands of digits.
        return (
            super().repr_int(x, level)
            if x.bit_length() < 10_000
            else f"<a number of {x.bit_length():,} bits>"
        )

    def repr_instance(self, x: object, level: int) -> str:
        try:
            return brief(repr(x), self.maxother)
        except Exception as error:  # a learner's __repr__ may fail, and the row must still be written
            return f"<{type(x).__name__}, whose repr raises {type(error).__name__}>"


_brief = _Brief()


def brief(text: str, limit: int = 80) -> str:
    """`text` on one line and at most `limit` characters long, its middle left out, without memory addresses."""
    text = " ".join(line.strip() for line in text.splitlines())
    while " at 0x" in text:
        before, _, after = text.partition(" at 0x")
        text = before + after.lstrip("0123456789abcdefABCDEF")
    return text if len(text) <= limit else f"{text[: limit - 12]} … {text[-9:]}"


def shown(value: object) -> str:
    """A value as the table shows it: a quantity as on a whiteboard, anything else as a short repr."""
    if isinstance(value, type):
        return value.__name__
    if type(value).__module__.startswith("pint"):
        from loopready.units import readable

        return readable(value)
    return brief(_brief.repr(value), 160)


@dataclass
class Seen:
    """The last assert of a case, as far as it got: all in words, and empty where it got nowhere."""

    called: str = ""
    expected: str = ""
    got: str = ""
    value: str = ""


class AssertRecorder:
    """Keeps what the assert that is running has looked at; every method hands its value on unchanged."""

    def __init__(self) -> None:
        self.seen = Seen()

    def forget(self) -> None:
        """Nothing has been looked at yet."""
        self.seen = Seen()

    def about(self, called: str, sign: str, expected: str) -> None:
        """An assert begins; until its operands are known its own text stands for them."""
        self.seen = Seen(called, _expectation(sign, expected))

    def call(self, name: str, plain: list[str | None], function: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call `function`, keeping how: `plain` holds an argument's text where the text says it best."""
        texts = [text or shown(value) for text, value in zip(plain, args, strict=False)]
        texts += [shown(value) for value in args[len(plain) :]]
        texts += [f"{key}={shown(value)}" for key, value in kwargs.items()]
        self.seen.called = brief(f"{name}({', '.join(texts)})", 120)
        value = function(*args, **kwargs)
        self.seen.value = shown(value)
        return value

    def got(self, value: Any) -> Any:
        """The value that came; handed on."""
        self.seen.got = shown(value)
        return value

    def expected(self, sign: str, value: Any) -> Any:
        """The value that it is compared with; handed on."""
        self.seen.expected = _expectation(sign, shown(value))
        return value


def _expectation(sign: str, text: str) -> str:
    return text if sign in ("", "==", "is") else f"{sign} {text}"


class RecordingTransformer(ast.NodeTransformer):
    """Rewrites the asserts inside `with checks(...)` blocks, and nothing else."""

    def visit_With(self, node: ast.With) -> ast.With:
        """The block with its asserts recorded, where it is a case."""
        if any(_calls(item.context_expr, "checks") for item in node.items):
            node.body = _Asserts().rewrite(node.body)
        else:
            self.generic_visit(node)
        return ast.fix_missing_locations(node)


def _calls(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name


class _Asserts(ast.NodeTransformer):
    def rewrite(self, body: list[ast.stmt]) -> list[ast.stmt]:
        done: list[ast.stmt] = []
        for statement in body:
            new = self.visit(statement)
            done.extend(new if isinstance(new, list) else [new])
        return done

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        return node  # a helper inside a case is the author's own

    visit_AsyncFunctionDef = visit_ClassDef = visit_Lambda = visit_FunctionDef

    def visit_With(self, node: ast.With) -> ast.With:
        self.generic_visit(node)
        if any(_calls(item.context_expr, "raises") for item in node.items):
            for statement in node.body:
                if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
                    statement.value = _recorded_call(statement.value)
        return node

    def visit_Assert(self, node: ast.Assert) -> list[ast.stmt]:
        test, sign, wanted = node.test, "", "true"
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            about = _ask("about", _text(test.operand), "", "false")
            test.operand = _ask("got", _recorded_call(test.operand))
        elif isinstance(test, ast.Compare) and len(test.ops) == 1:
            sign, wanted = _SIGNS[type(test.ops[0])], ast.unparse(test.comparators[0])
            about = _ask("about", _text(test.left), sign, wanted)
            test.left = _ask("got", _recorded_call(test.left))
            test.comparators = [_ask("expected", sign, test.comparators[0])]
        elif isinstance(test, ast.Compare):
            about = _ask("about", _text(test.comparators[0]), "", ast.unparse(test))
            test.comparators[0] = _ask("got", _recorded_call(test.comparators[0]))
        else:
            about = _ask("about", _text(test), sign, wanted)
            node.test = _ask("got", _recorded_call(test))
        return [ast.copy_location(ast.Expr(about), node), node]


def _text(node: ast.expr) -> str:
    return brief(ast.unparse(node), 120)


def _recorded_call(node: ast.expr) -> ast.expr:
    """The call, made through the recorder, so that the table can show the arguments; other expressions as they are."""
    if not isinstance(node, ast.Call) or any(keyword.arg is None for keyword in node.keywords):
        return node
    # A name says nothing of the value behind it, so names are shown by value and the rest by its own text.
    plain = [None if isinstance(arg, ast.Name) else _text(arg) for arg in node.args]
    if any(isinstance(arg, ast.Starred) for arg in node.args):
        plain = []
    call = _ask("call", _text(node.func), plain, node.func)
    call.args += node.args
    call.keywords = node.keywords
    return call


def _ask(method: str, *args: Any) -> ast.Call:
    recorder = ast.Attribute(ast.Name("checks", ast.Load()), "recorder", ast.Load())
    values = [arg if isinstance(arg, ast.AST) else _literal(arg) for arg in args]
    return ast.Call(ast.Attribute(recorder, method, ast.Load()), values, [])


def _literal(value: Any) -> ast.expr:
    return ast.parse(repr(value), mode="eval").body
