"""A demonstration class: made-up learners with plausible abilities, whose hand-ins are really graded.

From Python it is one call, and everything that is handed in is the same for the same seed:

    from loopready.demo.classes import make
    made = make(Path("demo"), root=course.root(), size=60, seed=9, weeks=("week-01", "week-02", "week-03"))

`demo/` is then a course of its own: `source/`, `release/`, `submitted/`, `autograded/` and `gradebook.db` as after
`loopready grade --class`, with a roster, points by hand and comments. `graded=False` stops before the grading.
"""
