"""What the roadmap asks for: hours by activity and level, and how many of each a week.

Time is planned in quarters of an hour, as whole numbers, so that every sum comes out.
"""

QUARTERS = 4  # in an hour
ACTIVITIES = {"design": "System design", "coding": "Coding", "stories": "Stories", "mocks": "Mocks"}
LEVELS = ("L6", "L7")

# Hours by activity, as the roadmap has them: 280 for L6 and 330 for L7.
HOURS = {
    "L6": {"design": 100, "coding": 80, "stories": 60, "mocks": 40},
    "L7": {"design": 150, "coding": 40, "stories": 80, "mocks": 60},
}
# Pieces a week, as the roadmap has them; two mocks a month.
TARGETS = {"design": 5.0, "coding": 10.0, "stories": 3.0, "mocks": 0.5}
WEEKS = 24  # of the roadmap


def total(level: str) -> int:
    """The roadmap's hours for a level.

    >>> total("L6"), total("L7")
    (280, 330)
    """
    return sum(HOURS[level].values())


def quarters(level: str) -> dict[str, int]:
    """The roadmap's hours for a level by activity, in quarters of an hour."""
    return {activity: hours * QUARTERS for activity, hours in HOURS[level].items()}


def target(activity: str, level: str, planned: float) -> float:
    """Pieces that `planned` quarters of an activity are worth, at the roadmap's pace.

    The roadmap gives one number for both levels; at L7, 40 hours of coding in 24 weeks still name ten problems.

    >>> target("coding", "L6", HOURS["L6"]["coding"] * QUARTERS / WEEKS)
    10.0
    """
    return TARGETS[activity] * planned * WEEKS / (HOURS[level][activity] * QUARTERS)


def rounded(minutes: float) -> int:
    """Minutes that were worked as quarters of an hour. Sums are rounded by it and never their parts, so all agree.

    >>> rounded(620), rounded(0)
    (41, 0)
    """
    return round(minutes * QUARTERS / 60)


def clock(amount: float) -> str:
    """Quarters of an hour as a reader says them.

    >>> clock(6), clock(1), clock(40), clock(0)
    ('1 h 30', '15 min', '10 h', '0 h')
    """
    hours, rest = divmod(round(amount), QUARTERS)
    minutes = rest * 60 // QUARTERS
    if not hours:
        return f"{minutes} min" if minutes else "0 h"
    return f"{hours} h {minutes}" if minutes else f"{hours} h"
