"""What goes over the referee's line comes back equal or is refused, and hostile bytes do nothing."""

import collections
import contextlib
import datetime
import decimal
import fractions
import json
import math
import socket
import struct
import types
import uuid

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from loopready.referee import plain, seats, standins, wire
from loopready.referee.plain import Codec, Uncrossable
from loopready.referee.wire import WireError
from loopready.units import byte, kilobyte, quantity, request, second


def crossed(value):
    """The value as it comes out on the other side."""
    return Codec().decode(wire.loaded(wire.dumped(Codec().encode(value))[4:]))


def alike(one, other) -> bool:
    """Equal, of the same types all the way down, and nan is nan."""
    if type(one) is not type(other):
        return False
    if isinstance(one, (list, tuple, collections.deque)):
        return len(one) == len(other) and all(map(alike, one, other))
    if isinstance(one, collections.ChainMap):
        return alike(one.maps, other.maps)
    if isinstance(one, (dict, types.MappingProxyType)):
        return alike(list(one.items()), list(other.items()))
    if isinstance(one, float):
        return (one == other and math.copysign(1, one) == math.copysign(1, other)) or (
            math.isnan(one) and math.isnan(other)
        )
    return bool(one == other)


SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(st.characters()), st.binary(),
    st.integers(-(2**60_000), 2**60_000), st.just(...), st.just(NotImplemented),
    st.fractions(), st.dates(), st.datetimes(), st.times(), st.timedeltas(), st.uuids(),
    st.complex_numbers(allow_nan=False),
    st.decimals(allow_nan=False, min_value=-(10**50), max_value=10**50), st.binary().map(bytearray),
    st.builds(range, st.integers(), st.integers(), st.integers().filter(bool)),
    st.sampled_from([int, list, ValueError]),
)  # fmt: skip
HASHABLE = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(), st.binary(), st.dates()
)
KEYS = st.recursive(HASHABLE, lambda inner: st.lists(inner, max_size=3).map(tuple), max_leaves=4)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=5), st.lists(inner, max_size=5).map(tuple), st.dictionaries(KEYS, inner, max_size=5),
        st.sets(KEYS, max_size=5), st.frozensets(KEYS, max_size=5), st.lists(inner, max_size=4).map(collections.deque),
        st.dictionaries(KEYS, inner, max_size=4).map(collections.OrderedDict),
        st.dictionaries(KEYS, inner, max_size=4).map(lambda d: d.keys()),
        st.dictionaries(KEYS, inner, max_size=4).map(types.MappingProxyType),
        st.lists(st.dictionaries(KEYS, inner, max_size=3), min_size=1, max_size=3).map(
            lambda maps: collections.ChainMap(*maps)
        ),
    ),
    max_leaves=20,
)  # fmt: skip


@given(VALUES)
@settings(deadline=None)
@example(-0.0)
@example("\ud800")
@example({1: "a", "b": True})
def test_whatever_crosses_comes_back_equal_and_of_the_same_type(value):
    assert alike(crossed(value), value)


@given(arrays.arrays(st.sampled_from(["i1", "u8", "f4", "f8", "c16", "?", "M8[s]", "m8[D]"]),
                     arrays.array_shapes(min_dims=0, max_dims=3)))  # fmt: skip
@settings(deadline=None)
def test_an_array_comes_back_with_its_shape_and_kind(array):
    back = crossed(array)
    assert (back.dtype, back.shape, back.tobytes()) == (array.dtype, array.shape, array.tobytes())


