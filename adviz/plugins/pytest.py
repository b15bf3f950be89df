"""The pytest plug-in: a fixture that checks a gradient and fails with the report.

pytest finds it by itself where adviz is installed; adviz is loaded when a test asks for it.
"""

from __future__ import annotations

from typing import Any, Protocol

import pytest


class AssertGradient(Protocol):
    """What the fixture `assert_gradient` is."""

    def __call__(
        self, function: Any, gradient: Any = None, *, strict: bool = False, **options: Any
    ) -> Any:
        """Check the derivatives of a function, or a gradient of one's own; return the report."""


@pytest.fixture(scope="session")
def assert_gradient() -> AssertGradient:
    """Return a function that checks derivatives and fails the test with the report.

    `assert_gradient(function, gradient, at={"x": 3.0})` takes what `adviz.check` takes, or an
    `adviz.Scenario`, and returns the report. With `strict=True`, derivatives that are
    ill-conditioned, undefined or undecided fail too.
    """
    return _assert_gradient


def _assert_gradient(
    function: Any, gradient: Any = None, *, strict: bool = False, **options: Any
) -> Any:
    __tracebackhide__ = True  # the reader wants the line of the test
    import adviz

    if isinstance(function, adviz.Scenario):
        if gradient is not None or options:
            raise adviz.AdvizError("a scenario brings its own gradient and points")
        report = function.check()
    else:
        report = adviz.check(function, gradient=gradient, **options)
    if report.fails(strict):
        pytest.fail(str(report))
    return report
