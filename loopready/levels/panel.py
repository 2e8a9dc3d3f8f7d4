"""The rubric in the formgrader: a Jupyter server extension that gives its page levels and comments, and takes them.

nbgrader's own page and its own gradebook stay what they are; where this is not loaded, they work without a rubric.
"""

import json
from collections.abc import Callable
from dataclasses import asdict
from functools import wraps
from getpass import getuser
from pathlib import Path
from typing import Any

from jupyter_server.utils import url_path_join
from nbgrader.api import Grade, MissingEntry
from nbgrader.server_extensions.formgrader.base import BaseApiHandler, check_notebook_dir, check_xsrf
from tornado import web

from loopready.course import CourseError
from loopready.levels import given, remarks, scale
from loopready.levels.given import Given, TakenBefore

__all__ = ["Answer", "Panel", "Remarks"]

PREFIX = "/loopready/levels"
_STATIC = Path(__file__).with_name("static")


def _asked(method: Callable[..., dict]) -> Callable[..., None]:
    """What the method returns goes out as JSON; a CourseError as its line, with 409 for one who came too late."""

    @wraps(method)
    def answer(self: BaseApiHandler, *names: str) -> None:
        try:
            said = method(self, *names)
        except TakenBefore as taken:
            self.set_status(409)
            said = {"message": str(taken), "now": _as_json(taken.now)}
        except CourseError as error:
            self.set_status(400)
            said = {"message": str(error)}
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps(said))

    return web.authenticated(check_xsrf(check_notebook_dir(answer)))


class _Desk(BaseApiHandler):
    @property
    def root(self) -> Path:
        """The course's folder."""
        return Path(self.coursedir.root)

    def grades(self, submission: str) -> dict[str, Grade]:
        """The answers of a hand-in that have a rubric, by name, as they stand in the gradebook at this moment."""
        # nbgrader's server keeps one session, in which rows stay as they were first read.
        self.gradebook.db.rollback()
        self.gradebook.db.expire_all()
        try:
            notebook = self.gradebook.find_submission_notebook_by_id(submission)
        except MissingEntry as error:
            raise CourseError("the gradebook does not know this hand-in: reload the list") from error
        return {grade.name: grade for grade in notebook.grades if scale.kind_of(grade.name)}

    def by(self) -> str:
        """Who is at the desk: the name by which the server knows them, or the account's."""
        user = self.current_user
        named = getattr(user, "display_name", "") or getattr(user, "username", "")
        # Without a hub everybody with the token is Anonymous and a moon's name.
        return getuser() if not named or named.startswith("Anonymous ") else named


class Panel(_Desk):
    """All that the formgrader's page of one hand-in needs."""

    @_asked
    def get(self, submission: str) -> dict[str, Any]:
        """The answers with a rubric, and the comments that are used again."""
        grades = self.grades(submission)
        cells = [{"id": grade.id, **_as_json(given.look(self.gradebook, grade))} for grade in grades.values()]
        return {"cells": cells, "remarks": remarks.read(self.root)}


class Answer(_Desk):
    """One answer."""

    @_asked
    def put(self, submission: str, cell: str) -> dict[str, Any]:
        """Give levels and a comment: `{"levels": {...}, "comment": "...", "seen": "..."}`."""
        said = self.get_json_body() or {}
        if cell not in (grades := self.grades(submission)):
            raise CourseError(f"this hand-in has no answer {cell!r} with a rubric")
        levels, comment, seen = said.get("levels"), said.get("comment"), said.get("seen")
        if not isinstance(levels, dict) or not isinstance(comment, str) or not isinstance(seen, str):
            raise CourseError("levels, a comment, and what was seen are needed: reload the page")
        return _as_json(given.give(self.gradebook, grades[cell], levels, comment, self.by(), seen))


class Remarks(_Desk):
    """The comments that are used again."""

    @_asked
    def post(self, kind: str) -> dict[str, list[str]]:
        """Add one: `{"comment": "..."}`."""
        return remarks.add(self.root, kind, str((self.get_json_body() or {}).get("comment", "")))


def _as_json(one: Given) -> dict[str, Any]:
    kind = scale.kind_of(one.cell)
    rows = [{"name": each.name, "says": each.says, "anchors": each.anchors} for each in scale.RUBRICS[kind]]
    at = f"{one.at:%H:%M} UTC on {one.at.day} {one.at:%B}" if one.at else ""
    return {**asdict(one), "at": at, "kind": kind, "rows": rows, "agrees": one.agrees, "seen": one.seen}


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "loopready.levels.panel"}]


def _load_jupyter_server_extension(server: Any) -> None:
    def at(path: str) -> str:
        return url_path_join(server.web_app.settings["base_url"], PREFIX, path)

    server.web_app.add_handlers(
        ".*$",
        [
            (at("static/(.*)"), web.StaticFileHandler, {"path": str(_STATIC)}),
            (at("remarks/([^/]+)"), Remarks),
            (at("submissions/([^/]+)"), Panel),
            (at("submissions/([^/]+)/([^/]+)"), Answer),
        ],
    )
