"""Work in chunks, done here or wherever an executor does it: in order, each once, few in flight.

A chunk is asked for under its place in the order, and its result is taken exactly once, whoever
computes it and how often. Dask computes again what a dead worker held. A process pool that lost a
worker is broken for good, so it can only be replaced: by the function that makes pools, if given.
"""

from __future__ import annotations

import itertools
import os
import pickle
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import dataclass, field
from typing import Any

from adviz.errors import AdvizError

Work = Callable[..., Any]
Workers = Any
"""An executor, a function that makes one (such as the class of it), or a Dask client."""

IN_FLIGHT = 32
"""How many chunks are sent and not yet received, unless somebody says otherwise."""
_PATIENCE = 3
"""How often in a row a worker may die and nothing be finished."""


def starmap(
    work: Work,
    chunks: Iterable[tuple[Any, ...]],
    workers: Workers | None = None,
    *,
    what: str = "the function",
    in_flight: int = IN_FLIGHT,
) -> Iterator[Any]:
    """Yield what `work(*chunk)` returns for every chunk, in order, each exactly once.

    Chunks are taken from their iterable only as they are sent, and at most `in_flight` are sent
    and not yet received; what is done is yielded before more is sent. An exception of `work` is
    raised here, when its chunk's turn comes.

    Raises AdvizError, with the number of chunks finished, where workers die and nobody may
    replace them, and for `what` cannot be sent to another process.

    >>> from concurrent.futures import ThreadPoolExecutor
    >>> with ThreadPoolExecutor(2) as pool:
    ...     list(starmap(pow, [(2, 3), (3, 2)], pool))
    [8, 9]
    """
    if workers is None:
        yield from itertools.starmap(work, chunks)
        return
    pool = _Pool(workers, work, what)
    try:
        for chunk in chunks:
            pool.send(chunk)
            while pool.sent and (len(pool.sent) >= in_flight or pool.sent[0][1].done()):
                yield pool.receive()
        while pool.sent:
            yield pool.receive()
    finally:
        pool.dismiss()


class _Pool:
    """Who works, what was sent and not yet received, in order, and how far all is."""

    def __init__(self, workers: Workers, work: Work, what: str) -> None:
        self.work, self.what = work, what
        self.make: Callable[[], Any] | None = workers if _makes(workers) else None
        self.executor = _checked(self.make() if self.make else workers)
        self.sent: deque[tuple[tuple[Any, ...], Future[Outcome]]] = deque()
        self.finished = self.progress = self.deaths = 0

    def send(self, chunk: tuple[Any, ...]) -> None:
        """Submit a chunk; an executor that refuses it is heard when the chunk's turn comes."""
        try:
            future = self.executor.submit(attempted, self.work, *chunk)
        except Exception as error:
            future = Future()
            future.set_exception(error)
        self.sent.append((chunk, future))

    def receive(self) -> Any:
        """Return the result of the oldest chunk."""
        while True:
            try:
                outcome = self.sent[0][1].result()
            except BrokenExecutor as error:
                self._replace(error)
            except Exception as error:
                raise self._failure(error) from error
            else:
                self.sent.popleft()
                self.finished += 1
                return outcome.result()

    def dismiss(self) -> None:
        """Give up what nobody waits for any more, and the executor if it was made here."""
        for _, future in self.sent:
            future.cancel()
        if self.make:
            self.executor.shutdown()

    def _replace(self, error: Exception) -> None:
        """Have a new executor do what the broken one lost; what is done stays done."""
        progress = self.finished + sum(_is_here(future) for _, future in self.sent)
        self.deaths = self.deaths + 1 if progress == self.progress else 1
        self.progress = progress
        if self.make is None or self.deaths > _PATIENCE:
            raise self._died() from error
        self.executor.shutdown(wait=False)
        self.executor = _checked(self.make())
        before, self.sent = self.sent, deque()
        for chunk, future in before:
            if _is_here(future):
                self.sent.append((chunk, future))
            else:
                self.send(chunk)

    def _died(self) -> AdvizError:
        if self.make is None:
            return AdvizError(
                f"a worker died, and its pool with it; {self._far()}. Give a function that makes "
                "pools, such as executor=ProcessPoolExecutor, and the chunks lost are done again"
            )
        return AdvizError(
            f"a worker died {self.deaths} times in a row at the same work; {self._far()}. "
            "Smaller chunks need less memory"
        )

    def _failure(self, error: Exception) -> AdvizError:
        """Return what is to be said when a chunk could not be worked on."""
        if "pickle" in f"{type(error).__name__} {error}".lower():
            return AdvizError(
                f"{self.what} cannot be sent to another process ({error}); define it at the top "
                "level of a module, or use a ThreadPoolExecutor"
            )
        said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        return AdvizError(f"the executor lost a chunk ({said}); {self._far()}")

    def _far(self) -> str:
        chunks = "chunk was" if self.finished == 1 else "chunks were"
        return f"{self.finished} {chunks} finished before"


def _is_here(future: Future[Any]) -> bool:
    """Return whether a chunk's result has come."""
    return future.done() and not future.cancelled() and not future.exception()


def _makes(workers: Workers) -> bool:
    """Return whether this is a function that makes executors, such as the class of one."""
    return callable(workers) and (isinstance(workers, type) or not hasattr(workers, "submit"))


def _checked(workers: Any) -> Executor:
    """Return an executor, that of a Dask client if it is one."""
    found: Executor = workers.get_executor() if hasattr(workers, "get_executor") else workers
    if not hasattr(found, "submit"):
        raise AdvizError(
            f"executor is {type(workers).__name__}; it must be a concurrent.futures.Executor, a "
            "function that makes one, or a dask.distributed.Client"
        )
    return found


# --- on the worker -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outcome:
    """What became of a chunk: a value, or an exception with where it was raised."""

    value: Any = None
    error: Exception | None = None
    trace: str = ""
    process: int = field(default_factory=os.getpid)

    def result(self) -> Any:
        """Return the value or raise the exception; from another process with its traceback."""
        if self.error is None:
            return self.value
        if self.process != os.getpid() and not isinstance(self.error, AdvizError):
            self.error.add_note(f"raised in process {self.process}:\n{self.trace}")
        raise self.error


def attempted(work: Work, *chunk: Any) -> Outcome:
    """Work on a chunk: an exception of the work is a result, and what is raised is the pool's."""
    try:
        return Outcome(work(*chunk))
    except Exception as error:
        return Outcome(trace=traceback.format_exc(), error=portable(error))


def portable(error: Exception) -> Exception:
    """Return an exception that survives pickling; one that does not would break a process pool."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    except Exception:
        said = str(error) if isinstance(error, AdvizError) else f"{type(error).__name__}: {error}"
        return AdvizError(said)
    return error
