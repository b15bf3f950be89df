"""The rows of elementary functions, conditions and pieces, and of neural networks.

Conventions at kinks (Griewank & Walther, *Evaluating Derivatives*, 2nd ed., ch. 14): abs'(0),
relu'(0), sign' and floor' are 0, a tie of min or max is shared half and half, hypot and atan2
have derivative 0 at the origin.
"""

from __future__ import annotations

from adviz.primitives.row import EXACT, Primitive, row


def _condition(name: str, symbol: str, sympy: str) -> Primitive:
    """Return a comparison: true or false, with a boundary where its sides are equal."""
    shown = {"symbol": symbol, "piece": f"x {symbol} y", "names": {"sympy": sympy}}
    return row(name, "x y", "", "", kink="x == y", condition=True, **shown, **EXACT)


ARITHMETIC = {"rational": True, "ulps": 0.5}
UPPER_TIE = "where(x > y, 1, where(x == y, 0.5, 0))"
LOWER_TIE = "where(x < y, 1, where(x == y, 0.5, 0))"

# One aligned line per function is the point of the table.
# fmt: off
ELEMENTARY: tuple[Primitive, ...] = (
    # constants
    row("pi",    "", label="π", ulps=0.5),
    # arithmetic
    row("add",   "x y", "1", "1",              symbol="+", fold=True, **ARITHMETIC),
    row("sub",   "x y", "1", "-1",             symbol="-", **ARITHMETIC),
    row("mul",   "x y", "y", "x",              symbol="*", fold=True, **ARITHMETIC),
    row("div",   "x y", "1/y", "-z/y",         symbol="/", domain="y != 0", piece="y > 0", **ARITHMETIC),
    row("neg",   "x",   "-1",                  symbol="-", **EXACT),
    row("mod",   "x y", "1", "-(x//y)",        names={"sympy": "Mod"}, symbol="%", domain="y != 0", kink="z == 0", piece="x//y", **ARITHMETIC),
    row("floordiv", "x y", "0", "0",           symbol="//", domain="y != 0", kink="x % y == 0", piece="z", **ARITHMETIC),
    row("fmod",  "x y", "1", "-sign(x)*sign(y)*(abs(x)//abs(y))", domain="y != 0", kink="z == 0 and x != 0", piece="sign(x)*(abs(x)//abs(y))", **EXACT),
    # powers and roots: a constant exponent has no edge to an input, so its logarithm is never taken
    row("pow",   "x y", "where(x == 0 and y == 0, 0, y*x**(y - 1))", "where(x == 0 and y > 0, 0, z*log(x))", symbol="**", aliases=("power",),
         domain="x > 0 or x == 0 and y >= 0 or x < 0 and y == floor(y)",
         needs="a positive base, or a whole exponent (>= 0 where the base is 0)", pole="x == 0 and y < 1", rational=True),
    row("sqrt",  "x",   "0.5/z",               domain="x >= 0", pole="x == 0", ulps=0.5),
    row("cbrt",  "x",   "1/(3*z**2)",          define="sign(x)*abs(x)**(1/3)", pole="x == 0", ulps=4.0),
    row("hypot", "x y", "where(z == 0, 0, x/z)", "where(z == 0, 0, y/z)", define="sqrt(x**2 + y**2)", kink="z == 0", fold=True),
    # exponentials and logarithms
    row("exp",   "x",   "z"),
    row("exp2",  "x",   "z*log(2)",            define="2**x"),
    row("expm1", "x",   "exp(x)",              define="exp(x) - 1"),                       # z + 1 is 0 at x = -40
    row("log",   "x",   "1/x",                 domain="x > 0", aliases=("ln",)),
    row("log2",  "x",   "1/(x*log(2))",        define="log(x)/log(2)", domain="x > 0"),
    row("log10", "x",   "1/x/log(10)",       define="log(x)/log(10)", domain="x > 0", ulps=2.0),
    row("log1p", "x",   "1/(1 + x)",           define="log(1 + x)", domain="x > -1"),
    row("logb",  "x b", "1/x/log(b)", "-z/b/log(b)", define="log(x)/log(b)", aliases=("log",), label="log",
         lenient=True, domain="x > 0 and b > 0 and b != 1", needs="a positive argument and a positive base other than 1", ulps=3.0),
    row("logaddexp", "x y", "sigmoid(x - y)", "sigmoid(y - x)", define="log(exp(x) + exp(y))", stable="max(x, y) + log1p(exp(-abs(x - y)))", fold=True, ulps=3.0),
    row("xlogy", "x y", "log(y)", "x/y",       define="where(x == 0, 0, x*log(y))", lenient=True, domain="y > 0 or x == 0 and y == 0", pole="y == 0", ulps=2.0),
    # trigonometric functions and their inverses
    row("sin",   "x",   "cos(x)"),
    row("cos",   "x",   "-sin(x)"),
    row("tan",   "x",   "1 + z**2", aliases=("tg",)),
    row("sec",   "x",   "z*tan(x)",            define="1/cos(x)", ulps=2.0),
    row("csc",   "x",   "-z*cot(x)",           define="1/sin(x)", domain="x != 0", ulps=2.0, aliases=("cosec",)),
    row("cot",   "x",   "-(1 + z**2)",         define="1/tan(x)", domain="x != 0", ulps=2.0, aliases=("ctg",)),
    row("asin",  "x",   "1/sqrt((1 - x)*(1 + x))",  domain="-1 <= x <= 1", pole="abs(x) == 1", aliases=("arcsin",)),   # 1 - x**2 cancels near 1
    row("acos",  "x",   "-1/sqrt((1 - x)*(1 + x))", domain="-1 <= x <= 1", pole="abs(x) == 1", aliases=("arccos",)),
    row("atan",  "x",   "1/(1 + x**2)",        aliases=("arctan", "arctg")),
    row("asec",  "x",   "1/(abs(x)*sqrt(abs(x) - 1)*sqrt(abs(x) + 1))",  define="acos(1/x)", stable="atan2(sqrt(abs(x) - 1)*sqrt(abs(x) + 1), sign(x))", domain="abs(x) >= 1", pole="abs(x) == 1", aliases=("arcsec",), ulps=3.0),
    row("acsc",  "x",   "-1/(abs(x)*sqrt(abs(x) - 1)*sqrt(abs(x) + 1))", define="asin(1/x)", stable="atan2(sign(x), sqrt(abs(x) - 1)*sqrt(abs(x) + 1))", domain="abs(x) >= 1", pole="abs(x) == 1", aliases=("arccsc",), ulps=3.0),
    row("acot",  "x",   "-1/(1 + x**2)",       define="atan(1/x)", lenient=True, domain="x != 0", aliases=("arccot", "arcctg"), piece="x > 0", ulps=2.0),
    row("atan2", "y x", "r = hypot(x, y); where(r == 0, 0, x/r/r)", "r = hypot(x, y); where(r == 0, 0, -y/r/r)",       # x**2 + y**2 overflows at 1e200
         aliases=("arctan2",), kink="x == 0 and y == 0", piece="where(x < 0, sign(y), 0)"),
    row("degrees", "x", "180/pi",              define="x*(180/pi)", aliases=("rad2deg",), ulps=2.0),
    row("radians", "x", "pi/180",              define="x*(pi/180)", aliases=("deg2rad",), ulps=2.0),
    row("sinc",  "x",   "-spherical_jn(1, x)", define="where(x == 0, 1, sin(x)/x)", ulps=2.0),            # (cos(x) - z)/x cancels near 0
    # hyperbolic functions and their inverses
    row("sinh",  "x",   "cosh(x)", ulps=2.0, aliases=("sh",)),
    row("cosh",  "x",   "sinh(x)", ulps=2.0, aliases=("ch",)),
    row("tanh",  "x",   "(1/cosh(x))**2", ulps=2.0, aliases=("th",)),                                                 # 1 - z**2 is 0 from x = 20 on
    row("sech",  "x",   "-z*tanh(x)",          define="1/cosh(x)", ulps=2.0),
    row("csch",  "x",   "-z*coth(x)",          define="1/sinh(x)", domain="x != 0", ulps=2.0),
    row("coth",  "x",   "-(1/sinh(x))**2",       define="1/tanh(x)", domain="x != 0", ulps=3.0),
    row("asinh", "x",   "1/hypot(1, x)",       aliases=("arcsinh", "arsinh"), ulps=2.0),                      # x**2 overflows at 1e200
    row("acosh", "x",   "1/(sqrt(x - 1)*sqrt(x + 1))", domain="x >= 1", pole="x == 1", aliases=("arccosh", "arcosh"), ulps=2.0),
    row("atanh", "x",   "1/((1 - x)*(1 + x))", domain="-1 < x < 1", aliases=("arctanh", "artanh"), ulps=2.0),
    row("asech", "x",   "-1/(x*sqrt((1 - x)*(1 + x)))", define="acosh(1/x)", stable="asinh(sqrt((1 - x)*(1 + x))/x)", lenient=True, domain="0 < x <= 1", pole="x == 1", aliases=("arcsech",), ulps=3.0),
    row("acsch", "x",   "-1/(abs(x)*hypot(1, x))", define="asinh(1/x)", domain="x != 0", aliases=("arccsch",), ulps=3.0),
    row("acoth", "x",   "1/((1 - x)*(1 + x))", define="atanh(1/x)", stable="sign(x)*log1p(2/(abs(x) - 1))/2", domain="abs(x) > 1", aliases=("arccoth",), ulps=3.0),
    # pieces
    row("abs",   "x",   "sign(x)",             names={"sympy": "Abs"}, kink="x == 0", piece="sign(x)", aliases=("fabs", "absolute"), **EXACT),
    row("sign",  "x",   "0",                   kink="x == 0", piece="sign(x)", **EXACT, aliases=("sgn", "signum")),
    row("floor", "x",   "0",                   kink="x == z", piece="z", **EXACT),
    row("ceil",  "x",   "0",                   names={"sympy": "ceiling"}, kink="x == z", piece="z", **EXACT, aliases=("ceiling",)),
    row("trunc", "x",   "0",                   kink="x == z and x != 0", piece="z", **EXACT),
    row("round", "x",   "0",                   define="where(abs(x - trunc(x)) == 0.5, 2*floor(x/2 + 0.5), where(abs(x - trunc(x)) < 0.5, trunc(x), trunc(x) + sign(x)))",   # half to even
        kink="abs(x - z) == 0.5", piece="z", aliases=("rint",), **EXACT),
    row("min",   "x y", LOWER_TIE, UPPER_TIE,  names={"sympy": "Min"}, kink="x == y", piece="x < y", fold=True, aliases=("minimum", "fmin"), **EXACT),
    row("max",   "x y", UPPER_TIE, LOWER_TIE,  names={"sympy": "Max"}, kink="x == y", piece="x < y", fold=True, aliases=("maximum", "fmax"), **EXACT),
    row("copysign", "x y", "where(x == 0, 0, z/x)", "0", define="where(y < 0, -abs(x), abs(x))", kink="x == 0 or y == 0", piece="sign(x)*sign(y)", **EXACT),
    row("clip",  "x a b", "where(x < a or x > b, 0, where(x == a or x == b, 0.5, 1))", "where(x < a, 1, where(x == a, 0.5, 0))", "where(x > b, 1, where(x == b, 0.5, 0))",
        define="min(max(x, a), b)", lenient=True, domain="a <= b", needs="a lower bound that is not above the upper one",
        kink="x == a or x == b or a == b", piece="where(x < a, -1, where(x > b, 1, 0))", **EXACT),
    row("heaviside", "x", "0",                 define="where(x < 0, 0, where(x > 0, 1, 0.5))", kink="x == 0", piece="sign(x)", **EXACT),
    row("frac",  "x",   "1",                   define="x - floor(x)", kink="z == 0", piece="floor(x)", **ARITHMETIC),
    # conditions, and the choice between two branches
    _condition("lt", "<", "StrictLessThan"), _condition("le", "<=", "LessThan"), _condition("gt", ">", "StrictGreaterThan"),
    _condition("ge", ">=", "GreaterThan"), _condition("eq", "==", "Equality"), _condition("ne", "!=", "Unequality"),
    row("and",   "c d", "", "",                names={"sympy": "And"}, symbol="and", condition=True, takes_conditions=True, needed=(None, True), fold=True, **EXACT),
    row("or",    "c d", "", "",                names={"sympy": "Or"}, symbol="or", condition=True, takes_conditions=True, needed=(None, False), fold=True, **EXACT),
    row("not",   "c",   "",                    names={"sympy": "Not"}, symbol="not", condition=True, takes_conditions=True, **EXACT),
    row("where", "c x y", "", "1", "1",        names={"sympy": "ITE"}, takes_conditions=True, needed=(None, True, False), piece="c", **EXACT),       # a sweep lets only the taken branch pass
    # neural networks and statistics
    row("relu",  "x",   "where(x > 0, 1, 0)",  define="where(x > 0, x, 0)", kink="x == 0", piece="x > 0", **EXACT),
    row("leaky_relu", "x a", "where(x > 0, 1, a)", "where(x > 0, 0, x)", define="where(x > 0, x, a*x)", kink="x == 0 and a != 1", piece="x > 0", **ARITHMETIC),
    row("elu",   "x",   "where(x > 0, 1, exp(x))", define="where(x > 0, x, exp(x) - 1)", stable="where(x > 0, x, expm1(x))", piece="x > 0"),
    row("sigmoid", "x", "z*sigmoid(-x)",       define="1/(1 + exp(-x))", stable="where(x < 0, exp(x)/(1 + exp(x)), 1/(1 + exp(-x)))",       # 1 - z is 0 at x = 40
         aliases=("expit", "logistic"), label="σ", ulps=3.0),
    row("logit", "x",   "1/(x*(1 - x))",       define="log(x/(1 - x))", stable="where(abs(x - 0.5) < 0.25, 2*atanh(2*x - 1), log(x/(1 - x)))", domain="0 < x < 1", ulps=2.0),
    row("logsigmoid", "x", "sigmoid(-x)",      define="-log(1 + exp(-x))", stable="-softplus(-x)", aliases=("log_sigmoid", "log_expit"), ulps=3.0),
    row("xlog1py", "x y", "log1p(y)", "x/(1 + y)", define="where(x == 0, 0, x*log1p(y))", lenient=True, domain="y > -1 or x == 0 and y == -1", pole="y == -1", ulps=3.0),
    row("entr",  "x",   "-log(x) - 1",         define="where(x == 0, 0, -x*log(x))", domain="x >= 0", pole="x == 0", ulps=2.0),
    row("rel_entr", "x y", "q = x/y; where(1e-290 < q < 1e290, log(q), log(x) - log(y)) + 1", "-x/y", define="where(x == 0, 0, x*log(x/y))",                      # x/y may leave the doubles
        stable="q = x/y; where(x == 0, 0, where(1e-290 < q < 1e290, x*log(q), x*(log(x) - log(y))))", lenient=True, domain="x >= 0 and y > 0", pole="x == 0", ulps=3.0),
    row("huber", "d r", "where(abs(r) <= d, 0, abs(r) - d)", "where(abs(r) <= d, r, d*sign(r))", define="where(abs(r) <= d, r*(r/2), d*(abs(r) - d/2))",
        lenient=True, domain="d >= 0", piece="where(abs(r) <= d, 0, sign(r))", rational=True, ulps=3.0),
    row("pseudo_huber", "d r", "q = r/d; s = sqrt(1 + q*q); u = q/(1 + s); p = abs(d/r); t = sqrt(1 + p*p); where(abs(r) < d, u*q*(u*r)/s, abs(r)/(p + t)/(p + t)/t)",   # the larger of d and r may be near the largest double
        "q = r/d; p = d/r; where(abs(r) < d, r/sqrt(1 + q*q), d*sign(r)/sqrt(1 + p*p))", define="d*r**2/(d + sqrt(d**2 + r**2))",  # d**2*(sqrt(1 + (r/d)**2) - 1) cancels
        stable="q = r/d; p = abs(d/r); where(abs(r) < d, r*(r/(1 + sqrt(1 + q*q))), d*(abs(r)/(p + sqrt(1 + p*p))))", lenient=True, domain="d > 0", ulps=4.0),
    row("softplus", "x", "sigmoid(x)",         define="log(1 + exp(x))", stable="max(x, 0) + log1p(exp(-abs(x)))", ulps=3.0),
    row("softsign", "x", "1/(1 + abs(x))**2",  define="x/(1 + abs(x))", piece="x > 0", ulps=2.0),
    row("silu",  "x",   "sigmoid(x)*(1 + x*sigmoid(-x))", define="x/(1 + exp(-x))", stable="x*sigmoid(x)", aliases=("swish",), ulps=3.0),
    row("gelu",  "x",   "ndtr(x) + x*exp(-x**2/2)/sqrt(2*pi)", define="x*erfc(-x/sqrt(2))/2", stable="x*ndtr(x)", ulps=12.0),
    row("mish",  "x",   "t = tanh(softplus(x)); t + x*(1 - t)*(1 + t)*sigmoid(x)", define="x*tanh(log(1 + exp(x)))", stable="x*tanh(softplus(x))", ulps=3.0),
)
# fmt: on
