import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopready.chains import unseal
from loopready.checks import Disagreement
from loopready.estimates import Reference, seal, sealed
from loopready.slips import slip
from loopready.units import (
    byte,
    day,
    link,
    million,
    minute,
    request,
    second,
    terabyte,
    units,
    year,
)

CHAIN = """
reads_per_link = 100
lifetime = 5 * year
record = 500 * byte
replicas = 3
spare = 10 * percent
new_links = 100 * million * link / month
reads = reads_per_link * new_links
storage = new_links * lifetime * record * replicas
cache = new_links * lifetime * record * spare
key_length = ceil(log(new_links * lifetime, 62))
egress = reads * kilobyte
zones = 3
fleet = zones * ceil(key_length / (zones - 1))
"""


@pytest.fixture(scope="module")
def chain() -> Reference:
    return sealed(seal(CHAIN))


def said(chain: Reference, step: str, answer, **own) -> str:
    """What the learner is told about an answer; empty when it is right."""
    own = {"within": 1, **own} if step in ("fleet", "key_length") else own
    try:
        getattr(chain, step)(answer, **own)
    except Disagreement as disagreement:
        return disagreement.got
    return ""


@given(
    st.dictionaries(
        st.from_regex(r"[a-z]{1,9}_", fullmatch=True),
        st.floats(allow_nan=False, allow_infinity=False),
        min_size=1,
    )
)
def test_a_seal_comes_apart_into_the_chain_that_went_in(steps):
    text = "\n".join(f"{name} = {value!r}  # a comment" for name, value in steps.items())
    assert unseal(seal(text)) == "\n".join(f"{name}={value!r}" for name, value in steps.items())


def test_a_seal_shows_neither_the_numbers_nor_the_names():
    blob = seal(CHAIN)
    assert blob.replace("-", "").replace("_", "").isalnum()
    assert not any(word in blob for word in ("replicas", "500", "million", "new_links"))


def test_the_same_chain_has_the_same_seal():
    assert seal(CHAIN) == seal(CHAIN)


@pytest.mark.parametrize("blob", ["not a seal!", "aaaa9999", seal("x = 1")[:-1] + "1"])
def test_a_damaged_seal_says_so(blob):
    with pytest.raises(ValueError, match="this is no sealed estimate"):
        sealed(blob)


@pytest.mark.parametrize(
    "text", ["print(1)", "x: int = 1", "x, y = 1, 2"], ids=["call", "annotation", "pair"]
)
def test_a_chain_is_plain_assignments_only(text):
    with pytest.raises(ValueError, match="plain assignments only"):
        Reference(text)


@pytest.mark.parametrize(
    "step, answer",
    [
        ("new_links", 38.58 * link / second),
        ("new_links", 40 * link / second),
        ("new_links", 40 * request / second),
        ("new_links", 2400 * link / minute),
        ("reads", 3_858 * request / second),
        ("storage", 9.1 * terabyte),
        ("storage", 73 * units.terabit),
        ("key_length", 6),
        ("key_length", 6 * units.character),
        ("fleet", 9.0),
    ],
)
def test_a_right_answer_is_right_in_any_unit_and_as_rounded_by_a_person(chain, step, answer):
    assert said(chain, step, answer) == ""


@pytest.mark.parametrize("factor, right", [(1.25, True), (1 / 1.25, True), (1.26, False), (1 / 1.26, False)])
def test_the_stated_factor_is_the_limit_either_way(chain, factor, right):
    exact = 1e8 / (30 * 86_400) * link / second
    assert (said(chain, "new_links", factor * exact) == "") is right


@pytest.mark.parametrize(
    "step, answer, diagnosis",
    [
        ("new_links", 100 * million * link / day, "a factor of 30, the days in a month"),
        ("new_links", 100 * million * link / second, "a factor of 2,592,000, the seconds in a month"),
        ("new_links", 38.58 * 1000 * link / second, "a factor of a thousand"),
        ("new_links", 386 * link / second, "a factor of ten"),
        ("new_links", 38.58 / 60 * link / second, "a factor of 60, as between minutes and seconds"),
        ("reads", 38.58 * request / second, "the reads per link forgotten?"),
        ("reads", 385_800 * request / second, "the reads per link counted twice?"),
        (
            "reads",
            3 * 3_858 * request / second,
            "the replicas: what place has it in this step?",
        ),
        ("storage", 3.04 * terabyte, "the replicas forgotten?"),
        ("storage", 73 * terabyte, "bits and bytes: there are 8 bits in a byte"),
        ("cache", 3.04 * terabyte, "the spare forgotten?"),
        ("egress", 38_580 * byte / second, "the reads per link forgotten?"),
        ("fleet", 10.5, "not a whole number: round as the prompt says"),
        ("fleet", 10, "close, and too large: look at the rounding, and at each condition of the prompt"),
        ("storage", 5.5 * terabyte, "too small, by less than a factor of 10"),
        ("storage", 5_500_000 * terabyte, "too large, by more than a factor of 100,000"),
    ],
)
def test_a_known_slip_is_named(chain, step, answer, diagnosis):
    assert diagnosis in said(chain, step, answer)


