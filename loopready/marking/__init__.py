"""Grading a class: nbgrader's own converters and gradebook, one submission at a time in each of several workers.

A submission is the unit of work. Its rows come to the gradebook in one transaction, and its folder to `autograded/` by
one rename, so that whatever stops a run in the middle, the next one begins where it stopped.
"""
