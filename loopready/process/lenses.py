"""What level and region change: the same loop, seen through a lens."""

from dataclasses import dataclass

from loopready.process.documents import PROCESS_GUIDE, PROCESS_PAGE, ROADMAP, ROLE_GUIDE


@dataclass(frozen=True)
class Lens:
    """What one document says about one side of L6 and of L7, in our words."""

    about: str
    l6: str
    l7: str
    source: str


LEVEL_LENSES = (
    Lens("technical scope", "architecture of a component", "technical vision of an organisation", ROADMAP),
    Lens("technical scope, by the guide", "several teams coordinated", "platforms across organisations", PROCESS_GUIDE),
    Lens("people", "10 to 25 engineers in 2 to 4 teams", "100 and more, several business units", ROADMAP),
    Lens("system", "millions of users", "billions of users", ROADMAP),
    Lens("coding rounds", "one or two, medium", "none or one, architecture", ROADMAP),
    Lens("coding rounds, by the guide", "two, medium", "one or two, architecture", PROCESS_GUIDE),
    Lens("design round", "60 minutes, a team's system", "90 minutes, a platform", PROCESS_GUIDE),
    Lens("decisions", "that can be undone", "that cannot, for an organisation", ROADMAP),
    Lens("innovation", "existing systems made better", "what an industry copies", ROADMAP),
    Lens("horizon", "a quarter or a year", "several years", PROCESS_GUIDE),
    Lens("stories", "leading a team", "changing an organisation", PROCESS_GUIDE),
    Lens("loop in all", "6 to 7 hours", "7 to 8 hours", PROCESS_GUIDE),
    Lens("experience", "8 years, teams of 10 led", "12 years, several domains", ROADMAP),
    Lens("seen by", "teams around it", "vice presidents; patents or publications", ROADMAP),
    Lens(
        "a yes looks like", "delivery, a team that grew, depth in two or three fields, customers first",
        "an organisation that changed, platforms, executives as partners, a name outside", PROCESS_GUIDE,
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Place:
    """What is weighed more in one region, what to have ready for it, and who says so."""

    region: str
    weighs: str
    ready: str
    source: str = PROCESS_PAGE


REGION_LENSES = (
    Place(
        "Seattle", "running large systems: reliability, operations, figures",
        "your weekly page, one outage, one scale",
    ),
    Place("India", "teams in several places, talk between cultures", "remote work that you led, and its tools"),
    Place(
        "Europe", "agreement across functions and countries; data protection and the law",
        "one senior person moved without authority; what you built for the law",
    ),
)  # fmt: skip
# Held remotely, which may be anywhere.
REMOTE = (
    ("days", "two to three in place of one", PROCESS_GUIDE),
    ("tools", "a video call with a shared screen, a shared editor, a drawing board", PROCESS_GUIDE),
    ("set-up", "a second connection, light, quiet, a second screen, paper", PROCESS_GUIDE),
    ("talk", "say more, ask often whether it is clear, look into the camera", PROCESS_GUIDE),
    ("split", "two days on request, to keep fresh", ROLE_GUIDE),
)
