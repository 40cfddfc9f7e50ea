"""A small sample of what benchmarks/record_year.py does on a hundred seeds."""

import importlib.util

import pytest

from helpers.places import HOME

spec = importlib.util.spec_from_file_location("record_year_benchmark", HOME / "benchmarks" / "record_year.py")
benchmark = importlib.util.module_from_spec(spec)
spec.loader.exec_module(benchmark)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [6201, 6202])
def test_the_record_that_lost_ground_is_found(seed):
    assert benchmark.one_company(seed, benchmark.PLANTED) == dict.fromkeys(benchmark.WANTED, True)


@pytest.mark.slow
@pytest.mark.parametrize("variant", [benchmark.OFF, benchmark.OTHERS])
def test_where_it_is_not_planted_it_is_not_raised(variant):
    assert not any(benchmark.one_company(6201, variant).values())
