"""Settings of all tests: random ones are reproducible, the order is one, examples have a folder."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

pytest.register_assert_rewrite("laws")

settings.register_profile(
    "adviz",
    deadline=None,
    derandomize=True,
    max_examples=50,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
settings.load_profile("adviz")


class ExamplesInFolder:
    """Runs every documentation example in a temporary folder: some of them save files."""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        if not hasattr(item, "dtest"):
            return (yield)
        before = os.getcwd()  # noqa: PTH109 - given back as it was
        with TemporaryDirectory() as folder:
            os.chdir(folder)
            try:
                return (yield)
            finally:
                os.chdir(before)


def pytest_configure(config: pytest.Config) -> None:
    """Apply it to the examples outside this folder too; machine code is cached in a new folder."""
    config.pluginmanager.register(ExamplesInFolder())
    if not hasattr(config, "workerinput"):  # workers inherit what the first process sets
        cache = TemporaryDirectory(prefix="adviz-cache-")
        config.add_cleanup(cache.cleanup)
        os.environ["XDG_CACHE_HOME"] = cache.name


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Refuse values without an order: every process that collects must name the same tests."""
    for mark in metafunc.definition.iter_markers("parametrize"):
        if isinstance(mark.args[1], (set, frozenset)):
            raise pytest.UsageError(
                f"{metafunc.definition.nodeid} is parametrised over a set: sort it"
            )


def pytest_collection_finish() -> None:
    """Leave forty thousand collected tests out of every garbage collection that is to come."""
    gc.freeze()


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The points at which a formula is tried before it is checked there, as they come."""
    from adviz.checking.points.scout import Scout

    points: list[Any] = []
    judge = Scout.judged

    def counted(self: Scout, point: Any) -> Any:
        points.append(point)
        return judge(self, point)

    monkeypatch.setattr(Scout, "judged", counted)
    return points
