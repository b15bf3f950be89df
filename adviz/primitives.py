"""The table of primitives: one row each, its local partials written once and read by everything.

A rule is a formula in the row's arguments, its result `z` and other rows. The one text serves
forward and reverse mode in every number system, derivative graphs of any order, generated code,
the caption on an edge and the documentation. Rules keep their digits where the textbook form
loses them; the comment beside such a rule says where.

Conventions at kinks (Griewank & Walther, *Evaluating Derivatives*, 2nd ed., ch. 14): abs'(0),
relu'(0), sign' and floor' are 0, a tie of min or max is shared half and half, hypot and atan2
have derivative 0 at the origin.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from adviz.errors import GraphError

RESULT = "z"
"""The name of a row's own result in its rules."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Primitive:
    """One elementary function: what it computes, its local partials, and where they hold.

    Only `name`, `args` and `partials` are always given; every other field has the default that
    suits most functions.

    >>> from adviz.primitives import TABLE
    >>> TABLE["mul"].partials
    ('y', 'x')
    """

    name: str
    """The name used in graphs and, unless `symbol` is given, in formulas."""
    args: tuple[str, ...]
    """The names of its arguments in its rules; `c` stands for a condition."""
    partials: tuple[str, ...]
    """One formula per argument; empty for a condition, which has no derivative."""
    symbol: str = ""
    """The operator it is written as, if it is one."""
    label: str = ""
    """What a picture calls it; the name when empty."""
    aliases: tuple[str, ...] = ()
    """Its other usual names in formulas."""
    define: str = ""
    """What it means, as a formula in other rows: the definition SymPy differentiates."""
    stable: str = ""
    """`define` in a form that keeps its digits in floating point, where that differs."""
    domain: str = ""
    """The condition under which it has a value; empty when it always has."""
    needs: str = ""
    """`domain` in words, for an error; made from the condition when empty."""
    lenient: bool = False
    """Whether floating point may give a number outside the domain, so that it must be tested."""
    pole: str = ""
    """The condition under which only its derivative is infinite."""
    kink: str = ""
    """The condition under which its one-sided derivatives differ."""
    piece: str = ""
    """A formula naming the smooth piece: where it is equal at two points, no kink lies between."""
    fold: bool = False
    """Whether more than two arguments fold from the left, as in `max(x, y, z)`."""
    condition: bool = False
    """Whether its result is a condition instead of a number."""
    takes_conditions: bool = False
    """Whether the arguments called `c` and `d` are conditions."""
    needed: tuple[bool | None, ...] = ()
    """Per argument, what the first one must be for it to be needed; None, and left out: always."""
    rational: bool = False
    """Whether rational arguments give a rational result."""
    ulps: float = 1.0
    """The error of one float64 evaluation, in units in the last place; 0 when exact."""
    names: Mapping[str, str] = field(default_factory=dict, hash=False)
    """Its name in a target language, only where that differs from `name`."""

    @property
    def arity(self) -> int:
        """The number of arguments of one application."""
        return len(self.args)

    def is_condition(self, position: int) -> bool:
        """Return whether the argument at `position` is a condition."""
        return self.takes_conditions and self.args[position] in ("c", "d")

    @property
    def chooses(self) -> bool:
        """Whether its result is one of its arguments, the one that its condition lets pass."""
        return bool(self.needed) and not self.condition

    def needed_where(self, position: int) -> bool | None:
        """Return what the first argument must be for another to be needed; None when it always is.

        >>> TABLE["where"].needed_where(2), TABLE["where"].needed_where(0), TABLE["or"].needed
        (False, None, (None, False))
        """
        return self.needed[position] if self.needed else None

    def differentiable(self, position: int) -> bool:
        """Return whether the argument at `position` has a local partial at all."""
        return bool(self.partials[position])


EXACT = {"rational": True, "ulps": 0.0}


