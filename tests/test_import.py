import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import netviz
import netviz.core

REPORT = """
import json, sys
before = set(sys.modules)
import netviz
if "numpy" in sys.modules:
    sys.exit("importing netviz loads numpy")
import numpy
before |= set(sys.modules) - {"netviz"}
netviz.Network
print(json.dumps(sorted({name.partition(".")[0] for name in set(sys.modules) - before})))
"""


def test_importing_netviz_loads_numpy_and_the_standard_library_only() -> None:
    answer = subprocess.run(
        [sys.executable, "-c", REPORT], capture_output=True, text=True, check=True
    )
    loaded = set(json.loads(answer.stdout))
    assert "netviz" in loaded
    assert loaded - sys.stdlib_module_names <= {"netviz", "numpy"}


def test_names_that_are_not_loaded_yet_are_listed_and_others_refused() -> None:
    script = "import netviz; print('train' in dir(netviz), netviz.core.Network is netviz.Network)"
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert answer.stdout == "True True\n"
    with pytest.raises(AttributeError, match="module 'netviz' has no attribute 'netwrok'"):
        _ = netviz.netwrok


FILES_AND_MODELS = {
    *("load", "save", "load_data", "record", "Recording"),
    *("load_checkpoint", "save_checkpoint"),
}


def test_netviz_exports_the_core_its_files_and_its_version() -> None:
    assert set(netviz.__all__) == {*netviz.core.__all__, *FILES_AND_MODELS, "__version__"}
    for name in netviz.core.__all__:
        assert getattr(netviz, name) is getattr(netviz.core, name)


def test_the_version_is_that_of_the_project() -> None:
    project = Path(__file__).parents[1] / "pyproject.toml"
    assert netviz.__version__ == tomllib.loads(project.read_text("utf-8"))["project"]["version"]
