"""Walks over the arrays of a tape as LLVM's text: along edges and up levels."""

from __future__ import annotations

from adviz.compiler.native.finite import FINITE

AHEAD = 64
"""How many edges ahead numbers are fetched that may not be in the cache."""
WIDE = 8
"""How many edges of a stretch are taken at once; LLVM halves what is too wide for a processor."""


def walks() -> str:
    """Return `near` and `far`, the loop over the edges, `levels` and `finite`."""
    return "\n".join([_carried("near"), _carried("far", _FETCHED), _LEVELS, FINITE])


def _carried(name: str, fetched: str = "") -> str:
    """Return the loop numbers[targets[e]] += numbers[sources[e]]*kept[factors[e]] over edges e.

    After some edges comes a stretch of them, with one source and side by side otherwise, and so on:
    a stretch is the end of the edges before it, its source, target, factor and length.
    """
    return f"""\
define void @{name}(ptr noalias %numbers, ptr noalias %kept, ptr noalias %sources, \
ptr noalias %targets, ptr noalias %factors, ptr noalias %stretches, i64 %count) nounwind {{
  br label %part
part:
  %part.number = phi i64 [0, %0], [%part.next, %done]
  %first = phi i64 [0, %0], [%stop, %done]
  %record = getelementptr [5 x i32], ptr %stretches, i64 %part.number
{"".join(_read(place, field) for place, field in enumerate(_STRETCH))}\
  %from.one = getelementptr double, ptr %numbers, i64 %one
  %to.first = getelementptr double, ptr %numbers, i64 %to
  %by.first = getelementptr double, ptr %kept, i64 %by
  %none = icmp eq i64 %first, %stop
  br i1 %none, label %stretch, label %edge
{_edge(fetched)}\
{_stretch()}\
done:
  %part.next = add i64 %part.number, 1
  %others = icmp slt i64 %part.next, %count
  br i1 %others, label %part, label %out
out:
  ret void
}}
"""


def _edge(fetched: str) -> str:
    """Return the loop over the edges before a stretch, which ends in block `stretch`."""
    return f"""\
edge:
  %e = phi i64 [%first, %part], [%next, %edge]
{fetched}\
  %at.source = getelementptr i32, ptr %sources, i64 %e
  %at.target = getelementptr i32, ptr %targets, i64 %e
  %at.factor = getelementptr i32, ptr %factors, i64 %e
  %source = load i32, ptr %at.source, align 4
  %target = load i32, ptr %at.target, align 4
  %factor = load i32, ptr %at.factor, align 4
  %edge.from = getelementptr double, ptr %numbers, i32 %source
  %edge.to = getelementptr double, ptr %numbers, i32 %target
  %edge.by = getelementptr double, ptr %kept, i32 %factor
  %incoming = load double, ptr %edge.from, align 8
  %partial = load double, ptr %edge.by, align 8
  %before = load double, ptr %edge.to, align 8
  %product = fmul double %incoming, %partial
  %sum = fadd double %before, %product
  store double %sum, ptr %edge.to, align 8
  %next = add i64 %e, 1
  %more = icmp slt i64 %next, %stop
  br i1 %more, label %edge, label %stretch
"""


def _stretch() -> str:
    """Return the loops over a stretch, many edges at once and then the rest, up to block `done`."""
    return f"""\
stretch:
  %all = load double, ptr %from.one, align 8
  %whole = and i64 %length, -{WIDE}
{_side_by_side("wide", "stretch", "0", "whole", WIDE)}\
{_side_by_side("narrow", "wide.done", "%whole", "length", 1)}\
  br label %done
"""


_STRETCH = ("stop", "one", "to", "by", "length")


def _read(place: int, field: str) -> str:
    """Return the instructions that read one field of a stretch."""
    return f"""\
  %at.{field} = getelementptr i32, ptr %record, i64 {place}
  %short.{field} = load i32, ptr %at.{field}, align 4
  %{field} = sext i32 %short.{field} to i64
"""


