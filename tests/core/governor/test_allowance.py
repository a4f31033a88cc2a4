from beatrunner.core.governor.allowance import Allowance


def test_what_is_spent_is_back_when_its_window_is_over() -> None:
    spent = Allowance(0.5, 15.0).spend(100.0, 0.25).spend(110.0, 0.125)
    assert Allowance(0.5, 15.0).left(0.0) == 0.5
    assert spent.left(110.0) == 0.125
    assert spent.left(114.75) == 0.125
    assert spent.left(115.0) == 0.375
    assert spent.left(125.0) == 0.5


def test_old_changes_are_forgotten() -> None:
    assert Allowance(1.0, 1.0).spend(1.0, 0.5).spend(2.0, 0.25).spent == ((2.0, 0.25),)
    assert Allowance(1.0, 1.0).spend(1.0, 0.5).spend(1.75, 0.25).spent == (
        (1.0, 0.5),
        (1.75, 0.25),
    )


def test_touched_for_the_window() -> None:
    spent = Allowance(1.0, 2.0).spend(10.0, 0.5)
    assert not Allowance(1.0, 2.0).touched(10.0)
    assert spent.touched(11.75)
    assert not spent.touched(12.0)
