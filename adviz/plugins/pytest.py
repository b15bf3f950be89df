"""The pytest plug-in: a fixture that checks a gradient, and folders of figures that are verified.

pytest finds it by itself where adviz is installed; adviz is loaded when a test asks for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest

_FIGURES = "adviz_figures"
"""The folders of figures, as the command line and the configuration call them."""


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


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take `--adviz-figures FOLDER`, and `adviz_figures` of the configuration."""
    told = "verify the figures that adviz has saved in this folder; can be given several times"
    parser.getgroup("adviz").addoption(
        "--adviz-figures", action="append", default=[], metavar="FOLDER", dest=_FIGURES, help=told
    )
    parser.addini(_FIGURES, "folders of figures that adviz has saved, each verified", "paths", [])


def pytest_configure(config: pytest.Config) -> None:
    """Look into the folders of figures; into those of the configuration where nothing is named."""
    if config.args_source is config.ArgsSource.ARGS and not config.getoption(_FIGURES):
        return
    config.args += [str(folder) for folder in _folders(config) if str(folder) not in config.args]


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Take a file in a folder of figures as one of them, if it may carry a record."""
    if not any(folder in file_path.parents for folder in _folders(parent.config)):
        return None
    from adviz.render.provenance.carriers import carrier_of

    known = carrier_of(file_path.suffix) is not None
    return Figure.from_parent(parent, path=file_path) if known else None


def _folders(config: pytest.Config) -> list[Path]:
    """Return the folders of figures: those of the command line, else those of the configuration."""
    given = [Path(one) for one in config.getoption(_FIGURES)]
    return [config.invocation_params.dir / one for one in given] or config.getini(_FIGURES)


class Figure(pytest.File):
    """A figure, of which one thing is tested."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield the test."""
        yield StillTrue.from_parent(self, name="still true")


class StillTrue(pytest.Item):
    """The test that the numbers in a figure are still true; skipped where nobody can know."""

    def runtest(self) -> None:
        """Verify the figure."""
        import adviz

        found = adviz.verify(self.path)
        if found.fails():
            raise adviz.AdvizError(str(found))
        if found.verdict == "no record":
            pytest.skip(found.why)

    def repr_failure(self, excinfo: Any, style: Any = None) -> Any:
        """Return what is said of the figure; nobody wants the lines of adviz."""
        import adviz

        said = isinstance(excinfo.value, adviz.AdvizError)
        return str(excinfo.value) if said else super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, None, str]:
        """Return where the test is."""
        return self.path, None, f"{self.path.name} is still true"