@pytest.mark.parametrize("power", range(1, 6))
def test_powers_of_1024_for_powers_of_1000_are_named(power):
    assert slip(1.024**power) == slip(1.024**-power) == "powers of 1,024 for powers of 1,000?"


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0, 5.0, 47.0])
def test_a_ratio_that_is_no_slip_is_not_called_one(ratio):
    assert slip(ratio) == slip(1 / ratio) == ""


def test_bits_are_suspected_in_data_and_nowhere_else():
    assert "bits" in slip(8) and "bits" in slip(1 / 8)
    assert slip(8, of_data=False) == slip(1.024, of_data=False) == ""


def test_no_diagnosis_gives_the_right_number_away(chain):
    for factor in (1.4, 2, 2.7, 5, 8, 60, 400, 86_400):
        words = said(chain, "storage", factor * 9.125 * terabyte)
        assert words and "9.1" not in words and f"{factor:g} times" not in words


def test_an_early_slip_is_paid_for_once(chain):
    tenfold = 385.8 * link / second
    assert said(chain, "new_links", tenfold)
    assert said(chain, "reads", 38_580 * request / second, new_links=tenfold) == ""
    assert said(chain, "storage", 91 * terabyte, new_links=tenfold) == ""


def test_the_reference_stays_right_after_an_early_slip(chain):
    assert said(chain, "reads", 3_858 * request / second, new_links=385.8 * link / second) == ""


@pytest.mark.parametrize(
    "own",
    [..., None, "forty", 40 * byte, 0 * link / second, -1 * link / second, math.inf * link / second],
    ids=["blank", "none", "text", "bytes", "zero", "negative", "endless"],
)
def test_an_unusable_early_answer_leaves_the_later_step_on_the_reference(chain, own):
    assert said(chain, "reads", 3_858 * request / second, new_links=own) == ""
    assert said(chain, "reads", 7 * request / second, new_links=own) != ""


@pytest.mark.parametrize(
    "answer, says",
    [
        (..., "not answered yet"),
        (None, "not answered yet"),
        (9.1e12, "a bare number; give it a unit"),
        (40 * link / second, "measured in link/second"),
        ("9 TB", "str, which is no quantity"),
        (True, "bool, which is no quantity"),
        (math.nan * byte, "not a number above zero"),
        (-9 * terabyte, "not a number above zero"),
        (0 * byte, "not a number above zero"),
    ],
    ids=["blank", "none", "bare", "wrong kind", "text", "truth", "nan", "negative", "zero"],
)
def test_an_answer_that_is_no_amount_of_data_is_told_what_it_is(chain, answer, says):
    assert said(chain, "storage", answer) == says


def test_the_expectation_says_the_kind_and_the_factor_and_no_number(chain):
    with pytest.raises(Disagreement) as caught:
        chain.storage(1 * byte, within=2)
    assert caught.value.expected == "an amount of data, within a factor of 2"


def test_a_whole_number_step_can_ask_for_the_exact_number(chain):
    with pytest.raises(Disagreement):
        chain.key_length(7, within=1)
    chain.key_length(6, within=1)


@pytest.mark.parametrize(
    "step, answer, shown",
    [
        ("reads", 333 * million * link / day, "reads = 3,854 link/s"),
        ("fleet", 1400 * units.percent * units.server, "fleet = 14 server"),
        ("storage", 2 * terabyte, "storage = 2 TB"),
        ("fleet", 1.44e6 * units.millisecond * request / second, "fleet = 1,440 request"),
    ],
    ids=["by the day", "a percentage", "data", "milliseconds by seconds"],
)
def test_an_answer_is_shown_as_one_would_say_it(chain, step, answer, shown):
    with pytest.raises(Disagreement) as caught:
        getattr(chain, step)(answer, within=1.0001)
    assert caught.value.called == shown


def test_own_numbers_that_make_a_step_negative_do_not_make_any_answer_right():
    chain = sealed(seal("have = 10 * second\nspent = 4 * second\nleft = have - spent"))
    assert said(chain, "left", 70 * second, spent=80 * second) != ""
    assert said(chain, "left", 6 * second, spent=80 * second) == ""


def test_a_given_number_that_an_own_one_replaces_is_not_called_forgotten():
    chain = sealed(seal("users = 40\neach = 2\ntotal = users * each\nservers = ceil(total / 3)"))
    assert "forgotten" not in said(chain, "servers", 29, total=90, within=1)


def test_a_step_that_does_not_exist_is_named_with_those_that_do(chain):
    with pytest.raises(AttributeError, match="no step 'writes'; it has reads_per_link, lifetime"):
        chain.writes(3)


def test_a_factor_that_breaks_the_formula_does_not_break_the_diagnosis(chain):
    assert said(chain, "fleet", 40) == "too large, by less than a factor of 10"


def test_the_reference_counts_in_whole_years_of_365_days(chain):
    assert said(chain, "storage", (1e8 / (30 * day) * 5 * year * 500 * byte * 3)) == ""
