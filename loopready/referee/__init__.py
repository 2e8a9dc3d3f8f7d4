"""The referee: a learner's cells run in a box, the tests run outside of it, and only plain data goes between.

docs/referee.md says what is promised, how it is kept, and what is not.
"""
