"""How the formgrader answers: each request on its own look at the gradebook, and no save over another's unasked."""

import json
from typing import Any

from jupyter_server.utils import url_path_join
from nbgrader.api import MissingEntry
from nbgrader.server_extensions.formgrader import apihandlers
from nbgrader.server_extensions.formgrader import handlers as pagehandlers
from nbgrader.server_extensions.formgrader.base import (
    BaseApiHandler,
    BaseHandler,
    check_notebook_dir,
    check_xsrf,
)
from sqlalchemy.exc import SQLAlchemyError
from tornado import web

from loopready.marking.gradebook import said
from loopready.marking.versions import trouble

Rule = tuple[Any, ...]


class Afresh:
    """A handler that begins with an empty session of the gradebook and leaves none behind.

    nbgrader keeps one session for as long as the server runs: it shows what it read an hour ago, and after one
    write that failed, each later request fails too.
    """

    def on_finish(self) -> None:
        """Let go of the session."""
        if book := self.settings.get("nbgrader_gradebook"):
            book.db.remove()
        super().on_finish()

    def render(self, name: str, **names: Any) -> str:
        """nbgrader's page, or, with a gradebook that cannot be used, the line that says why."""
        if line := trouble(self.db_url):
            return super().render("unusable.tpl", base_url=self.base_url, line=line)
        return super().render(name, **names)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Say a failure of the gradebook in one line, and everything else as nbgrader does."""
        error = kwargs.get("exc_info", (None, None))[1]
        if not (isinstance(error, SQLAlchemyError) and isinstance(self, BaseApiHandler)):
            super().write_error(status_code, **kwargs)
            return
        self.set_status(503)
        self.finish(json.dumps({"message": f"Not saved: {said(error)}"}))


class _Save:
    """A save that names what its page had seen; where that is not so any more, it is refused with what is."""

    fields: tuple[str, ...]
    noun: str

    @web.authenticated
    @check_xsrf
    @check_notebook_dir
    def put(self, row_id: str) -> None:
        """Save, or answer 409 with the line to show and with what stands in the gradebook."""
        seen = (self.get_json_body() or {}).get("seen")
        now = self.row(row_id).to_dict()
        # A page of nbgrader's own, or a program, says nothing of what it has seen.
        if seen is None or all(_same(seen.get(field), now[field]) for field in self.fields):
            super().put(row_id)
            return
        self.set_status(409)
        stands = _worded(now[self.fields[0]], self.noun)
        message = f"Not saved: since you opened this page somebody else has changed it to {stands}."
        self.finish(json.dumps({"message": message, "now": now}))


def _same(seen: object, now: object) -> bool:
    """Whether two values are one to a reader: a page that has no comment sends an empty one."""
    return (seen if seen != "" else None) == (now if now != "" else None)


def _worded(value: object, noun: str) -> str:
    if value in (None, ""):
        return f"no {noun}"
    return f"{value:g} {noun}" if isinstance(value, float) else f"“{value}”"


class _GradeSave(_Save, apihandlers.GradeHandler):
    fields, noun = ("manual_score", "extra_credit"), "points"

    def row(self, row_id: str) -> Any:
        """The grade."""
        return _found(self.gradebook.find_grade_by_id, row_id)


class _CommentSave(_Save, apihandlers.CommentHandler):
    fields, noun = ("manual_comment",), "comment"

    def row(self, row_id: str) -> Any:
        """The comment."""
        return _found(self.gradebook.find_comment_by_id, row_id)


def _found(find: Any, row_id: str) -> Any:
    try:
        return find(row_id)
    except MissingEntry:
        raise web.HTTPError(404) from None


_IN_PLACE_OF: dict[type, type] = {
    apihandlers.GradeHandler: _GradeSave,
    apihandlers.CommentHandler: _CommentSave,
}


def handlers(base_url: str) -> list[Rule]:
    """nbgrader's own rules with our handlers, for a server at `base_url`."""
    rules = [*pagehandlers.default_handlers, *apihandlers.default_handlers]
    return [(url_path_join(base_url, pattern), _mended(handler), *rest) for pattern, handler, *rest in rules]


def _mended(handler: type) -> type:
    if not issubclass(handler, BaseHandler):
        return handler
    return type(handler.__name__, (Afresh, _IN_PLACE_OF.get(handler, handler)), {})
