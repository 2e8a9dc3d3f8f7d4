"""The four documents behind every fact, by the short names of `docs/sources.md`.

None of them is Amazon's. Where they disagree, both values are kept, each with its document, and nothing is averaged.
"""

from dataclasses import dataclass

from loopready.course import CourseError

PROCESS_PAGE = "process page"  # one company's page on the L7 role: five rounds, 285 minutes, a six-week plan
PROCESS_GUIDE = (
    "process guide"  # the complete L6/L7 process: phone screens, seven rounds, pass rates, checklists
)
ROLE_GUIDE = "role guide"  # what the role is, what is asked, compensation
ROADMAP = "roadmap"  # the six-month plan, hours by activity, L6 against L7
DOCUMENTS = (PROCESS_PAGE, PROCESS_GUIDE, ROLE_GUIDE, ROADMAP)


@dataclass(frozen=True)
class Fact:
    """One thing that the documents say something about, and what each of those that do says, in our words."""

    about: str
    said: dict[str, str]

    def __post_init__(self) -> None:
        if strange := set(self.said) - set(DOCUMENTS):
            raise CourseError(f"{self.about}: no document is called {strange.pop()!r}; see DOCUMENTS")


# Where two documents could be compared. That they differ is a fact too.
FACTS = (
    Fact("conversations", {
        PROCESS_PAGE: "five, recruiter included",
        PROCESS_GUIDE: "two screens, then six or seven; an L7 candidate whom it quotes had five",
        ROLE_GUIDE: "recruiter, one or two screens, then about five",
    }),
    Fact("minutes in all", {
        PROCESS_PAGE: "285",
        PROCESS_GUIDE: "420 to 525, screens included; the same guide says 6 to 8 hours for the loop alone",
        ROLE_GUIDE: "five of 45 to 60 in the loop",
    }),
    Fact("hours of the loop by level", {PROCESS_GUIDE: "L6 6 to 7, L7 7 to 8"}),
    Fact("duration", {PROCESS_PAGE: "about 30 days", PROCESS_GUIDE: "three to five weeks"}),
    Fact("days of the loop", {
        PROCESS_GUIDE: "one, or two when remote; two to three when remote, it says elsewhere",
        ROLE_GUIDE: "one; it may be split over two",
    }),
    Fact("coding rounds", {
        PROCESS_PAGE: "none",
        PROCESS_GUIDE: "30 minutes on the phone; two for L6, one or two for L7",
        ROLE_GUIDE: "you may not write code",
        ROADMAP: "one or two for L6, none or one for L7",
    }),
    Fact("system design", {
        PROCESS_PAGE: "60 minutes",
        PROCESS_GUIDE: "60 to 90; 60 for L6, 90 for L7",
        ROLE_GUIDE: "45 to 60",
    }),
    Fact("Bar Raiser", {
        PROCESS_GUIDE: "a round of 60 to 90 minutes; a veto",
        ROLE_GUIDE: "one of the loop's interviewers, from another team; a veto; better than half of those in the role",
        ROADMAP: "a veto",
    }),
    Fact("who decides", {
        PROCESS_GUIDE: "the hiring manager, with the Bar Raiser's agreement",
        ROLE_GUIDE: "against the Bar Raiser there is usually no offer, though the hiring manager wants one",
    }),
    Fact(
        "who gets an offer",
        {
            PROCESS_GUIDE: "8 to 15 in a hundred, by its own total; its stages multiply to 3 to 10.5",
            ROADMAP: "85 in a hundred of those who follow it, without a source",
        },
    ),
    Fact("title at L7", {PROCESS_PAGE: "senior", ROADMAP: "principal; senior is L6"}),
    Fact("years of engineering", {
        PROCESS_PAGE: "8 to 15, for L7",
        ROLE_GUIDE: "5 or more, and 2 of managing",
        ROADMAP: "L6 8 or more, L7 12 or more",
    }),
    Fact("stories", {
        PROCESS_PAGE: "two or three for each principle",
        PROCESS_GUIDE: "12 to 15 in all, 3 ready for the phone",
        ROLE_GUIDE: "a portfolio",
        ROADMAP: "three written a week",
    }),
    Fact("a story's length", {PROCESS_GUIDE: "four to six minutes; three to four on the phone"}),
    Fact("salary at L7", {
        PROCESS_PAGE: "180,000 to 250,000 dollars",
        ROLE_GUIDE: "capped by level, the rest in shares",
    }),
    Fact("applying again", {PROCESS_GUIDE: "after 6 to 12 months"}),
    Fact("feedback after a no", {PROCESS_GUIDE: "detailed"}),
)  # fmt: skip
