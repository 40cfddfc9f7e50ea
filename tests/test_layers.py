"""Who may import whom: section by section of the design."""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "helpers"
LAYERS = {"data", "stats", "teaching", "reports", "simulate"}
TOPICS = sorted(
    folder.name
    for folder in SOURCE.iterdir()
    if folder.is_dir() and folder.name not in LAYERS and any(folder.glob("*.py"))
)
MODULES = sorted(SOURCE.rglob("*.py"))
# Small modules that everybody may use, and that use nobody but each other.
SHARED = {"errors", "money", "places", "pictures", "withheld", "words"}
DRAWING = {"matplotlib", "seaborn", "PIL"}


def name_of(path):
    return ".".join(path.relative_to(SOURCE).with_suffix("").parts)


def imports(path, *, top_level_only=False):
    """Names of the modules that a file imports, those of this package with `helpers.` before them."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = set()
    for node in tree.body if top_level_only else ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: write imports in full"
            found |= (
                {f"{node.module}.{alias.name}" for alias in node.names} if node.module == "helpers" else {node.module}
            )
    return found


def parts_of_us(path, **arguments):
    """The parts of this package that a file imports: "data", "stats", "money" ..."""
    return {name.split(".")[1] for name in imports(path, **arguments) if name.startswith("helpers.")} - {"__version__"}


def others(path):
    """The top packages of others, the standard library apart."""
    import sys

    tops = {name.partition(".")[0] for name in imports(path)}
    return tops - sys.stdlib_module_names - {"helpers", "__future__"}


def modules(*layers):
    chosen = [path for path in MODULES if path.relative_to(SOURCE).parts[0] in layers]
    return pytest.mark.parametrize("path", chosen, ids=name_of)


def test_there_is_a_topic():
    assert "segmentation" in TOPICS


@modules(*[f"{name}.py" for name in SHARED])
def test_shared_modules_use_only_each_other(path):
    assert parts_of_us(path) <= SHARED


@modules("stats")
def test_stats_knows_no_topic(path):
    assert parts_of_us(path) <= SHARED | {"stats"}


@modules("data")
def test_data_know_no_topic_and_no_report(path):
    assert parts_of_us(path) <= SHARED | {"data"}


@modules(*TOPICS)
def test_a_topic_uses_stats_and_data_and_no_other_topic(path):
    own = path.relative_to(SOURCE).parts[0]
    # An exercise is declared with the machinery of lessons; nothing else of a topic knows that there are lessons.
    is_exercises = "exercises" in path.relative_to(SOURCE).with_suffix("").parts
    assert parts_of_us(path) <= SHARED | {"stats", "data", own} | ({"teaching"} if is_exercises else set())


@pytest.mark.parametrize("topic", TOPICS)
def test_measures_never_draw_print_or_read_a_file(topic):
    for path in (SOURCE / topic).rglob("*.py"):
        if path.stem.endswith("figures") or path.stem == "__init__":
            continue
        assert not others(path) & DRAWING, path
        assert "pictures" not in parts_of_us(path), path
        calls = {
            node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Call)
        }
        assert not calls & {"print", "open", "read_csv", "read_parquet", "read_text", "read_bytes", "now", "today"}, (
            path
        )


@modules("simulate")
def test_the_simulator_needs_numpy_and_pandas_alone(path):
    assert others(path) <= {"numpy", "pandas"}
    assert parts_of_us(path) <= SHARED | {"simulate", "data"}


@pytest.mark.parametrize("path", [path for path in MODULES if "simulate" not in path.parts], ids=name_of)
def test_only_the_command_line_starts_the_simulator(path):
    assert name_of(path) == "cli" or "simulate" not in parts_of_us(path)


@pytest.mark.parametrize("path", [path for path in MODULES if path.stem != "cli"], ids=name_of)
def test_nobody_imports_the_command_line(path):
    assert "cli" not in parts_of_us(path)


@modules("reports", "teaching")
def test_reports_and_teaching_do_not_use_each_other_at_will(path):
    layer = path.relative_to(SOURCE).parts[0]
    allowed = SHARED | {"stats", "data", layer, *TOPICS} | ({"reports"} if layer == "teaching" else set())
    assert parts_of_us(path) <= allowed


def test_the_command_line_is_light():
    top = imports(SOURCE / "cli.py", top_level_only=True)
    assert {name.partition(".")[0] for name in top} & {"pandas", "numpy", "matplotlib", "rich", "papermill"} == set()
    assert parts_of_us(SOURCE / "cli.py", top_level_only=True) <= {"errors", "places", "words"}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_nothing_reads_the_clock_for_a_number(path):
    # perf_counter measures how long a step took and goes to the terminal alone.
    names = {
        f"{getattr(node.func.value, 'id', '')}.{node.func.attr}"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert not names & {"date.today", "datetime.now", "datetime.today", "datetime.utcnow", "time.time", "Timestamp.now"}
