"""Walks over the arrays of a tape as LLVM's text: along edges and up levels."""

from __future__ import annotations

from adviz.compiler.native.finite import FINITE

AHEAD = 64
"""How many edges ahead numbers are fetched that may not be in the cache."""


def walks() -> str:
    """Return `near` and `far`, the loop over the edges, `levels` and `finite`."""
    return "\n".join([_carried("near"), _carried("far", _FETCHED), _LEVELS, FINITE])


def _carried(name: str, fetched: str = "") -> str:
    """Return the loop numbers[targets[e]] += numbers[sources[e]]*kept[factors[e]] over edges e."""
    return f"""\
define void @{name}(ptr noalias %numbers, ptr noalias %kept, ptr noalias %sources, \
ptr noalias %targets, ptr noalias %factors, i64 %count) nounwind {{
  %none = icmp eq i64 %count, 0
  br i1 %none, label %out, label %edge
edge:
  %e = phi i64 [0, %0], [%next, %edge]
{fetched}\
  %at.source = getelementptr i32, ptr %sources, i64 %e
  %at.target = getelementptr i32, ptr %targets, i64 %e
  %at.factor = getelementptr i32, ptr %factors, i64 %e
  %source = load i32, ptr %at.source, align 4
  %target = load i32, ptr %at.target, align 4
  %factor = load i32, ptr %at.factor, align 4
  %from = getelementptr double, ptr %numbers, i32 %source
  %to = getelementptr double, ptr %numbers, i32 %target
  %by = getelementptr double, ptr %kept, i32 %factor
  %incoming = load double, ptr %from, align 8
  %partial = load double, ptr %by, align 8
  %before = load double, ptr %to, align 8
  %product = fmul double %incoming, %partial
  %sum = fadd double %before, %product
  store double %sum, ptr %to, align 8
  %next = add i64 %e, 1
  %more = icmp slt i64 %next, %count
  br i1 %more, label %edge, label %out
out:
  ret void
}}
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
