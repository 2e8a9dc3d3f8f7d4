"""Short passages of told stories, and whether a reader would ask for more: the measure of the review's rules.

They were written down and labelled by ear. The rules were made, and made better, on TRIED; so what they get
right there says little. FRESH was written afterwards and has never been used to change them.

True means that the passage deserves a look: for `blame`, that fault is put on others; for `vague`, that words stand
where a fact should; for `baseline`, that a figure leaves one asking "of what, and what was it before?"; for
`learning`, that nothing was learned; for `shown`, that the principle is not to be heard in it; for `i-or-we`, that
it is not clear what the teller did.
"""

from collections.abc import Callable
from dataclasses import dataclass

_FIRST: dict[str, list[tuple[str, bool]]] = {
    "blame": [
        ("The outage was entirely the platform team's fault, and they never admitted it.", True),
        ("Product kept changing the requirements, so of course we were late.", True),
        ("My predecessor had left a mess, and nobody there knew what they were doing.", True),
        ("The vendor was useless and I told my director so.", True),
        ("One of my engineers was lazy and dragged everybody down.", True),
        ("If QA had done their job, the bug would not have reached customers.", True),
        ("Because of them we missed the launch.", True),
        ("He had no clue about databases and refused to listen to me.", True),
        ("Finance dropped the ball, and I had to clean up after them.", True),
        ("I was let down by a manager who simply didn't care.", True),
        ("It was my mistake: I had not read the change before it went out.", False),
        ("The vendor shipped two weeks late; I had not asked for a second date, and should have.", False),
        ("The two teams disagreed about the schema, and each had a point.", False),
        ("I refused to ship before the numbers were in.", False),
        ("She pushed back, and she was right: my estimate left out the migration.", False),
        ("Nobody owned the pipeline, so I looked for an owner.", False),
        ("The engineer had missed three deadlines; I asked him what was in his way.", False),
        ("We held a review without blame and found four causes, two of them mine.", False),
        ("The failed disk took the queue down at nine on a Friday.", False),
        ("Legal had said no in March, for good reasons that I had not asked about.", False),
    ],
    "vague": [
        ("We significantly improved performance and everyone was really happy with it.", True),
        ("I worked with various stakeholders to align on a number of things.", True),
        ("There were a lot of issues and it took some time to sort them out.", True),
        ("I drove synergies across the board and delivered huge value.", True),
        ("Basically I did a bunch of stuff to make the process better.", True),
        ("It was a pretty big project with many people, and it went very well.", True),
        ("I communicated extensively and leveraged best practices to optimise quality.", True),
        ("Somehow we managed to get it done quite soon after that.", True),
        ("The new approach was much faster and far more robust.", True),
        ("I helped out with several initiatives, and things got a lot smoother.", True),
        ("I read the last sixty failures and sorted them by cause; forty-one had one of two.", False),
        ("Pages fell from eleven a week to two in seven weeks.", False),
        ("I asked each of the five managers for one reviewer, and two said yes.", False),
        ("On Monday I called finance and moved the date by two weeks.", False),
        ("The payment service timed out after 30 seconds, and carts were lost.", False),
        ("I told her that her review would not be positive, and why, with three examples.", False),
        ("We chose Postgres because two of us had run it at night before.", False),
        ("Forty of the fifty shops switched in the first month; ten stayed on the old screen.", False),
        ("I wrote one page with the count and the cost and took it to my director.", False),
        ("The second fix made runs three minutes slower, so I had it taken back the same day.", False),
    ],
    "baseline": [
        ("Latency is now 200 ms.", True),
        ("We saved 1.2 million dollars.", True),
        ("Crash rate dropped 85% and retention increased 25%.", True),
        ("Customer satisfaction reached 4.7.", True),
        ("It handles 40,000 requests a second.", True),
        ("The team shipped 14 features that quarter.", True),
        ("Attrition fell by a third.", True),
        ("Our availability was 99.95 per cent.", True),
        ("Failures fell from one run in five to one in fifty within seven weeks.", False),
        ("p99 went from 8 s to 900 ms.", False),
        ("Pages a week: 11 before, 2 after.", False),
        ("It takes 4 minutes instead of 40.", False),
        ("We needed 12 machines where there had been 60.", False),
        ("The cost halved, to 300,000 dollars a year.", False),
        ("Reviews took two days, down from nine.", False),
        ("Time to hire was 34 days, compared with 71 the year before.", False),
    ],
    "learning": [
        ("Failures fell from 20% to 2%, and the team was promoted.", True),
        ("It shipped on time and the director thanked us in the all-hands.", True),
        ("The launch held for the whole season, and sales rose from 2 to 3 million.", True),
        ("I would call it the best project of that year.", True),
        ("The students learned to use the tool within a day.", True),
        ("In the end customers had their money back two days sooner.", True),
        ("All six teams signed, and the rota still stands.", True),
        ("What I learned is to count the cost of a shared problem in my own budget first.", False),
        ("Since then I do not switch anything before each team has said yes to a date.", False),
        ("I would do one thing differently: I would ask the customer before the design.", False),
        ("Looking back, I waited three weeks too long to tell her.", False),
        ("Now I write the rollback before the change, and my teams do too.", False),
        ("It taught me that a mail is no agreement.", False),
        ("Next time I would take the smaller team and the earlier date.", False),
        ("My mistake was to announce it by mail; today I walk over.", False),
    ],
    "i-or-we": [
        ("We decided to rewrite the service and we shipped it in March.", True),
        ("The team was asked to cut the cost, and a plan was made.", True),
        ("Our architects drew the design, our testers proved it, and I sent the mail.", True),
        ("It was decided that the old queue would go.", True),
        ("We looked at three vendors, and we chose the cheapest for us.", True),
        ("Together with product we defined the scope, and our PM told finance.", True),
        ("I asked two of my engineers to measure it, and chose the second plan over their first.", False),
        ("I told the director no, and why; she gave me two weeks.", False),
        ("I drew the first design myself and had the team take it apart.", False),
        ('I asked the room, "What are we afraid of?", and wrote down each answer.', False),
        ("We met on Monday. I had brought the numbers, I proposed to stop, and I took the call.", False),
        ("My plan was to move one table a week, and I moved the first one.", False),
    ],
    # The main principle, a colon, and what was done.
    "shown": [
        ("Dive Deep: I met with the leads every week and asked for status.", True),
        ("Customer Obsession: I moved the team to a new build system in a month.", True),
        ("Frugality: I gave a talk about quality, and people liked it.", True),
        ("Hire and Develop the Best: I wrote the design and had it shipped in March.", True),
        ("Have Backbone; Disagree and Commit: I did as my director asked, and it was fine.", True),
        ("Earn Trust: I set a deadline and everybody met it.", True),
        ("Dive Deep: I read sixty failures myself and traced forty-one to two causes.", False),
        (
            "Customer Obsession: I called the three shops that had complained and sat with one for a day.",
            False,
        ),
        ("Frugality: I reused the spare machines, so that the year's budget held.", False),
        ("Hire and Develop the Best: I coached her for two quarters, and she was promoted.", False),
        (
            "Have Backbone; Disagree and Commit: I told him I disagreed, lost, and backed the plan in public.",
            False,
        ),
        ("Earn Trust: I told the other team that it was my mistake, and asked what they needed.", False),
        ("Bias for Action: I released it to one shop the same day, since it could be taken back.", False),
        ("Deliver Results: I cut the scope by half, and we launched on the date we had promised.", False),
        ("Think Big: I wrote a three-year vision that all nine teams now plan by.", False),
        ("Ownership: Nobody had asked me to, but I took the pipeline over until it had an owner.", False),
    ],
}

