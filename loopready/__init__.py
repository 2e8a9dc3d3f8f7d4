"""loopready: a Jupyter curriculum for the engineering manager's interview loop.

Import the nouns you need (`from loopready.units import request`); this file starts and imports nothing.
"""

__version__ = "0.1.0"
