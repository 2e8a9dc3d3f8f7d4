"""What the source says of a tests cell before anything runs: its names, its cases, and who must answer apart from whom.

`decode(encode(x)) == x` is passed by a table that both share. So where one case calls two functions, each answers in a
process of its own; unless the reference makes objects, or the test calls a function for its effect alone: then the
test is about what they share.
"""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Helpers", "Names", "Plan", "bound", "names_in", "parsed", "plan", "taught"]

MOST = 6  # processes of their own for the functions of one tests cell


@dataclass(frozen=True)
class Names:
    """The names that the reference solutions define: functions, the operators of the classes, and other values.

    `imports` are the statements that bring in a name from elsewhere; `reads` and `writes` the attributes that the
    reference reads and sets, of whatever; `records` the dataclasses that compare by their fields, and of each field the
    default, what makes it, or `...`; `frozen` those among them that nobody changes, so that a set or a dict can hold
    them. `living` are the values that the reference's functions change, or could.
    """

    functions: frozenset[str] = frozenset()
    classes: dict[str, frozenset[str]] = field(default_factory=dict)
    others: frozenset[str] = frozenset()
    imports: dict[str, str] = field(default_factory=dict)
    reads: frozenset[str] = frozenset()
    writes: frozenset[str] = frozenset()
    records: dict[str, dict[str, Any]] = field(default_factory=dict)
    frozen: frozenset[str] = frozenset()
    living: frozenset[str] = frozenset()

    @property
    def own(self) -> frozenset[str]:
        """What an answer makes, and what nobody but the learner can give."""
        return self.functions | self.classes.keys() | self.others


@dataclass(frozen=True)
class Plan:
    """For one tests cell: the names that it uses, those it gives a value itself, and who answers for which function.

    `apart` has, for a function, the number of the box that answers for it.
    """

    uses: frozenset[str]
    apart: dict[str, int]
    sets: frozenset[str] = frozenset()

    @property
    def boxes(self) -> int:
        """How many boxes it needs."""
        return 1 + max(self.apart.values(), default=0)


def taught(solutions: list[str]) -> Names:
    """What the texts of the solution cells define."""
    functions, classes, others, imports = set(), {}, set(), {}
    trees = [parsed(text) for text in solutions]
    for tree in trees:
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                bases = [_named(one) for one in node.bases if _named(one) not in _PLAIN]
                classes[node.name] = frozenset(_dunders(node)).union(
                    *(classes.get(one, _OPERATORS) for one in bases)
                )
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                functions.add(node.name)
        others |= bound(tree) | _declared(tree)
        imports |= _imported(tree)
    others -= functions | classes.keys() | imports.keys()
    attributes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    reads = frozenset(node.attr for node in attributes)
    writes = frozenset(node.attr for node in attributes if not isinstance(node.ctx, ast.Load))
    nodes = [node for tree in trees for node in tree.body if isinstance(node, ast.ClassDef)]
    records = {node.name: found for node in nodes if (found := _record(node))}
    frozen = frozenset(node.name for node in nodes if node.name in records and _is_frozen(node))
    living = frozenset(others & set().union(*map(_changed, trees)))
    return Names(
        frozenset(functions), classes, frozenset(others), imports, reads, writes, records, frozen, living
    )


def _changed(tree: ast.Module) -> set[str]:
    """The names that functions set outside of themselves, and what they use that is no number or text."""
    inside = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    used = {name for node in tree.body if isinstance(node, inside) for name in _used(node)}
    made = {
        target.id
        for node in _shallow(tree)
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and isinstance(node.value, _MUTABLE)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }
    return _declared(tree) | (used & made)


_MUTABLE = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp, ast.Call)


def _is_frozen(node: ast.ClassDef) -> bool:
    keys = getattr(node.decorator_list[0], "keywords", ())
    says = any(key.arg == "frozen" and getattr(key.value, "value", None) is True for key in keys)
    return says and "__hash__" not in _dunders(node)


