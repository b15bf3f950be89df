"""Programs that differentiate: a graph's derivative as straight-line code, in several languages.

A graph becomes a `Program` (`program`), which `languages` print, `blocks` runs on arrays and `llvm`
writes for the machine; a large graph becomes a `flat` tape. What runs is an `Executable`.
"""
