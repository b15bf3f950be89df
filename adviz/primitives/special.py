"""The rows of special functions (NIST Digital Library of Mathematical Functions, dlmf.nist.gov).

An order stands first and has no derivative: it is a number that does not change.
"""

from __future__ import annotations

from adviz.primitives.row import Primitive, row

OFF_INTEGERS = {"domain": "x > 0 or x != floor(x)", "needs": "other than 0, -1, -2, …"}
WHOLE_ORDER = {"lenient": True, "needs": "a whole order from 0 to 100"}
UPRIGHT = "0 <= n <= 100 and n == floor(n)"
HALVES = "abs(n) <= 100 and 2*n == floor(2*n)"
CYLINDER = {"lenient": True, "domain": f"{HALVES} and (x > 0 or n == floor(n))",
            "needs": "an order from -100 to 100, whole or half, and a positive argument where it is half"}  # fmt: skip
SINGULAR = {"lenient": True, "domain": f"{HALVES} and x > 0",
            "needs": "an order from -100 to 100, whole or half, and a positive argument"}  # fmt: skip
NOT_TOO_FAR = {
    "lenient": True,
    "domain": "x > -1e10",
    "needs": "above -1e10, where the phase still has digits",
}

# One aligned line per function is the point of the table.
# fmt: off
SPECIAL: tuple[Primitive, ...] = (
    # errors, gamma functions
    row("erf",   "x",   "2/sqrt(pi)*exp(-x**2)"),
    row("erfc",  "x",   "-2/sqrt(pi)*exp(-x**2)", ulps=3.0),
    row("ndtr",  "x",   "exp(-x**2/2)/sqrt(2*pi)", define="erfc(-x/sqrt(2))/2", aliases=("normcdf",), label="Φ", ulps=4.0),
    row("erfinv", "x",   "sqrt(pi)/2*exp(z**2)", domain="-1 < x < 1"),                                           # DLMF 7.17.1
    row("gamma", "x",   "z*digamma(x)",        **OFF_INTEGERS, ulps=12.0),
    row("factorial", "x", "z*digamma(x + 1)",   define="gamma(x + 1)", domain="x > -1 or x != floor(x)", needs="other than -1, -2, -3, …", ulps=12.0),
    row("lgamma", "x",  "digamma(x)",          **OFF_INTEGERS, names={"sympy": "loggamma"}, aliases=("gammaln", "loggamma"), ulps=12.0),
    row("digamma", "x", "polygamma(1, x)",     **OFF_INTEGERS, label="ψ"),
    row("polygamma", "n x", "", "polygamma(n + 1, x)", lenient=True, domain="0 <= n <= 100 and n == floor(n) and (x > 0 or x != floor(x))",
         needs="a whole order from 0 to 100 and an argument other than 0, -1, -2, …", label="ψ"),
    row("spherical_jn", "n x", "", "where(n == 0, -spherical_jn(1, x), (n*spherical_jn(abs(n - 1), x) - (n + 1)*spherical_jn(n + 1, x))/(2*n + 1))",
         lenient=True, domain="0 <= n <= 100 and n == floor(n)", needs="a whole order from 0 to 100", names={"sympy": "jn"}, label="j", ulps=24.0),   # NIST DLMF 10.51.2, free of division by x
    # Bessel and Airy functions: DLMF 10.6.1, 10.29.1, 9.2.1
    row("besselj", "n x", "", "(besselj(n - 1, x) - besselj(n + 1, x))/2", **CYLINDER, aliases=("jv",), label="J"),
    row("bessely", "n x", "", "(bessely(n - 1, x) - bessely(n + 1, x))/2", **SINGULAR, aliases=("yv",), label="Y"),
    row("besseli", "n x", "", "(besseli(n - 1, x) + besseli(n + 1, x))/2", **CYLINDER, aliases=("iv",), label="I"),
    row("besselk", "n x", "", "-(besselk(n - 1, x) + besselk(n + 1, x))/2", **SINGULAR, aliases=("kv",), label="K"),
    row("airyai", "x",   "airyaiprime(x)",      **NOT_TOO_FAR, label="Ai"),
    row("airybi", "x",   "airybiprime(x)",      **NOT_TOO_FAR, label="Bi"),
    row("airyaiprime", "x", "x*airyai(x)",      **NOT_TOO_FAR, label="Ai′"),
    row("airybiprime", "x", "x*airybi(x)",      **NOT_TOO_FAR, label="Bi′"),
    # integrals of elementary functions: DLMF 6.2, 8.19.13; and the inverse of x*exp(x): DLMF 4.13
    row("Si",    "x",   "sinc(x)"),
    row("Ci",    "x",   "cos(x)/x",             domain="x > 0"),
    row("Shi",   "x",   "where(x == 0, 1, sinh(x)/x)"),
    row("Chi",   "x",   "cosh(x)/x",            domain="x > 0"),
    row("Ei",    "x",   "exp(x)/x",             domain="x != 0", piece="x > 0", aliases=("expi",)),
    row("li",    "x",   "1/log(x)",             domain="x > 0 and x != 1", piece="x > 1"),
    row("expn",  "n x", "", "where(n == 0, -z*(1 + 1/x), -expn(abs(n - 1), x))", domain=f"{UPRIGHT} and x > 0",
        lenient=True, needs="a whole order from 0 to 100 and a positive argument", names={"sympy": "expint"}, aliases=("expint",), label="E"),
    row("lambertw", "x", "1/(x + exp(z))",      domain="x > -exp(-1)", names={"sympy": "LambertW"}, aliases=("LambertW",), label="W"),   # z/(x*(1 + z)) is 0/0 at 0
    # orthogonal polynomials: DLMF 18.7, 18.9.19-25
    row("legendre", "n x", "", "where(n == 0, 0, gegenbauer(abs(n - 1), 1.5, x))", domain=UPRIGHT, **WHOLE_ORDER, aliases=("eval_legendre",), label="P"),
    row("chebyshevt", "n x", "", "n*chebyshevu(abs(n - 1), x)", domain=UPRIGHT, **WHOLE_ORDER, aliases=("eval_chebyt",), label="T"),
    row("chebyshevu", "n x", "", "where(n == 0, 0, 2*gegenbauer(abs(n - 1), 2, x))", domain=UPRIGHT, **WHOLE_ORDER, aliases=("eval_chebyu",), label="U"),
    row("gegenbauer", "n a x", "", "", "where(n == 0, 0, 2*a*gegenbauer(abs(n - 1), a + 1, x))", domain=f"{UPRIGHT} and a > -0.5",
        lenient=True, needs="a whole order from 0 to 100 and a parameter above -1/2", aliases=("eval_gegenbauer",), label="C"),
    row("hermite", "n x", "", "2*n*hermite(abs(n - 1), x)", domain=UPRIGHT, **WHOLE_ORDER, aliases=("eval_hermite",), label="H"),
    row("laguerre", "n x", "", "where(n == 0, 0, -genlaguerre(abs(n - 1), 1, x))", domain=UPRIGHT, **WHOLE_ORDER, aliases=("eval_laguerre",), label="L"),
    row("genlaguerre", "n a x", "", "", "where(n == 0, 0, -genlaguerre(abs(n - 1), a + 1, x))", domain=f"{UPRIGHT} and a > -1",
        lenient=True, needs="a whole order from 0 to 100 and a parameter above -1", names={"sympy": "assoc_laguerre"}, aliases=("eval_genlaguerre",), label="L"),
)
# fmt: on
