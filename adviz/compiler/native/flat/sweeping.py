"""One point of a tape after another as LLVM's text: inputs, nodes, seeds, edges, results.

What is read is described by an array of addresses and sizes, `FIELDS`; so the text is the same for
all tapes, and is compiled once.
"""

from __future__ import annotations

from adviz.compiler.native.flat.walks import walks

FIELDS = (
    "values carried runs run_count args node_count sources targets factors stretches "
    "stretch_count starts colours start_count ends end_count outputs output_count guards "
    "guard_count inputs kept_count number_count sweep_count given parameters results"
).split()
"""What `points` is told, in this order: the addresses of arrays, and sizes."""


def sweeping() -> str:
    """Return the module; it is the same for all tapes, and calls `values` by its address."""
    return "\n".join([walks(), _point(), _points()])


def _field(place: int, name: str) -> str:
    """Return the instructions that read one field of the tape's description."""
    return (
        f"  %at.{name} = getelementptr i64, ptr %tape, i64 {place}\n"
        f"  %{name} = load i64, ptr %at.{name}, align 8\n"
        f"  %p.{name} = inttoptr i64 %{name} to ptr"
    )


def _each(name: str, before: str, count: str, body: str) -> str:
    """Return a loop over `%name`, entered from block `before`, left into block `name.done`."""
    return f"""\
  br label %{name}.test
{name}.test:
  %{name} = phi i64 [0, %{before}], [%{name}.next, %{name}.end]
  %{name}.more = icmp slt i64 %{name}, {count}
  br i1 %{name}.more, label %{name}.body, label %{name}.done
{name}.body:
{body}  br label %{name}.end
{name}.end:
  %{name}.next = add i64 %{name}, 1
  br label %{name}.test
{name}.done:
"""


def _element(name: str, array: str, index: str, kind: str = "double") -> str:
    """Return the instructions that read one element of an array."""
    return (
        f"  %{name}.at = getelementptr {kind}, ptr {array}, i64 {index}\n"
        f"  %{name} = load {kind}, ptr %{name}.at\n"
    )


def _copied() -> str:
    """Return the instructions that copy one input."""
    return _element("given.in", "%in", "%input") + (
        "  %slot = getelementptr double, ptr %kept, i64 %input\n"
        "  store double %given.in, ptr %slot\n"
    )


def _guarded() -> str:
    """Return the instructions that refuse a point at which a guard fails."""
    return (
        _element("place", "%p.guards", "%guard", "i32")
        + "  %place.long = sext i32 %place to i64\n"
        + _element("truth", "%kept", "%place.long")
        + "  %false = fcmp oeq double %truth, 0.0\n"
        + "  br i1 %false, label %refused, label %guard.end.before\nguard.end.before:\n"
    )


def _valued() -> str:
    """Return the instructions that give one output's value."""
    return (
        _element("output.place", "%p.outputs", "%output", "i32")
        + "  %output.long = sext i32 %output.place to i64\n"
        + _element("value", "%kept", "%output.long")
        + "  %result = getelementptr double, ptr %out, i64 %output\n"
        + "  store double %value, ptr %result\n"
    )


def _seeded() -> str:
    """Return the instructions that give one start its seed in a sweep."""
    return (
        "  %seed.after = add i64 %inputs, %seed\n"
        "  %seed.place = select i1 %is.given, i64 %seed.after, i64 0\n"
        "  %seeds = select i1 %is.given, ptr %in, ptr %numbers\n"
        + _element("given.seed", "%seeds", "%seed.place")
        + _element("colour", "%p.colours", "%seed", "i32")
        + "  %colour.long = sext i32 %colour to i64\n"
        + "  %own = icmp eq i64 %colour.long, %sweep\n"
        + "  %unit = select i1 %own, double 1.0, double 0.0\n"
        + "  %weight = select i1 %is.given, double %given.seed, double %unit\n"
        + _element("start.place", "%p.starts", "%seed", "i32")
        + "  %start.long = sext i32 %start.place to i64\n"
        + _element("start.before", "%numbers", "%start.long")
        + "  %start.sum = fadd double %start.before, %weight\n"
        + "  store double %start.sum, ptr %start.before.at\n"
    )


