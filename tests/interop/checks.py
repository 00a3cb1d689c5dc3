"""Assertions that go on after a failure, so that one run tells everything that is wrong."""

import json
import sys
import traceback
from contextlib import contextmanager
from collections.abc import Iterator
from typing import Any


def _short(value: Any) -> str:
    text = json.dumps(value, default=str, sort_keys=True) if not isinstance(value, set) else repr(sorted(value))
    return text if len(text) <= 2000 else text[:2000] + f"… ({len(text)} characters)"


class Checks:
    """Counts what held and keeps what did not."""

    def __init__(self) -> None:
        self.held = 0
        self.failed: list[str] = []

    def equal(self, what: str, got: Any, want: Any) -> None:
        """Demands that two values are the same."""
        if got == want:
            self.held += 1
        else:
            self._fail(f"{what}\n      got  {_short(got)}\n      want {_short(want)}")

    def true(self, what: str, holds: Any, got: Any = None) -> None:
        """Demands that something holds; `got` is shown if it does not."""
        if holds:
            self.held += 1
        else:
            self._fail(what + ("" if got is None else f"\n      got  {_short(got)}"))

    def holds_all(self, what: str, got: set, want: set) -> None:
        """Demands that a set has all of another's members, and perhaps more."""
        missing = want - got
        if not missing:
            self.held += 1
        else:
            self._fail(f"{what}\n      missing {_short(missing)}\n      among   {_short(got)}")

    @contextmanager
    def part(self, what: str) -> Iterator[None]:
        """Runs a part of a scenario; an exception in it is a failure, and the next part still runs."""
        print(f"- {what}", flush=True)
        try:
            yield
        except Exception:
            self._fail(f"{what}: broke off\n{traceback.format_exc()}")

    def _fail(self, text: str) -> None:
        self.failed.append(text)
        print(f"    FAILED {text}", flush=True)

    def done(self) -> None:
        """Prints the result and ends the process: 0 if everything held, else 1."""
        print(f"checks: {self.held} held, {len(self.failed)} failed", flush=True)
        sys.exit(1 if self.failed or not self.held else 0)
