"""What nbgrader does again and again to the same end, done once; each is left out when what it asks for differs.

These reach into other packages' modules, in the processes that grade and nowhere else. The tests hold every row and
file against what stock nbgrader leaves.
"""

import atexit
import gc
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

from traitlets.config import Config


@contextmanager
def quick_imports() -> Iterator[None]:
    """Import without a parser of international addresses, which no notebook has and which takes a second to load.

    Nor is garbage looked for meanwhile, or when the process ends: what is imported is none, and it is much to look
    through.
    """
    name = "rfc3987_syntax"
    left_out = name not in sys.modules
    if left_out:
        sys.modules[name] = None  # to jsonschema: not installed
    looked = gc.isenabled()
    gc.disable()
    atexit.register(gc.freeze)
    try:
        yield
    finally:
        if looked:
            gc.enable()
        if left_out:
            del sys.modules[name]


@contextmanager
def checked_once() -> Iterator[None]:
    """Check nbgrader's metadata of a cell against its schema only when the same has not passed before."""
    from nbgrader.nbgraderformat import common

    original = common.jsonschema
    passed: set[str] = set()

    def validate(instance: Any, schema: dict[str, Any]) -> None:
        key = json.dumps(instance, sort_keys=True)  # its schema's version included
        if key not in passed:
            original.validate(instance, schema)
            passed.add(key)

    common.jsonschema = SimpleNamespace(validate=validate)
    try:
        yield
    finally:
        common.jsonschema = original


def validated_at_the_end(config: Config) -> None:
    """Have nbconvert validate a notebook after its last preprocessor and not after each, as it can itself."""
    config.Exporter.optimistic_validation = True
