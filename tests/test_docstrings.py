"""The examples in the docstrings are true."""

import doctest
import importlib
import pkgutil

import pytest

import loopready

MODULES = [
    module.name
    for module in pkgutil.walk_packages(loopready.__path__, "loopready.")
    # Read by Jupyter, which gives them names of its own.
    if not module.name.startswith("loopready.jupyter")
]
EXAMPLES = {name: doctest.DocTestFinder().find(importlib.import_module(name)) for name in MODULES}


@pytest.mark.parametrize(
    "name", [name for name in MODULES if any(found.examples for found in EXAMPLES[name])]
)
def test_the_examples_of_a_module_come_out_as_written(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0