_MORE: dict[str, list[tuple[str, bool]]] = {
    "blame": [
        ("Honestly, the other manager just wanted to protect his own headcount.", True),
        ("Sales had promised the date without asking anybody, as they always do.", True),
        ("The architects sat in their ivory tower and we paid for it.", True),
        ("I inherited a team of weak performers that the last manager had been afraid to deal with.", True),
        ("It failed because operations did not follow the runbook that I had written.", True),
        ("He refused to take the call, so the customer waited until Monday.", True),
        ("Their code was sloppy and I had to redo most of it.", True),
        ("The delay was on the vendor and not on us.", True),
        ("Marketing let us down at the last minute.", True),
        ("My director never cared about quality.", True),
        ("The director wanted the feature and I wanted the fix; we agreed on four days for the fix.", False),
        ("I let my team down that week by hiding in my office.", False),
        ("She had taken over the service a month before and did not know about the job.", False),
        ("Two of the five teams said no, because they had a launch of their own.", False),
        ("The contract ran out in May, which I had overlooked.", False),
        ("He told me that I had not listened, and I thanked him for it.", False),
        ("The rack lost power at two in the morning and the second line did not take over.", False),
        ("I wrote in the review that no person caused it: the button had no second question.", False),
        ("Support had warned us in March, and I had put their mail aside.", False),
        ("It was nobody's fault that the road flooded, but the stock was ours to protect.", False),
    ],
    "vague": [
        ("We enhanced the user experience and streamlined operations end to end.", True),
        ("It was a complex programme with challenging timelines and lots of moving parts.", True),
        ("I had many meetings and really pushed people to think differently.", True),
        ("Overall the outcome was excellent, and senior leadership was impressed.", True),
        ("I made sure that everybody was on the same page and that things kept moving.", True),
        ("Our platform became considerably more scalable and reliable.", True),
        ("I took several steps to address some performance problems, which went quite well.", True),
        ("After a while the relationship became a lot better.", True),
        ("I used data-driven methods and best practices to drive a significant uplift.", True),
        ("There was some pushback, but eventually people came around.", True),
        ("I deleted eleven of the fourteen dashboards, and nobody asked for one back.", False),
        ("She said that she would leave in June; I asked what would make her stay, and it was the on-call.", False),
        ("The first batch had 300 orders, and four of them were wrong.", False),
        ("I flew to Leeds and stood at the packing line from six to two.", False),
        ("I offered two dates, the 4th with half of it or the 20th with all, and she took the 4th.", False),
        ("We met every morning at nine for fifteen minutes until the last shop had moved.", False),
        ("The rule was: no second attempt without a wait, and the wait doubles.", False),
        ("I asked the newest engineer to run the review, and sat at the back.", False),
        ("Of 212 alerts in May, 180 had been closed by hand and without a note.", False),
        ("He moved to the data team in October and leads it today.", False),
    ],
    "baseline": [
        ("We cut deployment time to 12 minutes.", True),
        ("The change brought in 3 million a year.", True),
        ("Errors went down by 60 per cent.", True),
        ("Our score was 72, the best in the company.", True),
        ("I hired nine people in four months.", True),
        ("The pilot reached 5,000 households.", True),
        ("A deployment took 12 minutes; it had taken 90.", False),
        ("Revenue grew from 9 to 12 million that year.", False),
        ("Nine joined in four months, where the two years before had brought three.", False),
        ("Open tickets sank to 40 out of what had once been 600.", False),
        ("We lost 2% of carts, against 7% in spring.", False),
        ("Build minutes: 38 -> 6.", False),
        ("Each pick takes 8 seconds now. It used to be 14.", False),
        ("Two nights a month are broken now, not ten.", False),
    ],
    "learning": [
        ("I learned that the customer had already left.", True),
        ("We came in under budget and the board was pleased.", True),
        ("The number of pages stayed low for the rest of the year.", True),
        ("She leads the group today, and two of her people were promoted.", True),
        ("It was a success from the first day.", True),
        ("The contract was renewed for three years.", True),
        ("These days I ask for the objection first and for the plan second.", False),
        ("I had assumed that silence was a yes. I do not assume that any more.", False),
        ("If I did it again, I would bring finance in at the start.", False),
        ("The price of that was on me: I should have called on the first day.", False),
        ("I keep a list since, and read it before each launch.", False),
        ("What stayed with me is that the quiet one in the room had the answer.", False),
        ("In hindsight the second vendor was the better one.", False),
        ("I have run each launch since with a name beside each alarm.", False),
    ],
    "i-or-we": [
        ("The decision was taken to move everything to the new region.", True),
        ("We ran the numbers, we called the customer and we fixed the invoice.", True),
        ("Our approach was to listen first; our customers liked us for it.", True),
        ("Everybody pulled together and the migration was done.", True),
        ("My team and I decided together what we would build, and we built it.", True),
        ("First the old jobs were stopped, then the new ones were started.", True),
        ("I stopped the old jobs, and Mira started the new ones.", False),
        ("I chose Tuesday because support is full on Tuesdays, and told both teams why.", False),
        ("What I did not do was to wait; I rang her at home.", False),
        ("I set the limit at two a day, and when we hit it I stopped the line myself.", False),
        ("I gave Ade the design and kept the talk with legal for myself.", False),
        ("They asked me for a date. I gave them a range, and I said what would narrow it.", False),
    ],
    "shown": [
        ("Ownership: I attended the review and presented our slides.", True),
        ("Think Big: I fixed the printer queue on the second floor.", True),
        ("Learn and Be Curious: I delivered the project on the agreed day.", True),
        ("Insist on the Highest Standards: I asked for more people and got two.", True),
        ("Bias for Action: I convened a committee, which reported in autumn.", True),
        ("Are Right, A Lot: I did what the plan said.", True),
        ("Deliver Results: I spoke with everybody about how they felt.", True),
        ("Insist on the Highest Standards: I sent it back twice, because one in fifty labels was unreadable.", False),
        ("Learn and Be Curious: I sat in the call centre for a week to hear how claims really arrive.", False),
        ("Are Right, A Lot: I asked the one who disagreed to write down what would prove me wrong.", False),
        ("Invent and Simplify: I threw two of the three forms away and let the scanner fill in the third.", False),
        ("Frugality: I did it with the four people I had, and gave a vacancy back.", False),
        ("Dive Deep: I opened the parcels myself, forty of them, and weighed each.", False),
        ("Strive to be Earth's Best Employer: I moved the release to the morning, so that nobody works nights.", False),
        ("Success and Scale Bring Broad Responsibility: I asked what lorries do to the street.", False),
        ("Bias for Action: I unplugged it, knowing that we could plug it in again.", False),
    ],
}  # fmt: skip

