"""Arrays and tables on their way over the line; a library is imported when its first value comes."""

import base64
import re
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from loopready.referee import plain, quantities
from loopready.referee.scalars import LONGEST_RANGE
from loopready.referee.wire import Tree, WireError

if TYPE_CHECKING:
    from loopready.referee.plain import Codec

_NUMBERS = re.compile(r"[<>|=]?(b1|[iu][1248]|f[248]|c8|c16)|[<>][mM]8\[\d*(Y|M|W|D|h|m|s|ms|us|ns)\]")
_TABLES = re.compile(
    r"string|str|category|boolean|U?Int(8|16|32|64)|Float(32|64)|datetime64\[\w+, [\w/+-]+\]|object"
)

_ZONE = re.compile(r"(UTC)?[+-]\d\d:\d\d|(?!dateutil)[A-Z][\w+-]*(/[A-Z][\w+-]*){0,2}")


def encoder(kind: type) -> Callable | None:
    """How values of a library's type become trees, or None."""
    home = kind.__module__.partition(".")[0]
    names = {one.__name__ for one in kind.__mro__ if one.__module__.partition(".")[0] == home}
    found = [encode for name, encode in _ENCODERS.get(home, {}).items() if name in names]
    return found[0] if found else None


def _array(codec: "Codec", value: Any) -> Tree:
    import numpy as np

    if np.ma.is_masked(value):
        raise plain.Uncrossable("an array with masked values cannot cross")
    value = np.asarray(value)
    if _NUMBERS.fullmatch(value.dtype.str):
        number, known = codec.number(value)
        data = base64.b64encode(np.ascontiguousarray(value).tobytes()).decode()
        return ["s", number] if known else ["nd", number, value.dtype.str, list(value.shape), data]
    if value.dtype.kind not in "OUS":
        raise plain.Uncrossable(f"an array of {value.dtype} cannot cross")
    return ["no", value.dtype.str, list(value.shape), codec.trees(value.ravel().tolist())]


def _in_array(codec: "Codec", number: int, kind: str, shape: list, data: str) -> Any:
    import numpy as np

    if not _NUMBERS.fullmatch(kind):
        raise WireError("an array of a strange kind")
    made = np.frombuffer(base64.b64decode(data, validate=True), np.dtype(kind)).reshape(_shape(shape)).copy()
    codec.weigh(made.nbytes)
    codec.made(number, made)
    return made


def _in_objects(codec: "Codec", kind: str, shape: list, items: list) -> Any:
    import numpy as np

    if (
        not re.fullmatch(r"\|O|<U\d{1,6}|\|S\d{1,6}", kind)
        or len(items) * int(re.sub(r"\D", "", kind) or 1) > 2**26
    ):
        raise WireError("an array of a strange kind")
    codec.weigh(len(items) * np.dtype(kind).itemsize)
    made = np.empty(len(items), np.dtype(kind))
    for place, item in enumerate(codec.values(items)):
        made[place] = item
    return made.reshape(_shape(shape))


def _shape(shape: list) -> tuple[int, ...]:
    if len(shape) > 32 or not all(type(one) is int and one >= 0 for one in shape):
        raise WireError("an array of a strange shape")
    return tuple(shape)


def _scalar(codec: "Codec", value: Any) -> Tree:
    import numpy as np

    if isinstance(value, (np.str_, np.bytes_)):
        return codec.tree(value.item())
    return ["ns", codec.tree(np.asarray(value))]


def _in_scalar(codec: "Codec", tree: Tree) -> Any:
    return codec.value(tree)[()]


def _series(codec: "Codec", value: Any) -> Tree:
    return ["ps", codec.tree(value.name), _column(codec, value), codec.tree(value.index)]


def _column(codec: "Codec", value: Any) -> Tree:
    import numpy as np

    if isinstance(value.dtype, np.dtype) and _NUMBERS.fullmatch(value.dtype.str):
        return ["n", codec.tree(value.to_numpy())]
    if str(value.dtype) == "category":
        with suppress(plain.Uncrossable):
            codes = value.cat if hasattr(value, "cat") else value
            kinds = _column(codec, codes.categories.to_series())
            return ["c", kinds, codec.tree(codes.codes.to_numpy()), bool(codes.ordered)]
    if not _TABLES.fullmatch(str(value.dtype)):
        raise plain.Uncrossable(f"a column of {value.dtype} cannot cross")
    missing = value.isna()
    items = [None if gone and item is not None and item == item else item
             for item, gone in zip(value.astype(object), missing, strict=True)]  # fmt: skip
    return ["o", str(value.dtype), codec.trees(items)]


def _in_column(codec: "Codec", tree: Tree) -> Any:
    import pandas as pd

    if tree[0] == "n":
        return codec.value(tree[1])
    if tree[0] == "c":
        kinds = pd.Index(_in_column(codec, tree[1]))
        return pd.Categorical.from_codes(codec.value(tree[2]), kinds, ordered=tree[3] is True)
    _, kind, items = tree
    if not isinstance(kind, str) or not _TABLES.fullmatch(kind):
        raise WireError("a column of a strange kind")
    _check_zone(kind[:-1].partition(", ")[2] or None)
    return pd.Series(codec.values(items), dtype=object).astype(kind).array


