"""Mock interviews: a round or a whole loop against its own clock, with what was asked, answered and heard kept.

    clocks         time counted from saved marks, and where in the agenda it is
    sittings       a mock and its rounds as data, and what can be done in each state
    records        the mocks in the learner's file
    interviews     questions and follow-ups of the rounds of words
    katas          the coding round, over the reserve
    problems       design problems, each with a chain of estimates
    boards         the design round: steps in their time boxes, estimates graded
    scores         a scorecard from what is typed
    verdicts       scorecards to the debrief and its tasks
    partners       the partner's page, and the scorecard that comes back
    held           what other rooms ask: the mocks that were held, and what they showed
    telling        a mock in words
    commands       `loopready mock`
    desk           what the cells of the room share; `stage`, `work`, `scoring`, `looking` and `fields` are its parts

The widgets are thin: whatever the room does can be done and tested in a terminal.
"""
