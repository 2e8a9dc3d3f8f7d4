"""The interview process as data, each fact with the document that says so, and the debrief's rule.

    documents   the four documents, and where they disagree
    rounds      both variants of the loop: minutes, interviewers, agendas, criteria, signals
    stages      pass rates and timeline
    lenses      what level and region change
    questions   the question bank, in our own words
    anchors     what each level of an answer sounds like, by criterion
    scorecards  what was heard in one round, as a vote
    debrief     votes to a decision, line by line
    reasons     why candidates are turned down, and what to do about each
    recoveries  the reasons that scorecards support, as tasks with dates
    pages       the tables of the documentation

Everything is plain data and pure functions: nothing is read before it is asked for, and nothing is drawn here.
"""
