/* The rows of adviz's table that C's math.h lacks or rounds otherwise than Python does. A paragraph
   is a definition; a program brings along those it uses. Beside each special function stands the
   largest error in units in the last place that was measured against 50 digits (glibc 2.36); what
   tests/test_languages.py measures again must not be larger than the row says. */

static double signum(double x) {
    return x > 0.0 ? 1.0 : x < 0.0 ? -1.0 : x - x;
}

static double minimum(double x, double y) {
    return y < x || y != y ? y : x;
}

static double maximum(double x, double y) {
    return y > x || y != y ? y : x;
}

/* The remainder of a division to the floor; it has the sign of y. */
static double modulo(double x, double y) {
    double rest = fmod(x, y);
    return rest == 0.0 ? copysign(0.0, y) : (rest < 0.0) != (y < 0.0) ? rest + y : rest;
}

static double floordiv(double x, double y) {
    if (y == 0.0 || x - x != 0.0) return NAN;
    double rest = fmod(x, y), whole = (x - rest) / y;
    if (rest != 0.0 && (rest < 0.0) != (y < 0.0)) whole -= 1.0;
    if (whole == 0.0) return copysign(0.0, x / y);
    double down = floor(whole);
    return whole - down > 0.5 ? down + 1.0 : down;
}

/* Numbers of 106 bits: unevaluated sums. Dekker 1971, Numerische Mathematik 18; Hida, Li, Bailey
   2001, Algorithms for quad-double precision floating point arithmetic. The second argument of
   dd_times and dd_over is a plain number. */
typedef struct {
    double high, low;
} DD;

static DD dd(double high, double low) {
    DD made = {high, low};
    return made;
}

static DD two_sum(double a, double b) {
    double high = a + b, rest = high - a;
    return dd(high, (a - (high - rest)) + (b - rest));
}

static DD two_product(double a, double b) {
    double high = a * b;
    return dd(high, fma(a, b, -high));
}

static DD dd_join(double high, double low) {
    double whole = high + low;
    return dd(whole, low - (whole - high));
}

static DD dd_add(DD x, DD y) {
    DD high = two_sum(x.high, y.high), low = two_sum(x.low, y.low);
    DD whole = dd_join(high.high, high.low + low.high);
    return dd_join(whole.high, whole.low + low.low);
}

static DD dd_sub(DD x, DD y) {
    return dd_add(x, dd(-y.high, -y.low));
}

static DD dd_mul(DD x, DD y) {
    DD high = two_product(x.high, y.high);
    return dd_join(high.high, high.low + (x.high * y.low + x.low * y.high));
}

static DD dd_times(DD x, double a) {
    DD high = two_product(x.high, a);
    return dd_join(high.high, high.low + x.low * a);
}

static DD dd_over(DD x, double a) {
    double first = x.high / a;
    DD taken = two_product(first, a);
    return dd_join(first, ((x.high - taken.high) - taken.low + x.low) / a);
}

static DD dd_div(DD x, DD y) {
    double first = x.high / y.high;
    DD rest = dd_sub(x, dd_times(y, first));
    return dd_join(first, rest.high / y.high);
}

static DD dd_pow(DD x, int n) {
    DD result = dd(1.0, 0.0);
    for (DD square = x; n > 0; n /= 2, square = dd_mul(square, square)) {
        if (n % 2 == 1) result = dd_mul(result, square);
    }
    return result;
}

/* The whole n for which x / 2**n lies about 1. */
static int exponent_of(double x) {
    return (int)round(log2(x));
}

static DD dd_scale(DD x, int n) {
    return dd(ldexp(x.high, n), ldexp(x.low, n));
}

/* log(x) = n*log(2) + 2*atanh((m - 1)/(m + 1)), its series: NIST DLMF 4.6.4. */
static DD dd_log(DD x) {
    int n = exponent_of(x.high);
    DD one = dd(1.0, 0.0), m = dd_scale(x, -n);
    DD t = dd_div(dd_sub(m, one), dd_add(m, one)), square = dd_mul(t, t), series = dd(0.0, 0.0);
    for (int k = 45; k > 0; k -= 2) series = dd_add(dd_mul(series, square), dd_over(one, k));
    DD near = dd_mul(dd(2.0 * t.high, 2.0 * t.low), series);
    return dd_add(dd_times(dd(0.6931471805599453, 2.3190468138462996e-17), n), near);
}

/* B2, B4, ... as fractions: NIST DLMF table 24.2.1. */
static const double BERNOULLI[15][2] = {
    {1.0, 6.0}, {-1.0, 30.0}, {1.0, 42.0}, {-1.0, 30.0}, {5.0, 66.0}, {-691.0, 2730.0},
    {7.0, 6.0}, {-3617.0, 510.0}, {43867.0, 798.0}, {-174611.0, 330.0}, {854513.0, 138.0},
    {-236364091.0, 2730.0}, {8553103.0, 6.0}, {-23749461029.0, 870.0},
    {8615841276005.0, 14322.0},
};

