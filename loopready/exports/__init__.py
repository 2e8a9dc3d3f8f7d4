"""A class's points as files: the list that `nbgrader export` writes, and gradebook files for Canvas and Moodle."""