def _side_by_side(name: str, before: str, start: str, stop: str, width: int) -> str:
    """Return the loop over a stretch, so many edges at once, from block `before` to `name`."""
    kind = "double" if width == 1 else f"<{width} x double>"
    spread = "%all" if width == 1 else f"%all.{name}"
    return f"""\
{_spread(name, width)}\
  br label %{name}
{name}:
  %k.{name} = phi i64 [{start}, %{before}], [%next.{name}, %{name}.step]
  %more.{name} = icmp slt i64 %k.{name}, %{stop}
  br i1 %more.{name}, label %{name}.step, label %{name}.done
{name}.step:
  %to.{name} = getelementptr double, ptr %to.first, i64 %k.{name}
  %by.{name} = getelementptr double, ptr %by.first, i64 %k.{name}
  %before.{name} = load {kind}, ptr %to.{name}, align 8
  %partial.{name} = load {kind}, ptr %by.{name}, align 8
  %product.{name} = fmul {kind} {spread}, %partial.{name}
  %sum.{name} = fadd {kind} %before.{name}, %product.{name}
  store {kind} %sum.{name}, ptr %to.{name}, align 8
  %next.{name} = add i64 %k.{name}, {width}
  br label %{name}
{name}.done:
"""


def _spread(name: str, width: int) -> str:
    """Return the instructions that repeat what a stretch carries, as often as edges are taken."""
    if width == 1:
        return ""
    kind = f"<{width} x double>"
    return f"""\
  %one.{name} = insertelement {kind} poison, double %all, i64 0
  %all.{name} = shufflevector {kind} %one.{name}, {kind} poison, <{width} x i32> zeroinitializer
"""


def _fetched(places: str, numbers: str) -> str:
    """Return the instructions that fetch what an edge further on needs."""
    return f"""\
  %far.{places} = getelementptr i32, ptr %{places}, i64 %ahead
  %place.{places} = load i32, ptr %far.{places}, align 4
  %there.{places} = getelementptr double, ptr %{numbers}, i32 %place.{places}
  call void @llvm.prefetch.p0(ptr %there.{places}, i32 0, i32 3, i32 1)
"""


_FETCHED = (
    f"  %ahead = add i64 %e, {AHEAD}\n{_fetched('targets', 'numbers')}{_fetched('factors', 'kept')}"
)

_LEVELS = """\
declare void @llvm.prefetch.p0(ptr, i32, i32, i32)
; levels[leaves + k] = 1 + the highest level among node k's arguments
define void @levels(ptr noalias %args, ptr noalias %levels, i64 %count, i64 %width, i64 %leaves) \
nounwind {
  %none = icmp eq i64 %count, 0
  br i1 %none, label %out, label %node
node:
  %k = phi i64 [0, %0], [%next, %done]
  %row = mul i64 %k, %width
  br label %argument
argument:
  %column = phi i64 [0, %node], [%following, %argument]
  %before = phi i32 [0, %node], [%highest, %argument]
  %place = add i64 %row, %column
  %at = getelementptr i32, ptr %args, i64 %place
  %tail = load i32, ptr %at, align 4
  %below = getelementptr i32, ptr %levels, i64 0
  %of = getelementptr i32, ptr %below, i32 %tail
  %level = load i32, ptr %of, align 4
  %higher = icmp sgt i32 %level, %before
  %highest = select i1 %higher, i32 %level, i32 %before
  %following = add i64 %column, 1
  %again = icmp slt i64 %following, %width
  br i1 %again, label %argument, label %done
done:
  %own = add i64 %leaves, %k
  %to = getelementptr i32, ptr %levels, i64 %own
  %above = add i32 %highest, 1
  store i32 %above, ptr %to, align 4
  %next = add i64 %k, 1
  %more = icmp slt i64 %next, %count
  br i1 %more, label %node, label %out
out:
  ret void
}
"""