/* What remains of a sum of t**-s, (t + 1)**-s, ... beyond its integral, times t**s, by Euler and
   Maclaurin: NIST DLMF 2.10.1. Holds for t > 20 + s. */
static DD euler_maclaurin(int s, DD t) {
    DD inverse = dd_div(dd(1.0, 0.0), t), square = dd_mul(inverse, inverse);
    DD total = dd(0.5, 0.0), term = dd_times(inverse, s / 2.0);
    for (int k = 0; k < 15; k += 1) {
        const double *b = BERNOULLI[k];
        total = dd_add(total, dd_over(dd_times(term, b[0]), b[1]));
        double next = (s + 2.0 * k + 1.0) * (s + 2.0 * k + 2.0);
        term = dd_times(dd_mul(term, square), next);
        term = dd_over(term, (2.0 * k + 3.0) * (2.0 * k + 4.0));
    }
    return total;
}

/* The sum of (c/(a + k))**s over k = 0, 1, ...: c**s times Hurwitz's zeta function. */
static DD hurwitz(int s, DD a, DD c) {
    DD total = dd(0.0, 0.0), t = a;
    for (; t.high < 20.0 + s; t = dd_add(t, dd(1.0, 0.0))) {
        DD term = dd_pow(dd_div(c, t), s);
        total = dd_add(total, term);
        if (term.high * t.high < 1e-34 * total.high) return total;
    }
    DD tail = dd_add(dd_over(t, s - 1.0), euler_maclaurin(s, t));
    return dd_add(total, dd_mul(dd_pow(dd_div(c, t), s), tail));
}

/* Digamma for a > 0: the recurrence upwards, then NIST DLMF 5.11.2. */
static DD dd_digamma(DD a) {
    DD total = dd(0.0, 0.0), one = dd(1.0, 0.0), t = a;
    for (; t.high < 21.0; t = dd_add(t, one)) total = dd_add(total, dd_div(one, t));
    return dd_sub(dd_sub(dd_log(t), dd_div(euler_maclaurin(1, t), t)), total);
}

/* Measured: 0.51 ulps; 22 at the double next to a zero. Below zero by reflection, NIST DLMF
   5.5.4, whose cotangent is itself a difference of two digammas. */
static double digamma(double x) {
    if (x > 1e30) return log(x);
    if (fabs(x) < 1e-30) return x == 0.0 ? NAN : -1.0 / x;
    if (x > 0.0) return dd_digamma(dd(x, 0.0)).high;
    double whole = floor(x);
    if (!(x - whole > 0.0)) return NAN;
    DD above = two_sum(x, -whole), below = two_sum(whole + 1.0, -x);
    return dd_add(dd_sub(dd_digamma(above), dd_digamma(below)), dd_digamma(two_sum(1.0, -x))).high;
}

/* n! c**-s z, where neither overflow nor underflow on the way may count. */
static double factorial_over(int n, DD z, DD c, int s) {
    int exponent = exponent_of(c.high);
    for (int k = 2; k <= n; k += 1) z = dd_times(z, k);
    return ldexp(dd_div(z, dd_pow(dd_scale(c, -exponent), s)).high, -s * exponent);
}

/* Measured: 0.5 ulps; next to a zero as far from the truth as x being off by an ulp. NIST DLMF
   5.15.1 says that it is Hurwitz's zeta function; below zero the sum's negative terms are those of
   1 - fraction that do not belong to 1 - x. */
static double polygamma(double order, double x) {
    if (order == 0.0) return digamma(x);
    if (!(order > 0.0 && order <= 120.0 && order == floor(order)) || x != x) return NAN;
    int n = (int)order, s = n + 1;
    double odd = n % 2 == 1 ? 1.0 : -1.0, whole = floor(x);
    DD one = dd(1.0, 0.0), self = dd(x, 0.0);
    if (x > 1e30) return x - x != 0.0 ? 0.0 : odd * factorial_over(n - 1, one, self, n);
    if (x > 0.0) return odd * factorial_over(n, hurwitz(s, self, self), self, s);
    if (!(x - whole > 0.0)) return NAN;
    DD above = two_sum(x, -whole), below = two_sum(whole + 1.0, -x);
    DD unit = above.high < below.high ? above : below;
    DD beyond = dd_sub(hurwitz(s, below, unit), hurwitz(s, two_sum(1.0, -x), unit));
    DD total = dd_add(hurwitz(s, above, unit), dd(odd * beyond.high, odd * beyond.low));
    return odd * factorial_over(n, total, unit, s);
}