TRIED = {rule: _FIRST[rule] + _MORE[rule] for rule in _FIRST}

FRESH: dict[str, list[tuple[str, bool]]] = {
    "blame": [
        ("The previous owner of the service had simply abandoned it.", True),
        ("If the recruiter had sent better candidates, we would have been on time.", True),
        ("My peer went behind my back to the director.", True),
        ("The junior developer broke production and I had to explain it upstairs.", True),
        ("She was impossible to work with, as everyone knew.", True),
        ("They refused to help us even after three mails.", True),
        ("The business side does not understand engineering.", True),
        ("It was the consultants' fault that the data was lost.", True),
        ("I had approved the change without reading its last page.", False),
        ("The two groups had different bonuses, so neither was wrong.", False),
        ("He wanted to wait for the audit; I wanted to ship on Monday.", False),
        ("The supplier's factory flooded, and I had no second supplier.", False),
        ("One engineer left in May, and I had not asked her once how she was.", False),
        ("The test passed because I had written it against the wrong copy.", False),
    ],
    "vague": [
        ("I improved collaboration between the teams and built strong relationships.", True),
        ("The system was old and had a number of problems, so I modernised it.", True),
        ("It took a great deal of effort, but we got there in the end.", True),
        ("I was very proactive and kept everybody informed at all times.", True),
        ("There were several difficult conversations and things improved a lot.", True),
        ("We followed agile best practices and increased velocity significantly.", True),
        ("The customer was extremely pleased and gave us really good feedback.", True),
        ("I asked for the key to the server room and counted the empty racks: thirty-one.", False),
        ("On the ninth day the last of the 62 shops had moved.", False),
        ("I read the contract, found the clause on page 40, and rang our lawyer.", False),
        ("Between two and four in the morning nobody was awake to see the alarm.", False),
        ("I gave each of the three leads one hour and the same five questions.", False),
        ("She wrote the test that I had asked for, and it failed at once.", False),
        ("We printed the last hundred complaints and put them on the wall.", False),
    ],
    "baseline": [
        ("The new search answers in 80 ms.", True),
        ("Sales rose by 12 per cent.", True),
        ("I trained 40 engineers in one quarter.", True),
        ("The project saved 400 hours a month.", True),
        ("We reached 3 million users.", True),
        ("Search answers in 80 ms; the old one needed 700.", False),
        ("From 40 engineers who could be on call we came to 65.", False),
        ("Eleven incidents the year before, three in this one.", False),
        ("It cost 90,000 instead of the 240,000 that were planned.", False),
        ("The rate doubled, from 4% to 8%.", False),
    ],
    "learning": [
        ("The customer signed again, and my director gave me the next one.", True),
        ("We had saved 400 hours a month by the autumn.", True),
        ("They now use it in four countries.", True),
        ("I was given the award of the year for it.", True),
        ("The migration ended on the last day of June, as planned.", True),
        ("I ask for the worst case first now, and only then for the date.", False),
        ("I would start with the person who has most to lose.", False),
        ("That was when I understood that a plan nobody argues with has not been read.", False),
        ("I took from it that a date without a name is a wish.", False),
        ("Since that week I read every contract myself.", False),
        ("I got one thing wrong: I told the leads before I told the team.", False),
    ],
    "i-or-we": [
        ("The whole group worked through the weekend until it was fixed.", True),
        ("We listened to them, we changed our plan, and our numbers came back.", True),
        ("A meeting was held and a new owner was found.", True),
        ("Our team was chosen because of our record.", True),
        ("I held the meeting and asked who would own it; Jo said she would.", False),
        ("I changed my plan after I had listened to them.", False),
        ("I took the first watch and gave Sam the second.", False),
        ("I signed for it, and my name stood under the mail to our customers.", False),
    ],
    "shown": [
        ("Customer Obsession: I reorganised the on-call rota for my group.", True),
        ("Earn Trust: I wrote a tool in Python over a weekend.", True),
        ("Think Big: I answered forty mails a day.", True),
        ("Hire and Develop the Best: I negotiated the contract with the vendor.", True),
        ("Dive Deep: I gave the keynote at our summer party.", True),
        ("Frugality: I spoke to each of the leads.", True),
        ("Customer Obsession: I stood at the counter for two days and sold tickets to passengers.", False),
        ("Earn Trust: I went to their stand-up and said that I had been wrong.", False),
        ("Think Big: I asked what we would build if there were ten times the orders.", False),
        ("Hire and Develop the Best: I let her run the launch and sat beside her.", False),
        ("Dive Deep: I pulled the raw records and found that the clock was an hour off.", False),
        ("Frugality: I asked which of the reports anybody still paid for, and switched nine off.", False),
        ("Deliver Results: Two weeks before the end I dropped the export, and the rest was there on Friday.", False),
        ("Ownership: It was not in my plan for the year, and I did it all the same.", False),
    ],
}  # fmt: skip


@dataclass(frozen=True)
class Measure:
    """How often a look was right, and how many of those that were due were found."""

    right: int
    alarms: int
    due: int

    @property
    def precision(self) -> float:
        return self.right / self.alarms

    @property
    def recall(self) -> float:
        return self.right / self.due

    def __str__(self) -> str:
        return f"precision {self.precision:.2f}, recall {self.recall:.2f}, {self.due} looks due"


def measured_on(passages: dict[str, list[tuple[str, bool]]], looks: Callable[[str, str], bool]) -> Measure:
    """The measure of a function that says, for a rule and a text, whether it deserves a look."""
    said = [(looks(rule, text), due) for rule, rows in passages.items() for text, due in rows]
    return Measure(sum(a and b for a, b in said), sum(a for a, _ in said), sum(b for _, b in said))
