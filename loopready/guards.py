"""What a lesson must hold to before anything is released; each guard refuses with one line.

Most of these are things that nbgrader takes without a word: a solution that stays in, a hidden test that is
released, a score that cannot be earned.
"""

import ast
import re
import warnings
from collections.abc import Sequence

from IPython.core.inputtransformer2 import TransformerManager

from loopready.cells import Cell, Lesson
from loopready.markers import HIDDEN_TESTS, SOLUTION, Kind, MarkerError, Region, regions, without

__all__ = ["check"]

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_ORDINAL = re.compile(r"(week|kata|day|exercise|question|part|w)?\d+|weeks?|katas?")


def check(lesson: Lesson) -> None:
    """Raise LessonError for the first thing in the lesson that must not be built."""
    guards = (_markers, _names, _code) + ((_answers, _tests, _followed) if lesson.is_graded else (_no_roles,))
    for guard in guards:
        guard(lesson)


def _markers(lesson: Lesson) -> None:
    for cell in lesson.cells:
        try:
            found = regions(cell.source)
        except MarkerError as error:
            raise cell.error(str(error), error.line) from error
        for region in found:
            if cell.role not in region.kind.roles:
                where = " and ".join(region.kind.roles)
                raise cell.error(f'"{region.kind.begin}" belongs in {where} cells only', region.first)
        if cell.type == "code" and "AUTOTEST" in cell.source:
            raise cell.error(
                'nbgrader writes tests of its own where it reads "AUTOTEST"; write the tests as checks'
            )


def _names(lesson: Lesson) -> None:
    seen: set[str] = set()
    for cell in filter(lambda cell: cell.name, lesson.cells):
        if cell.name in seen:
            raise cell.error("the name is taken by a cell above; a gradebook needs one name for one cell")
        if len(cell.name) > 64 or not _NAME.fullmatch(cell.name):
            raise cell.error(
                "the name is not kebab-case of at most 64 letters; write one such as 'read-path'"
            )
        if any(_ORDINAL.fullmatch(part) for part in cell.name.split("-")):
            raise cell.error("the name holds a week, a number or a date, which change; name the thing itself")
        seen.add(cell.name)


def _code(lesson: Lesson) -> None:
    for cell in lesson.cells:
        if cell.type == "code":
            try:
                _parsed(cell.source)
            except SyntaxError as error:
                raise cell.error(
                    f"does not compile: {error.msg}; correct it", (error.lineno or 1) - 1
                ) from error


def _parsed(source: str) -> ast.Module:
    """The code as IPython would run it; SyntaxError when it cannot be run, or only with a warning."""
    python = TransformerManager().transform_cell(source)
    with warnings.catch_warnings(action="error"):
        try:
            compile(python, "<cell>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
        except (Warning, ValueError) as error:
            raise SyntaxError(str(error)) from error
    return ast.parse(python)


def _no_roles(lesson: Lesson) -> None:
    for cell in lesson.cells:
        if cell.role:
            raise cell.error(f"{cell.role} cells are for weeks; {lesson.name} is a room, which nobody grades")


def _answers(lesson: Lesson) -> None:
    for cell in lesson.cells:
        if cell.role == "answer" and not _of_kind(cell, SOLUTION):
            raise cell.error(
                f'has no solution region, so nbgrader would empty the cell; put "{SOLUTION.begin}" and '
                f'"{SOLUTION.end}" around what the learner is to write'
            )
        if cell.role in ("answer", "manual") and cell.type == "code":
            try:
                # nbgrader puts a comment there, which is as good as nothing.
                _parsed(without(cell.source, SOLUTION))
            except SyntaxError as error:
                raise cell.error(
                    f"does not compile without its solution: {error.msg}; give a function a docstring, a name a value"
                ) from error


def _followed(lesson: Lesson) -> None:
    tested = False
    for cell in reversed(lesson.cells):
        tested = tested or cell.role == "tests"
        if cell.role == "answer" and not tested:
            raise cell.error("no tests cell follows, so nothing grades this answer; write one below it")


def _tests(lesson: Lesson) -> None:
    answered: set[str] = set()
    for cell in lesson.cells:
        if cell.type != "code":
            continue
        tree = _parsed(cell.source)
        _no_score_or_seal(cell, tree)
        if cell.role == "tests":
            _cases(cell, answered)
        elif cell.role in ("answer", "manual"):
            answered |= _bound(tree)


def _no_score_or_seal(cell: Cell, tree: ast.Module) -> None:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node) == "checks.score":
            raise cell.error(
                "calls checks.score; the build ends a tests cell with it, from its ':points:', so leave it out",
                node.lineno - 1,
            )
        if cell.role != "tests" and _called(node) == "sealed":
            raise cell.error("only a tests cell may seal an answer; move sealed(...) there", node.lineno - 1)