def _ended() -> str:
    """Return the instructions that give one end's derivative."""
    return (
        _element("end.place", "%p.ends", "%end", "i32")
        + "  %end.long = sext i32 %end.place to i64\n"
        + _element("arrived", "%numbers", "%end.long")
        + "  %end.result = add i64 %first.result, %end\n"
        + "  %to = getelementptr double, ptr %out, i64 %end.result\n"
        + "  store double %arrived, ptr %to\n"
    )


def _swept() -> str:
    """Return the instructions of one sweep: its seeds, its edges, its results."""
    return (
        "  %bytes = shl i64 %number_count, 3\n"
        "  call void @llvm.memset.p0.i64(ptr %numbers, i8 0, i64 %bytes, i1 false)\n"
        + _each("seed", "sweep.body", "%start_count", _seeded())
        + "  call void %p.carried(ptr %numbers, ptr %kept, ptr %p.sources, ptr %p.targets, "
        "ptr %p.factors, ptr %p.stretches, i64 %stretch_count)\n"
        "  %gone = mul i64 %sweep, %end_count\n"
        "  %first.result = add i64 %gone, %output_count\n"
        + _each("end", "seed.done", "%end_count", _ended())
    )


def _point() -> str:
    """Return the function that computes one point and says whether everything is finite.

    A point can be resumed where its nodes are computed.
    """
    fields = "\n".join(_field(place, name) for place, name in enumerate(FIELDS))
    return f"""\
declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)
define internal i1 @point(ptr noalias %tape, ptr noalias %kept, ptr noalias %numbers, \
ptr noalias %in, ptr noalias %out, i64 %resumed) nounwind {{
start:
{fields}
  %is.given = icmp ne i64 %given, 0
  %is.resumed = icmp ne i64 %resumed, 0
  br i1 %is.resumed, label %check, label %begin
begin:
{_each("input", "begin", "%inputs", _copied())}\
  call void %p.values(ptr %kept, ptr %p.runs, i64 %run_count, ptr %p.args, i64 %node_count)
  br label %check
check:
  %computed = call i1 @finite(ptr %kept, i64 %kept_count)
  br i1 %computed, label %checked, label %refused
checked:
{_each("guard", "checked", "%guard_count", _guarded())}\
{_each("output", "guard.done", "%output_count", _valued())}\
{_each("sweep", "output.done", "%sweep_count", _swept())}\
  %good = call i1 @finite(ptr %out, i64 %results)
  ret i1 %good
refused:
  ret i1 false
}}
"""


def _points() -> str:
    """Return the function that computes one point after another, and marks those not finite."""
    body = """\
  %in.offset = mul i64 %k, %parameters
  %out.offset = mul i64 %k, %results
  %in.k = getelementptr double, ptr %in, i64 %in.offset
  %out.k = getelementptr double, ptr %out, i64 %out.offset
  %good = call i1 @point(ptr %tape, ptr %kept, ptr %numbers, ptr %in.k, ptr %out.k, \
i64 %resumed)
  %mark = getelementptr i8, ptr %bad, i64 %k
  %byte = select i1 %good, i8 0, i8 1
  store i8 %byte, ptr %mark
"""
    sizes = "\n".join(
        _field(place, name)
        for place, name in enumerate(FIELDS)
        if name in ("parameters", "results")
    )
    return f"""\
define void @points(ptr noalias %tape, ptr noalias %kept, ptr noalias %numbers, \
ptr noalias %in, ptr noalias %out, ptr noalias %bad, i64 %count, i64 %resumed) nounwind {{
start:
{sizes}
{_each("k", "start", "%count", body)}\
  ret void
}}
"""
