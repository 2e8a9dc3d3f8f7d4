"""An instructor's levels: what a rubric's levels are worth, who gave which, and the comments that come back.

nbgrader's gradebook keeps what counts, the points and the comment; the levels lie beside them in a table of their own,
in the same file and the same transaction. In the formgrader they are a panel under each design and each story.
"""
