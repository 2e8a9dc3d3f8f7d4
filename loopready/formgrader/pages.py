"""The formgrader's page for one submission, with what the browser needs beside it and nothing from elsewhere."""

from pathlib import Path

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader
from nbconvert.exporters import HTMLExporter
from nbgrader.server_extensions.formgrader.handlers import template_path

TEMPLATES = Path(__file__).with_name("templates")


def exporter(nbgraders: HTMLExporter) -> HTMLExporter:
    """An exporter with nbgrader's configuration and templates, ours before them.

    nbgrader's page fetches MathJax from a content network and does not get ready before that has come, so where
    it does not come neither the keyboard nor the jump to the next submission works. Ours leaves MathJax out.
    """
    theirs = PrefixLoader({"nbgrader": FileSystemLoader(Path(template_path) / "formgrade")})
    return HTMLExporter(config=nbgraders.config, extra_loaders=[FileSystemLoader(TEMPLATES), theirs])


def ours_first(templates: Environment) -> None:
    """Have the formgrader's other pages find our templates before nbgrader's."""
    templates.loader = ChoiceLoader([FileSystemLoader(TEMPLATES), templates.loader])
