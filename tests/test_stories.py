"""A small sample of what benchmarks/stories.py does on a hundred seeds."""

import importlib.util

import pytest
from helpers.places import HOME

spec = importlib.util.spec_from_file_location("stories_benchmark", HOME / "benchmarks" / "stories.py")
benchmark = importlib.util.module_from_spec(spec)
spec.loader.exec_module(benchmark)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2001, 2002])
def test_planted_stories_are_found(seed):
    assert benchmark.one_company(seed, True) == dict.fromkeys(["fall", "burst", "shared_card", "misselling"], True)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2001, 2002])
def test_a_company_without_stories_raises_none(seed):
    assert not any(benchmark.one_company(seed, False).values())


@pytest.mark.slow
def test_other_causes_are_named_as_they_are_planted(tmp_path):
    from helpers import simulate

    plant = {"fall": ("Shanghai", "water", "installer_referral"), "misselling": "S03"}
    simulate.company(seed=2003, plant=plant).save(tmp_path / "company")
    said = benchmark.seen(tmp_path / "company")
    assert said["misselling"] == ["S03"]
    assert said["fall"] == ["Shanghai", "water", "installer_referral"]
