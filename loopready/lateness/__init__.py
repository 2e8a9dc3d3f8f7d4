"""Late work: what a course takes for it, who was given longer, and both in words for the learner.

The rule stands in `nbgrader_config.py`, and nbgrader applies it through its own plugin, in any kind of grading.
"""
