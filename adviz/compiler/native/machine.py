"""LLVM: the text of its intermediate representation made machine code, kept on disk for next time.

Needs llvmlite, the extra `adviz-graph[native]`. Object code is stored below the user's cache
folder under a hash of everything it depends on; a cache that is broken, foreign or not writable
costs time and nothing else.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from functools import cache
from itertools import repeat
from typing import Any
from weakref import WeakValueDictionary

from adviz.compiler.native import cached
from adviz.compiler.native.symbols import ALWAYS, addresses
from adviz.errors import AdvizError, needing

_DEFINED = re.compile(r"^define (?!internal)[^@\n]*@([\w.$]+)\(", re.M)
_DECLARED = re.compile(r"^declare [^@\n]*@(?!llvm\.)([\w.$]+)\(", re.M)
SHORT = 250
"""How many lines a text has at most that LLVM looks through for constants and loose ends."""
LONG = 4000
"""From how many lines on LLVM takes the first registers and instructions that will do: its care
costs more than in proportion (0.5 s instead of 0.14 s for 7 000 lines) and gains a fifth."""
TOGETHER = 8
"""How many libraries share an LLJIT, which keeps the tables of each (50 kB) as long as it lives
itself. One of its own for each would take three times the memory, and linking twice the time."""
TIDIED = 16
"""For how many texts one builder of LLVM's passes serves: it keeps 1.5 kB for good, however few
they are, and takes twice the time after some hundreds."""
_LOCK = threading.RLock()
"""LLVM's global context serves one thread at a time."""


class Library:
    """Machine code in memory, for as long as this object lives.

    >>> made = compiled("define double @twice(double %x) {\\n%y = fadd double %x, %x\\n"
    ...                 "ret double %y\\n}")
    >>> import ctypes
    >>> twice = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_double)(made.address("twice"))
    >>> twice(21.0)
    42.0
    """

    def __init__(self, engine: _Engine, tracker: Any, names: list[str]) -> None:
        self._engine, self._tracker, self._names = engine, tracker, names

    def defines(self, name: str) -> bool:
        """Return whether there is a function of this name."""
        return name in self._names

    def address(self, name: str) -> int:
        """Return where a function begins that the text defines."""
        if not self.defines(name):
            raise AdvizError(f"machine code has no function {name!r}; it has {self._names}")
        return int(self._tracker[name])


def compiled(ir: str, long: int = LONG) -> Library:
    """Return the machine code of LLVM IR for this computer's processor.

    A text of `long` lines and more is compiled quickly, with less care.
    Functions that the text declares are looked up in this process, the C library and libmvec.
    Raises AdvizError without llvmlite, and for a text that is not valid.
    """
    with _LOCK:
        engine = _engine()
        quickly = ir.count("\n") >= long
        key = cached.key(ir, "quickly" * quickly, *engine.target)
        library = engine.libraries.get(key)
        if library is None:
            code = cached.read(key)
            if code is None:
                code = engine.translated(ir, quickly)
                cached.write(key, code)
            library = engine.libraries[key] = engine.linked(ir, code)
        return library


def features() -> frozenset[str]:
    """Return what this computer's processor can do, in LLVM's words.

    >>> "no such feature" in features()
    False
    """
    with _LOCK:
        return frozenset(_engine().features)


def free(passes: Any, plain: type) -> None:
    """Free what LLVM has allocated for passes, whichever class of llvmlite's says how.

    Of the two ways to dispose of them that a pass manager inherits, the one of a plain object,
    which frees nothing, may come first; then `close` would keep 57 kB for good.
    """
    kinds = [kind for kind in type(passes).__mro__ if kind is not plain]
    for dispose in [vars(kind)["_dispose"] for kind in kinds if "_dispose" in vars(kind)][:1]:
        dispose(passes)
    passes.detach()


class _Engine:
    """LLVM for the processor it runs on."""

    def __init__(self, binding: Any, version: str) -> None:
        self.binding = binding
        binding.initialize_native_target()
        binding.initialize_native_asmprinter()
        cpu, features = binding.get_host_cpu_name(), binding.get_host_cpu_features()
        self.features = [name for name, there in features.items() if there]
        self.target = (version, binding.get_process_triple(), cpu, features.flatten())
        self.careful, self.quick = self._machine(2), self._machine(0)
        self.linkers, self.builders = self._linkers(), self._builders()
        self.libraries: WeakValueDictionary[str, Library] = WeakValueDictionary()

    def _machine(self, effort: int) -> Any:
        _, triple, cpu, features = self.target
        target = self.binding.Target.from_triple(triple)
        return target.create_target_machine(cpu=cpu, features=features, opt=effort)

    def _linkers(self) -> Iterator[tuple[Any, str]]:
        """Yield for every library what links it, and a name there.

        A linker lives as long as one of its libraries: LLVM's trackers hold it.
        """
        while True:
            linker = self.binding.create_lljit_compiler(self.careful, suppress_errors=True)
            for number in range(TOGETHER):
                yield linker, f"adviz {number}"

    def _builders(self) -> Iterator[Any]:
        """Yield for every text what builds its passes."""
        while True:
            tuning = self.binding.create_pipeline_tuning_options(1)
            tuning.loop_vectorization = tuning.slp_vectorization = tuning.loop_unrolling = False
            yield from repeat(self.binding.create_pass_builder(self.careful, tuning), TIDIED)

    def translated(self, ir: str, quickly: bool = False) -> bytes:
        """Return object code.

        A text has a context of its own: the global one would keep its constants for good.
        """
        try:
            module = self.binding.parse_assembly(ir, self.binding.create_context())
            module.verify()
        except RuntimeError as error:
            raise AdvizError(f"LLVM does not take this text: {error}") from None
        if ir.count("\n") < SHORT:
            self._tidy(module)
        return bytes((self.quick if quickly else self.careful).emit_object(module))

    def _tidy(self, module: Any) -> None:
        """Let LLVM fold constants and put small functions in place, by rules that keep IEEE 754.

        The passes serve once: LLVM takes the inliner out of them as they run, and would miss it.
        """
        builder = next(self.builders)
        passes = builder.getModulePassManager()
        passes.run(module, builder)
        free(passes, self.binding.ffi.ObjectRef)

    def linked(self, ir: str, code: bytes) -> Library:
        """Return object code loaded into memory, its calls directed to their functions."""
        names, wanted = _DEFINED.findall(ir), _DECLARED.findall(ir)
        found = addresses((*ALWAYS, *wanted))
        missing = [name for name in wanted if name not in found]
        if missing:
            raise AdvizError(f"this computer's C libraries have no {', '.join(missing)}")
        builder = self.binding.JITLibraryBuilder().add_object_img(code).add_current_process()
        for name, place in found.items():
            builder.import_symbol(name, place)
        for name in names:
            builder.export_symbol(name)
        try:
            tracker = builder.link(*next(self.linkers))
        except RuntimeError as error:
            raise AdvizError(f"machine code cannot be loaded: {error}") from None
        return Library(self, tracker, names)


@cache
def _engine() -> _Engine:
    with needing("native", "machine code needs llvmlite"):
        import llvmlite
        import llvmlite.binding as binding
    return _Engine(binding, llvmlite.__version__)
