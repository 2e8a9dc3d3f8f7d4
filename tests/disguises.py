"""Mechanical disguises of a program: what somebody does to a copy who has five minutes and no idea."""

import ast
import builtins
import random
import re
from collections.abc import Callable


def renamed(text: str) -> str:
    """Every name that the program makes itself replaced by another."""
    tree = ast.parse(text)
    own = {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    own |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    own -= {*dir(builtins), "self"}
    fields = set(re.findall(r"\bself\.(\w+)", text)) - {
        node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)
    }
    for number, name in enumerate(sorted(own)):
        text = re.sub(rf"(?<![\w.])(?<!['\"]){name}\b(?!['\"])", f"thing_{number}", text)
    for number, name in enumerate(sorted(fields)):
        text = re.sub(rf"\bself\.{name}\b", f"self.field{number}", text)
    return text


def reordered(text: str) -> str:
    """Functions, and the methods of classes, in another order."""
    tree = ast.parse(text)
    for node in [tree, *(node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))]:
        functions = [one for one in node.body if isinstance(one, ast.FunctionDef)]
        node.body = [one for one in node.body if one not in functions] + functions[::-1]
    return ast.unparse(tree)


def commented(text: str) -> str:
    """A comment over each line, and blank lines."""
    draw = random.Random(7)
    lines = []
    for line in text.split("\n"):
        indent = line[: len(line) - len(line.lstrip())]
        lines += [f"{indent}# step {draw.randrange(99)}", ""] * bool(line.strip()) + [line]
    return "\n".join(lines)


def split(text: str) -> str:
    """Lines broken inside of brackets."""
    return re.sub(r", (?=[^\[\]()]*\))", ",\n        ", text)


def hinted(text: str) -> str:
    """Type hints on every argument, result and simple assignment, and docstrings."""

    class Hints(ast.NodeTransformer):
        def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
            self.generic_visit(node)
            for one in node.args.args:
                one.annotation = ast.parse("dict[str, list[int]]", mode="eval").body
            node.returns = ast.Name("object")
            node.body.insert(0, ast.Expr(ast.Constant("What it does.")))
            return node

    return ast.unparse(ast.fix_missing_locations(Hints().visit(ast.parse(text))))


def everything(text: str) -> str:
    """All of it, one after the other."""
    for change in (renamed, reordered, hinted, split, commented):
        text = change(text)
    return text


DISGUISES: list[Callable[[str], str]] = [renamed, reordered, commented, split, hinted, everything]
