"""A conversation over one line: each side asks the other to do things with what was handed out, and may be asked back.

    ["?", what, target, args, names, kwargs, changes]   do this
    ["=", value, changes, kept, printed]                here is what came of it
    ["!", error, changes, kept, printed]                this was raised

While one side waits for an answer it does what the other asks meanwhile, so that a function that was passed in can be
called. `Session` is the same for both sides; what each lets the other do is said in `box.Inside` and `seats.Outside`.
"""

import threading
from collections.abc import Callable
from typing import Any

from loopready.referee.errors import described, rebuilt
from loopready.referee.plain import Codec, Uncrossable, builtin_name
from loopready.referee.shared import Shared
from loopready.referee.wire import Closed, Line, Tree, WireError

__all__ = ["FRAMES", "MOST", "NESTED", "Session"]

NESTED = 200  # calls from one side into the other and back
FRAMES = 20  # functions of this package inside each other, at most, that each of those calls takes
MOST = 100_000  # characters that an answer may print in a call


class Session(Codec):
    """One side of a conversation. Subclasses say what may be asked of it, and what stands in for the other's things."""

    shares = False  # whether containers in this side's arguments stay shared

    def __init__(self, line: Line):
        super().__init__()
        self.line = line
        self.shared_values = Shared(self)
        self._handed: dict[int, Any] = {}
        self._handed_numbers: dict[int, int] = {}
        self._sharing = False
        self._asked = 0
        self._turn = threading.RLock()

    # What may be asked

    def operation(self, what: str) -> Callable:
        """What the other side may ask for under that name. Raises WireError."""
        raise NotImplementedError

    def stand_in(self, number: int, kind: str, about: Tree) -> Any:
        """What stands here for a thing of the other side."""
        raise NotImplementedError

    def introduce(self, value: Any) -> tuple[str, Tree]:
        """The kind of a value of this side, and what the other may know of it. Raises Uncrossable."""
        raise NotImplementedError

    def foreign(self, value: Any) -> Tree | None:
        """The other side's own name for a value, where it is a stand-in for something over there."""
        raise NotImplementedError

    def printed(self) -> str:
        """What was printed here since the last answer, for the other side to hear."""
        return ""

    def heard(self, text: Any) -> None:
        """The other side has printed something."""

    # References

    def refer(self, value: Any) -> Tree:
        """A reference: the other's own thing, a name that both have, or a number for something of ours."""
        if (theirs := self.foreign(value)) is not None:
            return theirs
        if name := builtin_name(value):
            return ["ty", name]
        number = self._handed_numbers.get(id(value))
        if number is None:
            kind, about = self.introduce(value)
            number = len(self._handed)
            self._handed[number], self._handed_numbers[id(value)] = value, number
        else:
            kind, about = self.introduce(value)
        return ["o", number, kind, about]

    def resolve(self, tree: list) -> Any:
        """What a reference stands for here. Raises WireError."""
        if tree[0] == "o":
            _, number, kind, about = tree
            return self.stand_in(number, kind, about)
        if tree[0] == "y" and tree[1] in self._handed:
            return self._handed[tree[1]]
        raise WireError("a reference to nothing")

    # Containers that both hold

    def number(self, value: Any) -> tuple[int, bool]:
        """A lasting number for a container in an argument, one for this message for any other."""
        known = self.shared_values.number(value)
        if known is not None:
            return known, True
        if not self._sharing:
            return super().number(value)
        number = next(self._next)
        self.shared_values.add(number, value)
        return number, False

    def made(self, number: int, value: Any) -> None:
        """A container has come; one with a lasting number stays shared where the other side shares."""
        super().made(number, value)
        if number > 0 and not self.shares:
            self.shared_values.add(number, value)

    def shared(self, number: int) -> Any:
        """A container that is shared already. Raises WireError."""
        try:
            return self.shared_values[number]
        except KeyError:
            raise WireError("an unknown container is named") from None

    # The conversation

    def ask(self, what: str, target: Tree, /, *args: Any, **kwargs: Any) -> Any:
        """Have the other side do something; what came of it, or its error raised here."""
        with self._turn:
            self.line.send(self._request(what, target, args, kwargs))
            while True:
                message = self._message()
                if message[0] == "?":
                    self._answer(message)
                else:
                    return self._outcome(message)

    def serve(self) -> None:
        """Do what the other side asks until it is gone."""
        while True:
            with self._turn:
                message = self._message()
            self._answer(message)

    def _answer(self, message: list) -> None:
        answer = self._done(message)
        try:
            self.line.send(answer)
        except Closed:
            raise
        except WireError as error:
            self.line.send(self._failed(Uncrossable(str(error))))

    def _request(self, what: str, target: Tree, args: tuple, kwargs: dict) -> Tree:
        changes = self._changes()
        self._met, self._depth, self._sharing = {}, 0, self.shares
        try:
            message = [
                "?",
                what,
                target,
                self.trees(args),
                list(kwargs),
                self.trees(kwargs.values()),
                changes,
            ]
        finally:
            self._sharing = False
        self.shared_values.settled()
        return message

    def _message(self) -> list:
        message = self.line.receive()
        if type(message) is not list or not message:
            raise WireError("a message without a word")
        return message

    def _changes(self) -> Tree:
        if not self.shared_values:
            return []
        self._met, self._depth = {}, 0
        return self.shared_values.changes()

    def _apply(self, changes: Tree) -> None:
        if changes:
            self.begin()
            self.shared_values.apply(changes)

    def _outcome(self, message: list) -> Any:
        try:
            sign, content, changes, kept, printed = message
            self._apply(changes)
            result = self.decode(content) if sign == "=" else rebuilt(content, self)
            if self.shares and self.shared_values:
                self.shared_values.keep(kept)
        except WireError:
            raise
        except Exception as error:
            raise WireError(f"an answer that makes no sense: {type(error).__name__}") from error
        self.heard(printed)
        if sign == "=":
            return result
        raise result

    def _done(self, message: list) -> Tree:
        """Do what a message asks, and the message that says what came of it."""
        sign, answer = "=", None
        self._asked += 1
        try:
            answer = self._asked_for(message)
            message = self._reply(sign, answer)
        except (WireError, KeyboardInterrupt):
            raise
        except (Exception, SystemExit) as error:
            answer = None
            message = self._failed(error)
        finally:
            self._asked -= 1
        return message

    def _asked_for(self, message: list) -> Any:
        try:
            _, what, target, args, names, values, changes = message
            operation = self.operation(what)
            self._apply(changes)
            self.begin()
            thing, args = self.value(target), self.values(args)
            kwargs = dict(zip(names, self.values(values), strict=True))
            self.shared_values.settled()
        except WireError:
            raise
        except Exception as error:
            raise WireError(f"a request that makes no sense: {type(error).__name__}") from error
        if self._asked > NESTED:
            raise RecursionError(f"calls over and back nested more than {NESTED} deep")
        return operation(thing, *args, **kwargs)

    def _reply(self, sign: str, answer: Any) -> Tree:
        changes = self._changes()
        tree = self.encode(answer)
        del answer
        return [sign, tree, changes, self._held(), self.printed()]

    def _failed(self, error: BaseException) -> Tree:
        changes = self._changes()
        self._met, self._depth = {}, 0
        tree = described(error, self)
        error.__traceback__ = error.__context__ = error.__cause__ = None
        del error
        return ["!", tree, changes, self._held(), self.printed()]

    def _held(self) -> list[int]:
        # Only the side that was given containers lets go, and only when no call of its own is under way.
        return self.shared_values.held() if self.shared_values and not self.shares and self._asked == 1 else \
            list(self.shared_values._kept)  # fmt: skip
