"""The pytest plug-in: it is there, it loads little, and a failed test shows the report."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import entry_points

import numpy  # noqa: F401 - here, for pytester forgets what a run has loaded, and NumPy loads once
import pytest

import adviz
from adviz import Scenario

pytest_plugins = ["pytester"]

NAMED = any(point.name == "adviz" for point in entry_points(group="pytest11"))
LOADED = () if NAMED else ("-p", "adviz.plugins.pytest")
"""An installation made before the entry point was written does not name the plug-in."""

WRONG_SIGN = """
    def test_mine(assert_gradient):
        assert_gradient("x**2 - y**2", {"x": "2*x", "y": "2*y"}, at={"x": 3, "y": 2})
"""


def run(pytester: pytest.Pytester, test: str) -> pytest.RunResult:
    pytester.makepyfile(test)
    return pytester.runpytest("-p", "no:xdist", "-p", "no:cacheprovider", *LOADED)


def test_a_right_gradient_passes_and_the_report_is_returned(pytester: pytest.Pytester) -> None:
    done = run(pytester, '''
        def test_mine(assert_gradient):
            report = assert_gradient("x*y", {"x": "y", "y": "x"}, points=4, seed=7)
            assert report.verdict == "agrees" and len(report.points) == 4 and report.seed == 7
    ''')  # fmt: skip
    done.assert_outcomes(passed=1)


def test_a_wrong_gradient_fails_with_the_report_and_no_line_of_adviz(
    pytester: pytest.Pytester,
) -> None:
    done = run(pytester, WRONG_SIGN)
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines([
        '>       assert_gradient("x[*][*]2 - y[*][*]2", *',
        "E       Failed: wrong gradient: df/dy in the given gradient is 4 at x = 3, y = 2, not −4*",
        "E       1 wrong gradient, 1 agree; 1 point given",
        "E       wrong gradient  df/dy  gradient *1  4 *−4 *",
        "E       expected  −4",
        "E       why *sign*",
        "*test_a_wrong_gradient*.py:*: Failed",
        "FAILED *::test_mine*",
    ])  # fmt: skip
    assert "plugins/pytest.py" not in done.stdout.str()


def test_second_derivatives_are_asserted(pytester: pytest.Pytester) -> None:
    done = run(pytester, '''
        def test_right(assert_gradient):
            assert_gradient("x**3", hessian="6*x")

        def test_wrong(assert_gradient):
            assert_gradient("abs(x)**2", at={"x": 0}, order=2)
    ''')  # fmt: skip
    done.assert_outcomes(passed=1, failed=1)
    done.stdout.fnmatch_lines(["E       Failed: wrong gradient: d2f/dx2 in forward mode is 0 at *"])


def test_raise_if_wrong_shows_the_line_of_the_test_too(pytester: pytest.Pytester) -> None:
    done = run(pytester, '''
        import adviz
        def test_mine():
            adviz.check("x*y", gradient={"x": "y", "y": "2*x"}).raise_if_wrong()
    ''')  # fmt: skip
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(["E *WrongDerivative: wrong gradient: df/dy*"])
    assert "__tracebackhide__" not in done.stdout.str()


def test_an_ill_conditioned_derivative_fails_only_strictly(pytester: pytest.Pytester) -> None:
    done = run(pytester, '''
        import pytest
        @pytest.mark.parametrize("strict", [False, True])
        def test_mine(assert_gradient, strict):
            assert_gradient("(1 - cos(x))/x**2", at={"x": 1e-6}, strict=strict)
    ''')  # fmt: skip
    done.assert_outcomes(passed=1, failed=1)
    done.stdout.fnmatch_lines(["E       Failed: ill-conditioned: df/dx *"])


def test_scenarios_are_rows_of_a_test(pytester: pytest.Pytester) -> None:
    done = pytester_rows(pytester)
    done.assert_outcomes(passed=2, failed=1)
    done.stdout.fnmatch_lines([
        "*::test_mine[[]x[*]y at x=2,y=3] PASSED*",
        "*::test_mine[[]cube] PASSED*",
        "*::test_mine[[]wrong answer] FAILED*",
        "E       Failed: wrong gradient: dcube/dx in the known answer is 11 at x = 2, not 12*",
    ])  # fmt: skip


def pytester_rows(pytester: pytest.Pytester) -> pytest.RunResult:
    pytester.makepyfile('''
        import pytest
        from adviz import Scenario

        def cube(x):
            return x**3

        SCENARIOS = [
            Scenario(function="x*y", at={"x": 2, "y": 3}, expected={"x": 3, "y": 2}),
            Scenario(function=cube, name="cube", points=3, gradient=lambda x: 3*x**2),
            Scenario(function=cube, name="wrong answer", at={"x": 2}, expected={"x": 11}),
        ]

        @pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
        def test_mine(assert_gradient, scenario):
            assert_gradient(scenario)
    ''')  # fmt: skip
    return pytester.runpytest("-v", "-p", "no:xdist", "-p", "no:cacheprovider", *LOADED)


def test_a_scenario_takes_no_arguments_beside_it(pytester: pytest.Pytester) -> None:
    done = run(pytester, '''
        from adviz import Scenario
        def test_mine(assert_gradient):
            assert_gradient(Scenario(function="x"), at={"x": 1})
    ''')  # fmt: skip
    done.stdout.fnmatch_lines(["E *AdvizError: a scenario brings its own gradient and points"])


def test_the_plug_in_loads_no_part_of_adviz_but_itself() -> None:
    code = "import sys, adviz.plugins.pytest; print(*(n for n in sys.modules if 'adviz.' in n))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["adviz.plugins", "adviz.plugins.pytest"]


# --- scenarios ------------------------------------------------------------------------------------


def double(x: float) -> float:
    return 2 * x


@pytest.mark.parametrize(
    ("scenario", "name"),
    [
        (Scenario(function="x*y", at={"x": 2, "y": 3}), "x*y at x=2,y=3"),
        (Scenario(function=double), "double"),
        (Scenario(function=double, at=[{"x": 1}, {"x": 2}]), "double at 2 points"),
        (Scenario(function=adviz.build("x*x"), name="square"), "square"),
        (Scenario(function=adviz.build("x*x")), "f(x) = x*x"),
        (
            Scenario(function=" + ".join(["sin(x)"] * 20)),
            "sin(x) + sin(x) + sin(x) + sin(x) + sin…",
        ),
    ],
)
def test_a_scenario_has_a_name_that_tells_it_apart(scenario: Scenario, name: str) -> None:
    assert str(scenario) == name


def test_a_scenario_is_checked_at_its_points() -> None:
    report = Scenario(function="log(x)", points=4, ranges={"x": (1, 2)}, seed=3).check()
    assert report.verdict == "agrees" and len(report.points) == 4 and report.seed == 3
    assert all(1 <= point["x"] <= 2 for point in report.points)


def test_known_answers_are_judged_beside_the_modes() -> None:
    at = {"x": 3, "y": 2}
    right = Scenario(function="(x + y)*(x - y)", at=at, expected={"x": 6.0, "y": -4.0}).check()
    assert right.verdict == "agrees"
    assert {f.subject for f in right.findings} == {"forward", "reverse", "known answer"}
    wrong = Scenario(function="(x + y)*(x - y)", at=at, expected={"y": 4.0}).check()
    assert wrong.verdict == "wrong gradient"
    assert wrong.findings[0].subject == "known answer" and wrong.findings[0].found == 4.0


def test_a_known_answer_with_the_digits_of_a_float_is_right() -> None:
    import math

    assert (
        Scenario(function="sin(x)", at={"x": 1.0}, expected={"x": math.cos(1)}).check().verdict
        == "agrees"
    )


def test_known_answers_need_their_point() -> None:
    with pytest.raises(adviz.AdvizError, match="answers are known at one point; give it as at="):
        Scenario(function="x", expected={"x": 1}).check()


# --- Figures -------------------------------------------------------------------------------------


def figures(pytester: pytest.Pytester) -> None:
    """Make a folder with a figure that is true, one that was changed, and one that says nothing."""
    folder = pytester.mkdir("figures")
    adviz.draw(adviz.reverse("x*y", at={"x": 3, "y": 2})).save(folder / "good.svg")
    text = (folder / "good.svg").read_text("utf-8")
    (folder / "bad.svg").write_text(text.replace(">6<", ">7<"), "utf-8")
    (folder / "bare.svg").write_text("<svg/>", "utf-8")
    (folder / "notes.txt").touch()


@pytest.mark.parametrize("configured", [False, True], ids=["typed", "configured"])
def test_each_figure_of_a_folder_is_a_test(pytester: pytest.Pytester, configured: bool) -> None:
    figures(pytester)
    if configured:
        pytester.makeini("[pytest]\nadviz_figures = figures\n")
    asked = () if configured else ("--adviz-figures", "figures")
    pytester.makepyfile("def test_mine(): pass")
    done = pytester.runpytest("-p", "no:xdist", "-p", "no:cacheprovider", "-v", *LOADED, *asked)
    done.assert_outcomes(passed=2, failed=1, skipped=1)
    done.stdout.fnmatch_lines([
        "figures/good.svg::still true PASSED*",
        "_* bad.svg is still true _*",
        "*bad.svg: changed: it shows 7 where 6 was saved as the value of f",
    ])  # fmt: skip
    assert "Traceback" not in done.stdout.str() and "plugins/pytest.py" not in done.stdout.str()


def test_a_test_that_is_named_is_run_alone(pytester: pytest.Pytester) -> None:
    figures(pytester)
    pytester.makeini("[pytest]\nadviz_figures = figures\n")
    path = pytester.makepyfile("def test_mine(): pass")
    done = pytester.runpytest("-p", "no:xdist", "-p", "no:cacheprovider", *LOADED, path)
    done.assert_outcomes(passed=1)


def test_a_figure_that_cannot_be_read_fails_with_the_reason(pytester: pytest.Pytester) -> None:
    (pytester.mkdir("figures") / "cut.svg").write_text("<svg", "utf-8")
    asked = ("--adviz-figures", "figures", "figures")
    done = pytester.runpytest("-p", "no:xdist", "-p", "no:cacheprovider", *LOADED, *asked)
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(["*cut.svg: it is no SVG: unclosed token*"])
