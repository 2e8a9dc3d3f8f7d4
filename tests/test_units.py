import subprocess
import sys

import pint
import pytest

from loopready.units import (
    average_rate,
    bare,
    byte,
    day,
    gigabyte,
    hour,
    link,
    million,
    minute,
    month,
    percent,
    quantity,
    readable,
    request,
    second,
    server,
    units,
    year,
)


@pytest.mark.parametrize(
    "events, period, rate",
    [
        (86_400 * request, 1 * day, 1 * request / second),
        (10 * request, 2 * second, 5 * request / second),
        (0 * request, 1 * day, 0 * request / second),
        (100 * million * link, 1 * month, 38.58 * link / second),
    ],
    ids=["one a second", "short period", "nothing happens", "a hundred million a month"],
)
def test_average_rate_spreads_events_over_the_period(events, period, rate):
    assert average_rate(events, period).m_as(rate.units) == pytest.approx(rate.magnitude, rel=1e-3)


@pytest.mark.parametrize(
    "wrong, error, says",
    [
        (5 * byte, pint.DimensionalityError, "events was to be measured in request and came in byte"),
        ("many", TypeError, "events is a number with a unit, such as 3 request; got 'many'"),
        (True, TypeError, "events is a number with a unit"),
    ],
    ids=["bytes", "text", "a truth value"],
)
def test_a_number_of_the_wrong_kind_stops_at_the_door(wrong, error, says):
    with pytest.raises(error, match=says):
        average_rate(wrong)


@pytest.mark.parametrize(
    "value, text",
    [
        (38.580 * link / second, "38.6 link/s"),
        (11_574.07 * request / second, "11,574 request/s"),
        (999.6 * request, "1,000 request"),
        (6.08e9 * link, "6.08 billion link"),
        (100 * million * link / month, "100 million link/month"),
        (9.125e12 * byte, "9.12 TB"),
        (3 * gigabyte / second, "3 GB/s"),
        (92.6e6 * units.bit / second, "92.6 Mbit/s"),
        (3 * byte, "3 byte"),
        (0.25 * second, "250 ms"),
        (90 * minute, "1.5 h"),
        (40 * day, "40 d"),
        (5 * year, "5 years"),
        (20 * percent, "20%"),
        (0.0123 * request / second, "0.0123 request/s"),
        (0 * request, "0 request"),
        (0 * byte, "0 byte"),
        (float("nan") * second, "nan s"),
        (second, "1 s"),
        (1234.5, "1,234"),
    ],
)
def test_a_quantity_reads_as_on_a_whiteboard(value, text):
    assert readable(value) == text


def test_a_notebook_shows_a_quantity_as_on_a_whiteboard():
    from IPython.lib.pretty import pretty

    assert pretty(11_574.07 * request / second) == "11,574 request/s"


def test_counts_have_no_dimension_so_reads_a_link_times_links_is_a_rate_of_reads():
    assert (100 * link / second).is_compatible_with(request / second)
    assert not (1 * byte).is_compatible_with(request)


def test_a_month_has_thirty_days_and_a_year_365():
    assert bare(1 * month, day) == 30
    assert bare(1 * year, day) == 365


def test_a_count_passes_as_a_bare_number_and_a_time_does_not():
    assert quantity(3, server) == 3 * server
    with pytest.raises(pint.DimensionalityError):
        quantity(3, hour)


def test_a_unit_that_is_not_defined_is_an_error():
    with pytest.raises(pint.UndefinedUnitError):
        units("3 furlong")


@pytest.mark.parametrize("heavy", ["nbgrader", "pandas", "matplotlib", "pint", "IPython", "ipywidgets"])
def test_importing_the_package_imports_none_of_the_heavy_libraries(heavy):
    code = f"import sys, loopready; sys.exit({heavy!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_importing_units_does_not_import_a_plotting_or_grading_library():
    code = "import sys, loopready.units; sys.exit(bool({'nbgrader', 'pandas', 'matplotlib'} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