def _record(node: ast.ClassDef) -> dict[str, Any]:
    """The fields of a dataclass that is made of them and compares by them, with their defaults; else none."""
    if len(node.decorator_list) != 1 or _named(node.decorator_list[0]) != "dataclass" or node.bases:
        return {}
    if any(
        key.arg not in ("frozen", "order", "slots") for key in getattr(node.decorator_list[0], "keywords", ())
    ):
        return {}
    if {"__init__", "__post_init__", "__new__", "__eq__", "__str__", "__repr__", "__format__"} & set(
        _dunders(node)
    ):
        return {}
    lines = [one for one in node.body if isinstance(one, ast.AnnAssign)]
    if {"ClassVar", "InitVar", "KW_ONLY"} & {name for one in lines for name in _used(one.annotation)}:
        return {}
    try:
        return {one.target.id: _default(one.value) for one in lines}
    except (ValueError, AttributeError):
        return {}


def _default(node: ast.expr | None) -> Any:
    """A field's default: a value, one of `list`, `dict` and `set` to be called for it, or `...` for none.

    Raises ValueError where the field is of another kind.
    """
    if node is None:
        return ...
    if not (isinstance(node, ast.Call) and _named(node) == "field"):
        return ast.literal_eval(node)
    given = {key.arg: key.value for key in node.keywords}
    if node.args or len(given) > 1 or not given.keys() <= {"default", "default_factory"}:
        raise ValueError("a field that is more than its default")
    if "default_factory" not in given:
        return _default(given.get("default"))
    factories = {"list": list, "dict": dict, "set": set}
    if _named(given["default_factory"]) not in factories:
        raise ValueError("a default that is made by the answer's own code")
    return factories[_named(given["default_factory"])]


# Bases that bring no operators; any other that the reference has from elsewhere may have all of them.
_PLAIN = frozenset(
    {"object", "ABC", "Protocol", "Generic", "Enum", "NamedTuple", "TypedDict", "list", "dict", "set"}
)
_OPERATORS = frozenset(f"__{name}__" for name in (
    "lt", "le", "gt", "ge", "add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "and", "or", "xor", "lshift",
    "rshift", "matmul", "divmod", "radd", "rsub", "rmul", "rtruediv", "rfloordiv", "rmod", "rpow", "contains",
))  # fmt: skip


def _declared(tree: ast.Module) -> set[str]:
    """The names that functions set outside of themselves."""
    return {name for node in ast.walk(tree) if isinstance(node, ast.Global) for name in node.names}