@pytest.mark.parametrize(
    "value",
    [
        3 * request / second, 5 * kilobyte**2, byte, np.float64(2.5), np.bool_(True), collections.Counter("abca"),
        fractions.Fraction(1, 3), decimal.Decimal("NaN").is_nan(), uuid.UUID(int=3), slice(1, None, 2),
        datetime.datetime(2027, 1, 1, tzinfo=datetime.UTC), pd.Timestamp("2027-01-01"), pd.Timedelta("3h"),
        np.array([1, None, "x"], object).tolist(), {"a": 1}.items(),
        quantity(2 * second, second),
    ],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_values_of_libraries_come_back_equal(value):
    assert crossed(value) == value
    assert type(crossed(value)) is type(value)


def test_a_table_comes_back_with_its_columns_kinds_and_index():
    table = pd.DataFrame(
        {
            "n": [1, 2],
            "s": ["a", None],
            "t": pd.to_datetime(["2027-01-01", None]),
            "c": pd.Categorical(["u", "v"]),
        },
        index=pd.Index(["r", "s"], name="k"),
    )
    pd.testing.assert_frame_equal(crossed(table), table)
    pd.testing.assert_series_equal(crossed(table["n"]), table["n"])
    grouped = table.groupby(["n", "k"]).size()
    pd.testing.assert_series_equal(crossed(grouped), grouped)


def test_a_list_that_is_met_twice_is_one_list_on_the_other_side():
    inner = [1]
    first, again = crossed([inner, inner])
    assert first is again
    inner.append(inner)
    back = crossed(inner)
    assert back[1] is back


class Sly(int):
    def __eq__(self, other):
        return True

    __hash__ = int.__hash__


class SlyText(str):
    def __eq__(self, other):
        return True

    __hash__ = str.__hash__


@pytest.mark.parametrize("value", [Sly(3), SlyText("a"), [Sly(3)], {SlyText("a"): Sly(1)}], ids=repr)
def test_a_subclass_of_a_builtin_arrives_as_the_builtin(value):
    def kinds(one):
        yield type(one)
        for inner in (*one, *one.values()) if isinstance(one, dict) else one if isinstance(one, list) else ():
            yield from kinds(inner)

    assert not {Sly, SlyText} & set(kinds(crossed(value)))


@pytest.mark.parametrize("value", [object(), lambda: 1, open, socket, (n for n in [1])], ids=["object", "function",
                         "builtin function", "module", "generator"])  # fmt: skip
def test_what_is_no_data_is_refused_by_its_type(value):
    with pytest.raises(Uncrossable, match=type(value).__name__):
        Codec().encode(value)


def test_what_is_nested_too_deep_is_refused():
    deep: list = []
    for _ in range(plain.DEEPEST + 1):
        deep = [deep]
    with pytest.raises(Uncrossable, match="nested"):
        Codec().encode(deep)


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=5),
        st.builds(lambda tag, rest: [tag, *rest], st.sampled_from([*plain._DECODERS, "q", "u", "nd", "no", "ns", "ps",
                  "pf", "pi", "pd", "pn", "o", "y", "n"]), st.lists(inner, max_size=5)),
    ),
    max_leaves=25,
)  # fmt: skip


def conversation() -> tuple[seats.Outside, wire.Line]:
    """The referee's end of a line and the other one."""
    ours, theirs = socket.socketpair()
    return seats.Outside(wire.Line(ours)), wire.Line(theirs)


@given(st.binary(max_size=300))
@settings(deadline=None)
def test_the_reader_of_hostile_bytes_has_one_error(data):
    try:
        tree = wire.loaded(data)
    except WireError:
        return
    assert json.loads(data) == tree or tree != tree or "NaN" in data.decode()


@given(JSON)
@settings(deadline=None, max_examples=500)
def test_hostile_trees_are_values_or_one_error(tree):
    session, _ = conversation()
    with contextlib.suppress(WireError):
        session.decode(tree)
    session.line.close()


@given(st.one_of(JSON, st.lists(JSON, min_size=4, max_size=4).map(lambda rest: ["=", *rest[1:]]),
                 st.lists(JSON, min_size=4, max_size=4).map(lambda rest: ["!", *rest[1:]]),
                 st.lists(JSON, min_size=7, max_size=7).map(lambda rest: ["?", "call", *rest[2:]])))  # fmt: skip