def _cases(cell: Cell, answered: set[str]) -> None:
    try:
        tree = ast.parse(cell.source)
    except SyntaxError as error:
        raise cell.error("a tests cell is plain Python, without magics", (error.lineno or 1) - 1) from error
    hidden = _of_kind(cell, HIDDEN_TESTS)
    said: set[str] = set()
    visible = 0
    for statement in tree.body:
        _whole(cell, statement, hidden)
        if isinstance(statement, ast.With):
            _sentence(cell, statement, said)
            visible += not any(region.holds(statement.lineno - 1) for region in hidden)
        else:
            _set_up(cell, statement, answered)
    if not visible:
        raise cell.error('shows the learner no case; put one `with checks("..."):` outside the hidden tests')


def _whole(cell: Cell, statement: ast.stmt, hidden: Sequence[Region]) -> None:
    """Raise unless the statement is inside a hidden region or outside: half a case would be another case."""
    first, last = statement.lineno - 1, (statement.end_lineno or statement.lineno) - 1
    for region in hidden:
        if first < region.first <= last or first <= region.last < last:
            raise cell.error(
                "hidden tests are whole cases; put the markers above and below `with checks`", first
            )


def _sentence(cell: Cell, block: ast.With, said: set[str]) -> None:
    """Raise unless the block is one named case whose name reads well and is new; then add the name to `said`."""
    line, call = block.lineno - 1, block.items[0].context_expr
    if len(block.items) > 1 or _called(call) != "checks" or block.items[0].optional_vars:
        raise cell.error(
            'at the margin, `with` opens a case and nothing else: `with checks("says what"):`', line
        )
    words = [arg.value for arg in call.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
    if len(call.args) != 1 or len(words) != 1 or any(keyword.arg != "seconds" for keyword in call.keywords):
        raise cell.error("checks takes one plain sentence, and at most seconds=", line)
    sentence = words[0]
    if not sentence.strip() or sentence != sentence.strip() or sentence.endswith("."):
        raise cell.error(f'"{sentence}" is no name of a case; say what is checked, without a period', line)
    if sentence in said:
        raise cell.error(
            f'two cases say "{sentence}"; a learner could not tell them apart, so reword one', line
        )
    said.add(sentence)


def _set_up(cell: Cell, statement: ast.stmt, answered: set[str]) -> None:
    """Raise unless the statement only prepares: what may fail belongs in a case, where it costs that case alone."""
    line = statement.lineno - 1
    if isinstance(statement, (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)):
        return
    if not isinstance(statement, (ast.Assign, ast.AnnAssign)):
        raise cell.error(
            "outside the cases a tests cell may import, assign and define, and nothing else; put this inside "
            '`with checks("says what"):`',
            line,
        )
    used = {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)} & answered
    if used:
        raise cell.error(f"'{min(used)}' is the learner's, and may fail; use it inside a case", line)


def _called(node: ast.AST) -> str:
    return node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""


def _bound(tree: ast.Module) -> set[str]:
    """The names that a cell's top level gives a value."""
    names: set[str] = set()
    for statement in tree.body:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(statement.name)
        else:
            stored = (node for node in ast.walk(statement) if isinstance(node, ast.Name))
            names |= {node.id for node in stored if isinstance(node.ctx, ast.Store)}
    return names


def _of_kind(cell: Cell, kind: Kind) -> list[Region]:
    return [region for region in regions(cell.source) if region.kind is kind]