/* Measured: 2.5 ulps. What rounding takes from the argument -x/sqrt(2) is put back to first order:
   in the tail it counts. */
static double ndtr(double x) {
    double t = -x * 0.7071067811865476;
    if (!(x > -60.0 && x < 60.0)) return erfc(t) / 2.0;
    double low = fma(-x, 0.7071067811865476, -t) + x * 4.833646656726457e-17;
    return erfc(t) / 2.0 - exp(-t * t) * 0.5641895835477563 * low;
}

/* Sine and cosine: the argument less a multiple of pi/2 in three parts, then Maclaurin's series.
   Beyond a million the library's own digits must do. */
static void sine_and_cosine(double x, DD result[2]) {
    static const double PARTS[3] = {
        1.5707963267948966, 6.123233995736766e-17, -1.4973849048591698e-33,
    };
    result[0] = dd(sin(x), 0.0), result[1] = dd(cos(x), 0.0);
    if (x > 1e6) return;
    double turns = round(x / PARTS[0]);
    DD one = dd(1.0, 0.0), rest = dd(x, 0.0), s = dd(0.0, 0.0), c = s;
    for (int k = 0; k < 3; k += 1) rest = dd_sub(rest, two_product(turns, PARTS[k]));
    DD square = dd_mul(rest, rest);
    for (int k = 28; k > 0; k -= 2) {
        s = dd_over(dd_mul(dd_add(one, s), square), -k * (k + 1.0));
        c = dd_over(dd_mul(dd_add(one, c), square), -k * (k - 1.0));
    }
    result[0] = dd_mul(dd_add(one, s), rest), result[1] = dd_add(one, c);
    for (int k = (int)fmod(turns, 4.0); k > 0; k -= 1) {
        DD sine = result[0];
        result[0] = result[1], result[1] = dd(-sine.high, -sine.low);
    }
}

/* The power series, NIST DLMF 10.53.1; up to 20 its alternating sum loses less digits than it
   has. */
static double bessel_series(int n, double x) {
    int exponent = x == 0.0 ? 0 : exponent_of(x);
    double m = ldexp(x, -exponent);
    DD half = dd_over(two_product(x, x), -2.0);
    DD total = dd(1.0, 0.0), term = total, factor = total;
    for (int k = 1; fabs(term.high) > 1e-33 * fabs(total.high); k += 1) {
        term = dd_over(dd_mul(term, half), k * (2.0 * n + 2.0 * k + 1.0));
        total = dd_add(total, term);
    }
    for (int k = 1; k <= n; k += 1) factor = dd_over(dd_times(factor, m), 2.0 * k + 1.0);
    return ldexp(dd_mul(total, factor).high, n * exponent);
}

/* The recurrence NIST DLMF 10.51.1 from one order to another, upwards or downwards; `before` is
   of the order before the first. */
static void bessel_steps(DD *before, DD *value, int from, int to, double x) {
    int step = from < to ? 1 : -1;
    for (int k = from; k != to; k += step) {
        DD next = dd_sub(dd_over(dd_times(*value, 2.0 * k + 1.0), x), *before);
        *before = *value, *value = next;
    }
}

/* Miller's algorithm for orders beyond x, NIST DLMF 3.6(iii): downwards from zeros, where the
   recurrence is stable, and scaled by the larger of orders 0 and 1. */
static double bessel_down(int n, double x, DD zero, DD one) {
    DD above = dd(0.0, 0.0), value = dd(1e-250, 0.0);
    bessel_steps(&above, &value, n + 80, n, x);
    DD first = above, last = value;
    bessel_steps(&first, &last, n, 0, x);
    DD scale = fabs(zero.high) > fabs(one.high) ? dd_div(zero, last) : dd_div(one, first);
    return dd_mul(value, scale).high;
}

/* Measured: 0.5 ulps up to a million, then as far from the truth as x being off by an ulp. From
   zero up to the order x the recurrence is stable. */
static double spherical_jn(double order, double x) {
    if (!(order >= 0.0 && order <= 120.0 && order == floor(order)) || x - x != 0.0) return NAN;
    if (x < 0.0) return (fmod(order, 2.0) == 1.0 ? -1.0 : 1.0) * spherical_jn(order, -x);
    int n = (int)order;
    if (x < 20.0) return bessel_series(n, x);
    DD wave[2];
    sine_and_cosine(x, wave);
    DD below = dd_over(wave[1], x), value = dd_over(wave[0], x);
    if (n <= x) {
        bessel_steps(&below, &value, 0, n, x);
        return value.high;
    }
    DD zero = value;
    bessel_steps(&below, &value, 0, 1, x);
    return bessel_down(n, x, zero, value);
}
