"""Work in chunks, done here or wherever an executor does it: in order, each once, few in flight.

A chunk is asked for under its place in the order, and its result is taken exactly once, whoever
computes it and how often. Dask computes again what a dead worker held. A process pool that lost a
worker is broken for good, so it can only be replaced: by the function that makes pools, if given.
"""

from __future__ import annotations

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


def spread(
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
    ...     list(spread(pow, [(2, 3), (3, 2)], pool))
    [8, 9]
    """
    if workers is None:
        yield from (work(*chunk) for chunk in chunks)
        return
    crew, sent = _Crew(workers, work, what), deque[_Sent]()
    try:
        for chunk in chunks:
            sent.append(crew.send(_Sent(chunk)))
            while sent and (len(sent) >= in_flight or sent[0].future.done()):
                yield crew.receive(sent)
        while sent:
            yield crew.receive(sent)
    finally:
        crew.dismiss(sent)


@dataclass
class _Sent:
    """A chunk on its way."""

    chunk: tuple[Any, ...]
    future: Future[Any] = field(default_factory=Future)

    @property
    def done(self) -> bool:
        """Whether its result is here."""
        return self.future.done() and not self.future.cancelled() and not self.future.exception()


class _Crew:
    """Those who work, and how far they are."""

    def __init__(self, workers: Workers, work: Work, what: str) -> None:
        self.work, self.what = work, what
        self.make: Callable[[], Any] | None = workers if _makes(workers) else None
        self.pool: Executor = _checked(self.make() if self.make else workers)
        self.finished = self.progress = self.deaths = 0

    def send(self, one: _Sent) -> _Sent:
        """Submit a chunk; a pool that refuses it is heard when the chunk's turn comes."""
        try:
            one.future = self.pool.submit(attempted, self.work, *one.chunk)
        except Exception as error:
            one.future = Future()
            one.future.set_exception(error)
        return one

    def receive(self, sent: deque[_Sent]) -> Any:
        """Return the result of the oldest chunk."""
        while True:
            try:
                outcome: Outcome = sent[0].future.result()
            except BrokenExecutor as error:
                self._replace(sent, error)
            except Exception as error:
                raise self._failure(error) from error
            else:
                sent.popleft()
                self.finished += 1
                return outcome.result()

    def dismiss(self, sent: Iterable[_Sent]) -> None:
        """Give up what nobody waits for any more, and the pool if it was made here."""
        for one in sent:
            one.future.cancel()
        if self.make:
            self.pool.shutdown()

    def _replace(self, sent: deque[_Sent], error: Exception) -> None:
        """Have a new pool do what the broken one lost; what is done stays done."""
        progress = self.finished + sum(one.done for one in sent)
        self.deaths = self.deaths + 1 if progress == self.progress else 1
        self.progress = progress
        if self.make is None or self.deaths > _PATIENCE:
            raise self._died() from error
        self.pool.shutdown(wait=False)
        self.pool = _checked(self.make())
        for one in [one for one in sent if not one.done]:
            self.send(one)

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
