"""A small sample of what benchmarks/four_cs_stories.py does on a hundred seeds."""

import importlib.util

import pytest

from helpers.places import HOME

spec = importlib.util.spec_from_file_location("four_cs_stories", HOME / "benchmarks" / "four_cs_stories.py")
benchmark = importlib.util.module_from_spec(spec)
spec.loader.exec_module(benchmark)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2001, 2006])  # other costs, other products
def test_planted_stories_are_found(seed):
    assert all(benchmark.one_company(seed, True).values())


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2001, 2006])
def test_a_company_without_these_stories_raises_none(seed):
    assert not any(benchmark.one_company(seed, False).values())