def _row(name: str, args: str = "x", *partials: str, **rest: object) -> Primitive:
    """Return one row from aligned text."""
    return Primitive(name=name, args=tuple(args.split()), partials=partials, **rest)  # type: ignore[arg-type]  # rows are checked by tests


def _condition(name: str, symbol: str, sympy: str) -> Primitive:
    """Return a comparison: true or false, with a boundary where its sides are equal."""
    shown = {"symbol": symbol, "piece": f"x {symbol} y", "names": {"sympy": sympy}}
    return _row(name, "x y", "", "", kink="x == y", condition=True, **shown, **EXACT)


ARITHMETIC = {"rational": True, "ulps": 0.5}
UPPER_TIE = "where(x > y, 1, where(x == y, 0.5, 0))"
LOWER_TIE = "where(x < y, 1, where(x == y, 0.5, 0))"
OFF_INTEGERS = {"domain": "x > 0 or x != floor(x)", "needs": "other than 0, -1, -2, …"}

# One aligned line per function is the point of the table.
# fmt: off
_ROWS: tuple[Primitive, ...] = (
    # constants
    _row("pi",    "", label="π", ulps=0.5),
    # arithmetic
    _row("add",   "x y", "1", "1",              symbol="+", fold=True, **ARITHMETIC),
    _row("sub",   "x y", "1", "-1",             symbol="-", **ARITHMETIC),
    _row("mul",   "x y", "y", "x",              symbol="*", fold=True, **ARITHMETIC),
    _row("div",   "x y", "1/y", "-z/y",         symbol="/", domain="y != 0", piece="y > 0", **ARITHMETIC),
    _row("neg",   "x",   "-1",                  symbol="-", **EXACT),
    _row("mod",   "x y", "1", "-(x//y)",        names={"sympy": "Mod"}, symbol="%", domain="y != 0", kink="z == 0", piece="x//y", **ARITHMETIC),
    _row("floordiv", "x y", "0", "0",           symbol="//", domain="y != 0", kink="x % y == 0", piece="z", **ARITHMETIC),
    _row("fmod",  "x y", "1", "-sign(x*y)*(abs(x)//abs(y))", domain="y != 0", kink="z == 0 and x != 0", piece="sign(x)*(abs(x)//abs(y))", **EXACT),
    # powers and roots: a constant exponent has no edge to an input, so its logarithm is never taken
    _row("pow",   "x y", "where(y == 0, 0, y*x**(y - 1))", "where(z == 0, 0, z*log(x))", symbol="**", aliases=("power",),
         domain="x > 0 or x == 0 and y >= 0 or x < 0 and y == floor(y)",
         needs="a positive base, or a whole exponent (>= 0 where the base is 0)", pole="x == 0 and y < 1", rational=True),
    _row("sqrt",  "x",   "0.5/z",               domain="x >= 0", pole="x == 0", ulps=0.5),
    _row("cbrt",  "x",   "1/(3*z**2)",          define="sign(x)*abs(x)**(1/3)", pole="x == 0", ulps=4.0),
    _row("hypot", "x y", "where(z == 0, 0, x/z)", "where(z == 0, 0, y/z)", define="sqrt(x**2 + y**2)", kink="z == 0", fold=True),
    # exponentials and logarithms
    _row("exp",   "x",   "z"),
    _row("exp2",  "x",   "z*log(2)",            define="2**x"),
    _row("expm1", "x",   "exp(x)",              define="exp(x) - 1"),                       # z + 1 is 0 at x = -40
    _row("log",   "x",   "1/x",                 domain="x > 0", aliases=("ln",)),
    _row("log2",  "x",   "1/(x*log(2))",        define="log(x)/log(2)", domain="x > 0"),
    _row("log10", "x",   "1/(x*log(10))",       define="log(x)/log(10)", domain="x > 0", ulps=2.0),
    _row("log1p", "x",   "1/(1 + x)",           define="log(1 + x)", domain="x > -1"),
    _row("logb",  "x b", "1/(x*log(b))", "-z/(b*log(b))", define="log(x)/log(b)", aliases=("log",), label="log",
         lenient=True, domain="x > 0 and b > 0 and b != 1", needs="a positive argument and a positive base other than 1", ulps=3.0),
    _row("logaddexp", "x y", "sigmoid(x - y)", "sigmoid(y - x)", define="log(exp(x) + exp(y))", stable="max(x, y) + log1p(exp(-abs(x - y)))", fold=True, ulps=3.0),
    _row("xlogy", "x y", "log(y)", "x/y",       define="where(x == 0, 0, x*log(y))", lenient=True, domain="y > 0 or x == 0 and y == 0", pole="y == 0", ulps=2.0),
    # trigonometric functions and their inverses
    _row("sin",   "x",   "cos(x)"),
    _row("cos",   "x",   "-sin(x)"),
    _row("tan",   "x",   "1 + z**2", aliases=("tg",)),
    _row("sec",   "x",   "z*tan(x)",            define="1/cos(x)", ulps=2.0),
    _row("csc",   "x",   "-z*cot(x)",           define="1/sin(x)", domain="x != 0", ulps=2.0, aliases=("cosec",)),
    _row("cot",   "x",   "-(1 + z**2)",         define="1/tan(x)", domain="x != 0", ulps=2.0, aliases=("ctg",)),
    _row("asin",  "x",   "1/sqrt((1 - x)*(1 + x))",  domain="-1 <= x <= 1", pole="abs(x) == 1", aliases=("arcsin",)),   # 1 - x**2 cancels near 1
    _row("acos",  "x",   "-1/sqrt((1 - x)*(1 + x))", domain="-1 <= x <= 1", pole="abs(x) == 1", aliases=("arccos",)),
    _row("atan",  "x",   "1/(1 + x**2)",        aliases=("arctan", "arctg")),
    _row("asec",  "x",   "1/(abs(x)*sqrt(abs(x) - 1)*sqrt(abs(x) + 1))",  define="acos(1/x)", stable="atan2(sqrt(abs(x) - 1)*sqrt(abs(x) + 1), sign(x))", domain="abs(x) >= 1", pole="abs(x) == 1", aliases=("arcsec",), ulps=3.0),
    _row("acsc",  "x",   "-1/(abs(x)*sqrt(abs(x) - 1)*sqrt(abs(x) + 1))", define="asin(1/x)", stable="atan2(sign(x), sqrt(abs(x) - 1)*sqrt(abs(x) + 1))", domain="abs(x) >= 1", pole="abs(x) == 1", aliases=("arccsc",), ulps=3.0),
    _row("acot",  "x",   "-1/(1 + x**2)",       define="atan(1/x)", lenient=True, domain="x != 0", aliases=("arccot", "arcctg"), piece="x > 0", ulps=2.0),
    _row("atan2", "y x", "r = hypot(x, y); where(r == 0, 0, x/r/r)", "r = hypot(x, y); where(r == 0, 0, -y/r/r)",       # x**2 + y**2 overflows at 1e200
         aliases=("arctan2",), kink="x == 0 and y == 0", piece="where(x < 0, sign(y), 0)"),
    _row("degrees", "x", "180/pi",              define="x*(180/pi)", aliases=("rad2deg",), ulps=2.0),
    _row("radians", "x", "pi/180",              define="x*(pi/180)", aliases=("deg2rad",), ulps=2.0),
    _row("sinc",  "x",   "-spherical_jn(1, x)", define="where(x == 0, 1, sin(x)/x)", ulps=2.0),            # (cos(x) - z)/x cancels near 0
    # hyperbolic functions and their inverses
    _row("sinh",  "x",   "cosh(x)", ulps=2.0, aliases=("sh",)),
    _row("cosh",  "x",   "sinh(x)", ulps=2.0, aliases=("ch",)),
    _row("tanh",  "x",   "1/cosh(x)**2", ulps=2.0, aliases=("th",)),                                                   # 1 - z**2 is 0 from x = 20 on
    _row("sech",  "x",   "-z*tanh(x)",          define="1/cosh(x)", ulps=2.0),
    _row("csch",  "x",   "-z*coth(x)",          define="1/sinh(x)", domain="x != 0", ulps=2.0),
    _row("coth",  "x",   "-1/sinh(x)**2",       define="1/tanh(x)", domain="x != 0", ulps=3.0),
    _row("asinh", "x",   "1/hypot(1, x)",       aliases=("arcsinh", "arsinh"), ulps=2.0),                      # x**2 overflows at 1e200
    _row("acosh", "x",   "1/(sqrt(x - 1)*sqrt(x + 1))", domain="x >= 1", pole="x == 1", aliases=("arccosh", "arcosh"), ulps=2.0),
    _row("atanh", "x",   "1/((1 - x)*(1 + x))", domain="-1 < x < 1", aliases=("arctanh", "artanh"), ulps=2.0),
    _row("asech", "x",   "-1/(x*sqrt((1 - x)*(1 + x)))", define="acosh(1/x)", stable="asinh(sqrt((1 - x)*(1 + x))/x)", lenient=True, domain="0 < x <= 1", pole="x == 1", aliases=("arcsech",), ulps=3.0),
    _row("acsch", "x",   "-1/(abs(x)*hypot(1, x))", define="asinh(1/x)", domain="x != 0", aliases=("arccsch",), ulps=3.0),
    _row("acoth", "x",   "1/((1 - x)*(1 + x))", define="atanh(1/x)", stable="sign(x)*log1p(2/(abs(x) - 1))/2", domain="abs(x) > 1", aliases=("arccoth",), ulps=3.0),
    # pieces
    _row("abs",   "x",   "sign(x)",             names={"sympy": "Abs"}, kink="x == 0", piece="sign(x)", aliases=("fabs", "absolute"), **EXACT),
    _row("sign",  "x",   "0",                   kink="x == 0", piece="sign(x)", **EXACT, aliases=("sgn", "signum")),
    _row("floor", "x",   "0",                   kink="x == z", piece="z", **EXACT),
    _row("ceil",  "x",   "0",                   names={"sympy": "ceiling"}, kink="x == z", piece="z", **EXACT, aliases=("ceiling",)),
    _row("trunc", "x",   "0",                   kink="x == z and x != 0", piece="z", **EXACT),
    _row("min",   "x y", LOWER_TIE, UPPER_TIE,  names={"sympy": "Min"}, kink="x == y", piece="x < y", fold=True, aliases=("minimum", "fmin"), **EXACT),
    _row("max",   "x y", UPPER_TIE, LOWER_TIE,  names={"sympy": "Max"}, kink="x == y", piece="x < y", fold=True, aliases=("maximum", "fmax"), **EXACT),
    _row("copysign", "x y", "where(x == 0, 0, z/x)", "0", define="where(y < 0, -abs(x), abs(x))", kink="x == 0 or y == 0", piece="sign(x)*sign(y)", **EXACT),
    _row("clip",  "x a b", "where(x < a or x > b, 0, where(x == a or x == b, 0.5, 1))", "where(x < a, 1, where(x == a, 0.5, 0))", "where(x > b, 1, where(x == b, 0.5, 0))",
         define="min(max(x, a), b)", lenient=True, domain="a <= b", needs="a lower bound that is not above the upper one",
         kink="x == a or x == b or a == b", piece="where(x < a, -1, where(x > b, 1, 0))", **EXACT),
    _row("heaviside", "x", "0",                 define="where(x < 0, 0, where(x > 0, 1, 0.5))", kink="x == 0", piece="sign(x)", **EXACT),
    _row("frac",  "x",   "1",                   define="x - floor(x)", kink="z == 0", piece="floor(x)", **ARITHMETIC),
    # conditions, and the choice between two branches
    _condition("lt", "<", "StrictLessThan"), _condition("le", "<=", "LessThan"), _condition("gt", ">", "StrictGreaterThan"),
    _condition("ge", ">=", "GreaterThan"), _condition("eq", "==", "Equality"), _condition("ne", "!=", "Unequality"),
    _row("and",   "c d", "", "",                names={"sympy": "And"}, symbol="and", condition=True, takes_conditions=True, needed=(None, True), fold=True, **EXACT),
    _row("or",    "c d", "", "",                names={"sympy": "Or"}, symbol="or", condition=True, takes_conditions=True, needed=(None, False), fold=True, **EXACT),
    _row("not",   "c",   "",                    names={"sympy": "Not"}, symbol="not", condition=True, takes_conditions=True, **EXACT),
    _row("where", "c x y", "", "1", "1",        names={"sympy": "ITE"}, takes_conditions=True, needed=(None, True, False), piece="c", **EXACT),       # a sweep lets only the taken branch pass
    # special functions
    _row("erf",   "x",   "2/sqrt(pi)*exp(-x**2)"),
    _row("erfc",  "x",   "-2/sqrt(pi)*exp(-x**2)", ulps=3.0),
    _row("ndtr",  "x",   "exp(-x**2/2)/sqrt(2*pi)", define="erfc(-x/sqrt(2))/2", aliases=("normcdf",), label="Φ", ulps=4.0),
    _row("gamma", "x",   "z*digamma(x)",        **OFF_INTEGERS, ulps=12.0),
    _row("lgamma", "x",  "digamma(x)",          **OFF_INTEGERS, names={"sympy": "loggamma"}, aliases=("gammaln", "loggamma"), ulps=12.0),
    _row("digamma", "x", "polygamma(1, x)",     **OFF_INTEGERS, label="ψ"),
    _row("polygamma", "n x", "", "polygamma(n + 1, x)", lenient=True, domain="0 <= n <= 100 and n == floor(n) and (x > 0 or x != floor(x))",
         needs="a whole order from 0 to 100 and an argument other than 0, -1, -2, …", label="ψ"),
    _row("spherical_jn", "n x", "", "where(n == 0, -spherical_jn(1, x), (n*spherical_jn(abs(n - 1), x) - (n + 1)*spherical_jn(n + 1, x))/(2*n + 1))",
         lenient=True, domain="0 <= n <= 100 and n == floor(n)", needs="a whole order from 0 to 100", names={"sympy": "jn"}, label="j"),   # NIST DLMF 10.51.2, free of division by x
    # neural networks and statistics
    _row("relu",  "x",   "where(x > 0, 1, 0)",  define="where(x > 0, x, 0)", kink="x == 0", piece="x > 0", **EXACT),
    _row("leaky_relu", "x a", "where(x > 0, 1, a)", "where(x > 0, 0, x)", define="where(x > 0, x, a*x)", kink="x == 0 and a != 1", piece="x > 0", **ARITHMETIC),
    _row("elu",   "x",   "where(x > 0, 1, exp(x))", define="where(x > 0, x, exp(x) - 1)", stable="where(x > 0, x, expm1(x))", piece="x > 0"),
    _row("sigmoid", "x", "z*sigmoid(-x)",       define="1/(1 + exp(-x))", stable="where(x < 0, exp(x)/(1 + exp(x)), 1/(1 + exp(-x)))",       # 1 - z is 0 at x = 40
         aliases=("expit", "logistic"), label="σ", ulps=3.0),
    _row("logit", "x",   "1/(x*(1 - x))",       define="log(x/(1 - x))", stable="where(abs(x - 0.5) < 0.25, 2*atanh(2*x - 1), log(x/(1 - x)))", domain="0 < x < 1", ulps=2.0),
    _row("logsigmoid", "x", "sigmoid(-x)",      define="-log(1 + exp(-x))", stable="-softplus(-x)", aliases=("log_sigmoid", "log_expit"), ulps=3.0),
    _row("xlog1py", "x y", "log1p(y)", "x/(1 + y)", define="where(x == 0, 0, x*log1p(y))", lenient=True, domain="y > -1 or x == 0 and y == -1", pole="y == -1", ulps=3.0),
    _row("entr",  "x",   "-log(x) - 1",         define="where(x == 0, 0, -x*log(x))", domain="x >= 0", pole="x == 0", ulps=2.0),
    _row("rel_entr", "x y", "log(x) - log(y) + 1", "-x/y", define="where(x == 0, 0, x*log(x/y))",                      # x/y may leave the doubles
         stable="q = x/y; where(x == 0, 0, where(1e-290 < q < 1e290, x*log(q), x*(log(x) - log(y))))", lenient=True, domain="x >= 0 and y > 0", pole="x == 0", ulps=3.0),
    _row("huber", "d r", "where(abs(r) <= d, 0, abs(r) - d)", "where(abs(r) <= d, r, d*sign(r))", define="where(abs(r) <= d, r*r/2, d*(abs(r) - d/2))",
         lenient=True, domain="d >= 0", piece="where(abs(r) <= d, 0, sign(r))", rational=True, ulps=3.0),
    _row("pseudo_huber", "d r", "h = hypot(d, r); t = r*(r/(d + h)); t/h*t", "r*(d/hypot(d, r))", define="d*r**2/(d + sqrt(d**2 + r**2))",  # d**2*(sqrt(1 + (r/d)**2) - 1) cancels
         stable="r*(r/(d + hypot(d, r)))*d", lenient=True, domain="d > 0", ulps=4.0),
    _row("softplus", "x", "sigmoid(x)",         define="log(1 + exp(x))", stable="max(x, 0) + log1p(exp(-abs(x)))", ulps=3.0),
    _row("softsign", "x", "1/(1 + abs(x))**2",  define="x/(1 + abs(x))", piece="x > 0", ulps=2.0),
    _row("silu",  "x",   "sigmoid(x)*(1 + x*sigmoid(-x))", define="x/(1 + exp(-x))", stable="x*sigmoid(x)", aliases=("swish",), ulps=3.0),
    _row("gelu",  "x",   "ndtr(x) + x*exp(-x**2/2)/sqrt(2*pi)", define="x*erfc(-x/sqrt(2))/2", stable="x*ndtr(x)", ulps=12.0),
    _row("mish",  "x",   "t = tanh(softplus(x)); t + x*(1 - t)*(1 + t)*sigmoid(x)", define="x*tanh(log(1 + exp(x)))", stable="x*tanh(softplus(x))", ulps=3.0),
)
# fmt: on