def _imported(tree: ast.Module) -> dict[str, str]:
    """Each name that is brought in, with a statement that does so."""
    found = {}
    for node in _shallow(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                name = alias.asname or alias.name.partition(".")[0]
                found[name] = f"{found[name]}\n{ast.unparse(node)}" if name in found else ast.unparse(node)
    return found


def _dunders(node: ast.ClassDef) -> Iterator[str]:
    for one in node.body:
        if isinstance(one, ast.FunctionDef) and one.name.startswith("__"):
            yield one.name
        if isinstance(one, ast.Assign):
            yield from (target.id for target in one.targets if getattr(target, "id", "").startswith("__"))
    names = {_named(one) for one in node.decorator_list}
    orders = any(key.arg == "order" for one in node.decorator_list for key in getattr(one, "keywords", ()))
    if "total_ordering" in names or orders:
        yield from ("__lt__", "__le__", "__gt__", "__ge__")


def parsed(text: str) -> ast.Module:
    """The text as Python, its magics left out; an empty module where it is none."""
    lines = ["pass" if line.lstrip().startswith(("%", "!")) else line for line in text.splitlines()]
    try:
        return ast.parse("\n".join(lines))
    except (SyntaxError, ValueError, RecursionError):
        return ast.Module([], [])


def bound(tree: ast.AST) -> set[str]:
    """The names that a text gives a value to outside of its functions and classes."""
    found: set[str] = set()
    for node in _shallow(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            found |= {alias.asname or alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
    return found


def _shallow(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            yield from _shallow(child)


def plan(text: str, names: Names, together: bool = False, helpers: "Helpers | None" = None) -> Plan:
    """The plan for a tests cell; `together` lets all functions answer in one process.

    `helpers` are the functions of the given cells, through which a test may use the answers as well.
    """
    tree, helpers = parsed(text), helpers or Helpers(())
    uses, sets = frozenset(_used(tree)), frozenset(bound(tree))
    reached = helpers.reached(uses)
    effect = any(_for_effect(one, names) for one in [tree, *helpers.bodies(uses)])
    if together or reached & names.classes.keys() or effect:
        return Plan(uses, {}, sets)
    return Plan(uses, _apart(_mixed(tree, names, helpers)), sets)


class Helpers:
    """The functions of the given cells: what a test that calls one uses without naming it."""

    def __init__(self, given: Iterable[str]):
        nodes = [node for text in given for node in parsed(text).body]
        self._made = {node.name: node for node in nodes if isinstance(node, ast.FunctionDef)}

    def reached(self, used: Iterable[str]) -> frozenset[str]:
        """The names, and those that are used by whatever they call."""
        found, new = set(), set(used)
        while new:
            found |= new
            new = {name for one in new & self._made.keys() for name in _used(self._made[one])} - found
        return frozenset(found)

    def bodies(self, used: Iterable[str]) -> list[ast.FunctionDef]:
        """The functions that are reached."""
        return [self._made[name] for name in sorted(self.reached(used) & self._made.keys())]


def names_in(text: str) -> frozenset[str]:
    """All names in a text."""
    return frozenset(_used(parsed(text)))


def _mixed(tree: ast.Module, names: Names, helpers: Helpers) -> list[frozenset[str]]:
    """The functions that are used in one case; what stands outside of the cases counts as one.

    Cases count as one where a later one uses what an answer has given in an earlier one.
    """
    cases = [node for node in tree.body if isinstance(node, ast.With)]
    rest = ast.Module([node for node in tree.body if not isinstance(node, ast.With)], [])
    groups: list[tuple[set[str], set[str], set[str]]] = []  # used, answered, functions
    for case in [rest, *cases]:
        used = _used(case)
        functions = helpers.reached(used) & names.functions
        group = used, _answered(case, names, helpers), set(functions)
        for other in [one for one in groups if one[1] & used or one[0] & group[1]]:
            groups.remove(other)
            group = tuple(mine | others for mine, others in zip(group, other, strict=True))
        groups.append(group)
    return [frozenset(functions) for _, _, functions in groups]


def _answered(node: ast.AST, names: Names, helpers: Helpers) -> set[str]:
    """The names that get a value from a statement in which an answer is asked."""
    asked = [one for one in ast.walk(node) if isinstance(one, (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.NamedExpr))
             and helpers.reached(_used(one)) & names.functions]  # fmt: skip
    return {part.id for one in asked for part in ast.walk(one)
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)}  # fmt: skip


def _apart(together: list[frozenset[str]]) -> dict[str, int]:
    """A process for each function, so that those of one case differ: the first that none of them has yet."""
    apart: dict[str, int] = {}
    for name in sorted(set().union(*together)):
        taken = {apart.get(other) for one in together if name in one for other in one}
        apart[name] = next((place for place in range(MOST - 1) if place not in taken), MOST - 1)
    return apart


def _used(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}


def _for_effect(node: ast.AST, names: Names) -> bool:
    """Whether a function is called as a statement of its own, other than to see it raise."""
    if isinstance(node, ast.With) and any(_named(item.context_expr) == "raises" for item in node.items):
        return False
    if (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and _named(node.value) in names.functions
    ):
        return True
    return any(_for_effect(child, names) for child in ast.iter_child_nodes(node))


def _named(node: ast.AST) -> str:
    function = node.func if isinstance(node, ast.Call) else node
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""
