"""Readiness for L6 and L7 by area: from answers with evidence, and from what has been shown since.

    areas       the eight areas, their hours, what one can claim in each, and the work that helps
    evidence    claims and shown things, and how much each counts
    scores      an area's readiness, the whole, the gaps, and the next best hour of work
    gathering   what the learner's file shows: stories, ratings, points, mocks
    answers     the answers and the weights in the learner's file
    sheet       the room: a thin widget over all of it

The engine takes plain records and a date, so it can be asked in a terminal.
"""