def _in_series(codec: "Codec", name: Tree, column: Tree, index: Tree) -> Any:
    import pandas as pd

    return pd.Series(_in_column(codec, column), index=_index_of(codec, index), name=codec.value(name))


def _frame(codec: "Codec", value: Any) -> Tree:
    columns = [_column(codec, value.iloc[:, place]) for place in range(value.shape[1])]
    number, known = codec.number(value)
    return (
        ["s", number]
        if known
        else ["pf", number, codec.tree(value.columns), columns, codec.tree(value.index)]
    )


def _in_frame(codec: "Codec", number: int, names: Tree, columns: list, index: Tree) -> Any:
    import pandas as pd

    rows = _index_of(codec, index)
    made = pd.DataFrame({place: _in_column(codec, one) for place, one in enumerate(columns)}, index=rows)
    made.columns = _index_of(codec, names)
    codec.made(number, made)
    return made


def _index(codec: "Codec", value: Any) -> Tree:
    import pandas as pd

    names = codec.trees(value.names)
    if isinstance(value, pd.RangeIndex):
        return ["pi", "range", [value.start, value.stop, value.step], names]
    if isinstance(value, pd.MultiIndex):
        return ["pi", "multi", codec.trees(value.tolist()), names]
    column = _column(codec, value.to_series())
    step = value.freqstr if isinstance(value, pd.DatetimeIndex) else None
    return ["pi", "one", column, names] if step is None else ["pi", "dated", [column, step], names]


def _in_index(codec: "Codec", kind: str, content: list, names: list) -> Any:
    import pandas as pd

    names = codec.values(names)
    if kind == "range":
        made = pd.RangeIndex(*_shape_like(content), name=names[0])
        if codec.wary and len(made) > LONGEST_RANGE:
            raise WireError(f"a range of more than {LONGEST_RANGE:,} numbers")
        return made
    if kind == "multi":
        return pd.MultiIndex.from_tuples(codec.values(content), names=names)
    if kind == "dated":
        column, step = content
        made = pd.DatetimeIndex(_in_column(codec, column), name=names[0])
        made.freq = step if re.fullmatch(r"-?\d{0,4}[\w-]{1,10}", step) else None
        return made
    return pd.Index(_in_column(codec, content), name=names[0])


def _shape_like(ends: list) -> list[int]:
    if not all(type(one) is int for one in ends):
        raise WireError("an index of a strange kind")
    return ends


def _index_of(codec: "Codec", tree: Tree) -> Any:
    if not isinstance(tree, list) or tree[:1] != ["pi"]:
        raise WireError("an index is missing")
    return codec.value(tree)


def _stamp(codec: "Codec", value: Any) -> Tree:
    if type(value).__name__ == "Timedelta":
        return ["pd", "Timedelta", value.as_unit("ns").value, None]
    zone = str(value.tz) if value.tz is not None else None
    return ["pd", "Timestamp", value.as_unit("ns").value, zone]


def _in_stamp(codec: "Codec", kind: str, number: int, zone: str | None) -> Any:
    import pandas as pd

    if type(number) is not int:
        raise WireError("a time that is no number")
    if kind == "Timedelta":
        return pd.Timedelta(number, "ns")
    _check_zone(zone)
    return pd.Timestamp(number, unit="ns") if zone is None else pd.Timestamp(number, unit="ns", tz=zone)


def _check_zone(zone: Any) -> None:
    """Raise WireError for what is no time zone's name: a library would look for a file of that name."""
    if zone is not None and not (isinstance(zone, str) and _ZONE.fullmatch(zone)):
        raise WireError("a time zone of no such name")


def _missing(codec: "Codec", value: Any) -> Tree:
    return ["pn", type(value).__name__]


def _in_missing(codec: "Codec", kind: str) -> Any:
    import pandas as pd

    return {"NAType": pd.NA, "NaTType": pd.NaT}[kind]


_ENCODERS: dict[str, dict[str, Callable]] = {
    "pint": quantities.ENCODERS,
    "loopready": {},
    "numpy": {"ndarray": _array, "generic": _scalar},
    "pandas": {
        "Series": _series, "DataFrame": _frame, "Index": _index, "NAType": _missing, "NaTType": _missing,
        "Timestamp": _stamp, "_Timestamp": _stamp, "Timedelta": _stamp, "_Timedelta": _stamp,
    },
}  # fmt: skip
DECODERS: dict[str, Callable] = {
    **quantities.DECODERS, "nd": _in_array, "no": _in_objects, "ns": _in_scalar, "ps": _in_series,
    "pf": _in_frame, "pi": _in_index, "pd": _in_stamp, "pn": _in_missing,
}  # fmt: skip