@settings(deadline=None, max_examples=500)
def test_a_hostile_answer_is_a_value_an_error_that_it_names_or_the_referees_own(message):
    session, other = conversation()
    other.send(message)
    other.close()
    try:
        session.ask("call", ["n", "f"], [1, 2], len)
    except (WireError, seats.Ended):
        pass
    except Exception:
        # What an answer names as raised is raised: a class of Python's own, or one made on it here.
        assert message[0] == "!"
    session.line.close()


@pytest.mark.parametrize(
    "frame",
    [
        struct.pack("!I", wire.LONGEST + 1), struct.pack("!I", 5) + b"[[[[[", struct.pack("!I", 2) + b"{}",
        struct.pack("!I", 9) + b'{"a": 1} ', struct.pack("!I", 200_000) + b"[" * 200_000,
        struct.pack("!I", 6000) + b"9" * 6000,
        struct.pack("!I", 3) + b"\xff\xfe\x00",
    ],
    ids=["too long", "cut short", "an object", "an object with a key", "too deep", "a number too long", "no text"],
)  # fmt: skip
def test_a_frame_that_is_none_is_refused(frame):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.settimeout(5)
        theirs.sendall(frame)
        with pytest.raises(WireError):
            wire.Line(ours).receive()


def test_a_frame_of_too_many_parts_is_refused_before_it_is_read():
    with pytest.raises(WireError, match="parts"):
        wire.loaded(b"[" + b"[]," * (wire.WIDEST // 2 + 1) + b"[]]")


@pytest.mark.parametrize(
    "what, target",
    [("call", ["ty", "bytes"]), ("call", "text"), ("get", ["y", 0]), ("eval", ["y", 0]), ("call", ["y", 7])],
    ids=[
        "a type",
        "a value",
        "an attribute of a function",
        "an unknown operation",
        "something never handed out",
    ],
)
def test_the_box_can_use_only_what_was_handed_out_and_only_as_it_is_meant(what, target):
    session, other = conversation()
    other.send(["?", what, target, ["__globals__"] if what == "get" else [10], [], [], []])
    other.send(["=", None, [], []])
    try:
        session.ask("call", ["n", "f"], print)
    except (WireError, seats.Ended):
        return
    answer = (other.receive(), other.receive())[1]
    assert answer[0] == "!"


def test_an_object_of_the_learners_is_equal_to_itself_alone():
    session, _ = conversation()
    one = session.decode(["o", 1, "object", ["Yes", 1, "", []]])
    assert isinstance(one, standins.Instance)
    assert one == one
    assert one != 3
    assert one is session.decode(["o", 1, "object", ["Yes", 1, "", []]])
    with pytest.raises(TypeError):
        one - 3
    with pytest.raises(TypeError):
        _ = one < 3


def laughing(depth: int) -> list:
    """A list of three that are one list of three, and so on: small to send, and enormous to write out."""
    made: list = [1]
    for _ in range(depth):
        made = [made, made, made]
    return made


@pytest.mark.parametrize(
    "value",
    [range(10**18), 1 << 2**21, [fractions.Fraction(1 << 2**17, 3)], laughing(30)],
    ids=["a range", "a number", "a fraction", "a list of itself"],
)
def test_what_is_small_to_send_and_takes_minutes_to_use_is_refused_from_an_answer(value):
    session, _ = conversation()
    tree = wire.loaded(wire.dumped(Codec().encode(value))[4:])
    with pytest.raises(WireError, match=r"out of all proportion|too large"):
        session.decode(tree)
    if not isinstance(value, list):
        assert Codec().decode(tree) == value


@pytest.mark.parametrize(
    "value",
    [range(10**6), 1 << 10**5, fractions.Fraction(1, 3**999), laughing(5)],
    ids=["a range", "a number", "a fraction", "lists"],
)
def test_what_is_large_and_honest_is_not(value):
    session, _ = conversation()
    assert session.decode(Codec().encode(value)) == value