Table = Mapping[str, Primitive]
"""Rows by name."""

TABLE: Table = MappingProxyType({row.name: row for row in _ROWS})
"""Every row that adviz itself brings."""


def spellings(rows: Collection[Primitive]) -> dict[str, tuple[Primitive, ...]]:
    """Return what each function name of a formula may mean, one row per number of arguments.

    Operators are found by their row's name too, as the parser reports them. A row's own name
    comes before another row's alias, so that a user's `swish` may stand beside ours.

    >>> [row.name for row in spellings(TABLE.values())["log"]]
    ['log', 'logb']
    """
    found: dict[str, tuple[Primitive, ...]] = {row.name: (row,) for row in rows}
    for row in rows:
        for alias in row.aliases:
            meant = found.get(alias, ())
            if all(row.arity != other.arity for other in meant):
                found[alias] = (*meant, row)
    return found


def extend(rows: Iterable[Primitive]) -> Table:
    """Return the table with a user's own rows added.

    Raises GraphError when a row would take the name of another one.
    """
    extended = dict(TABLE)
    for row in rows:
        if extended.get(row.name, row) != row:
            raise GraphError(f"a primitive called {row.name!r} exists already; choose another name")
        extended[row.name] = row
    return MappingProxyType(extended) if len(extended) > len(TABLE) else TABLE
