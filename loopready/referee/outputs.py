"""What a box says that a cell has shown, read as a stranger's word: known kinds, plain texts, limited sizes."""

import json
from typing import Any

from loopready.referee.wire import WireError

__all__ = ["WHOLE", "error", "read"]

MOST = 8_000_000  # characters that one cell may show, pictures included
WHOLE = 20_000_000  # characters that all cells of a notebook may show
DEEPEST = 50  # lists and dicts in each other, in an output that is JSON
_KINDS = (
    "text/",
    "image/",
    "application/json",
    "application/vnd.jupyter.widget-view+json",
    "application/vnd.plotly",
)


def read(text: Any) -> list[dict]:
    """The outputs of a cell as nbformat has them. Raises WireError for anything that is none."""
    if not isinstance(text, str):
        raise WireError("outputs that are no text")
    if len(text) > MOST:
        return [
            error("OutputTooLargeError", f"the cell shows more than {MOST // 1_000_000} million characters")
        ]
    try:
        return [_output(one) for one in json.loads(text)]
    except Exception as fault:
        raise WireError(f"outputs that make no sense: {type(fault).__name__}") from fault


def error(name: str, says: str) -> dict:
    """An error as a cell shows it."""
    return {"output_type": "error", "ename": name, "evalue": says, "traceback": [f"{name}: {says}"]}


def _output(one: dict) -> dict:
    kind = one["output_type"]
    if kind == "stream":
        return {
            "output_type": kind,
            "name": "stderr" if one["name"] == "stderr" else "stdout",
            "text": _text(one["text"]),
        }
    if kind == "error":
        lines = [_text(line) for line in one["traceback"]]
        return {
            "output_type": kind,
            "ename": _text(one["ename"]),
            "evalue": _text(one["evalue"]),
            "traceback": lines,
        }
    known = {name: value for name, value in one["data"].items() if name.startswith(_KINDS)}
    data = {name: _data(name, value) for name, value in known.items() if _depth(value) <= DEEPEST}
    rest = {"execution_count": None} if kind == "execute_result" else {}
    if kind not in ("execute_result", "display_data"):
        raise WireError("an output of no known kind")
    return {"output_type": kind, "data": data, "metadata": {}, **rest}


def _depth(value: Any) -> int:
    """How deep lists and dicts lie in each other, counted no further than need be."""
    level, depth = [value], 0
    while level and depth <= DEEPEST:
        inner = [
            one.values() if isinstance(one, dict) else one for one in level if isinstance(one, (dict, list))
        ]
        level, depth = [one for part in inner for one in part], depth + 1
    return depth


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise WireError("an output that is no text")
    # A half of a character cannot be written to a file.
    return value.encode("utf-8", "replace").decode()


def _data(name: str, value: Any) -> Any:
    return value if "json" in name and isinstance(value, (dict, list)) else _text(value)
