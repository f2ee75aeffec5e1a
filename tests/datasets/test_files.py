"""Data in CSV and .npz files."""

import re
from pathlib import Path

import numpy as np
import pytest

from netviz.archive import ArchiveError
from netviz.core.arrays import Array
from netviz.datasets import DataError, load_data
from netviz.problems import ProblemError


def written(folder: Path, text: str) -> Path:
    path = folder / "flowers.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_last_column_is_the_target_and_a_text_is_a_class(tmp_path: Path) -> None:
    path = written(tmp_path, "length,width,kind\n5.1,3.5,rose\n4.9,3.0,lily\n\n6,2,rose\n")
    data = load_data(path)
    assert data.name == "flowers"
    assert data.input_names == ("length", "width")
    assert data.target_names == ("lily", "rose")
    np.testing.assert_array_equal(data.inputs, [[5.1, 3.5], [4.9, 3.0], [6.0, 2.0]])
    np.testing.assert_array_equal(data.targets, [[0, 1], [1, 0], [0, 1]])
    named = load_data(written(tmp_path, "x,grade\n0.1,10\n0.2,9\n"), classes=True)
    assert named.target_names == ("grade 9", "grade 10")


def test_a_file_without_column_names(tmp_path: Path) -> None:
    data = load_data(written(tmp_path, "1,2,3,4\n5,6,7,8\n"), targets=2)
    np.testing.assert_array_equal(data.inputs, [[1, 2], [5, 6]])
    np.testing.assert_array_equal(data.targets, [[3, 4], [7, 8]])
    assert data.input_names == data.target_names == ()


def test_targets_are_selected_by_name_in_the_given_order(tmp_path: Path) -> None:
    data = load_data(written(tmp_path, "a,b,c\n1,2,3\n4,5,6\n"), targets=["c", "a"])
    assert data.input_names == ("b",)
    assert data.target_names == ("c", "a")
    np.testing.assert_array_equal(data.targets, [[3, 1], [6, 4]])


def test_numbers_are_classes_on_request(tmp_path: Path) -> None:
    data = load_data(written(tmp_path, "0.1,10\n0.2,9\n0.3,10\n"), classes=True)
    assert data.target_names == ("9", "10")
    np.testing.assert_array_equal(data.targets, [[0, 1], [1, 0], [0, 1]])


def test_byte_order_marks_quotes_and_blanks_of_spreadsheets(tmp_path: Path) -> None:
    data = load_data(written(tmp_path, '\ufeff"a, of x",b\r\n 1.5 , 2e3 \r\n'))
    assert data.input_names == ("a, of x",)
    np.testing.assert_array_equal(data.inputs, [[1.5]])
    np.testing.assert_array_equal(data.targets, [[2000.0]])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b\n1,2\n3,\n", "line 3, column 2 (b) is missing: expected a value"),
        ("a,b\n1,2\nNA,4\n", "line 3, column 1 (a) is missing (NA): expected a value"),
        ("1,2\n\n?,4\n", "line 3, column 1 is missing (?): expected a value"),
        ("a,b\n1,2\nnan,4\n", "line 3, column 1 (a) is missing (nan)"),
        ("a,b\nred,2\n3,4\n", 'line 2, column 1 (a) is "red": expected a finite number'),
        ("a,b\n1,2\n3,x\n", 'line 3, column 2 (b) is "x": expected a finite number'),
        ("a,b\n1,2\ninf,4\n", 'line 3, column 1 (a) is "inf": expected a finite number'),
        ("a,b\n1,2\n1_0,4\n", 'line 3, column 1 (a) is "1_0"'),
        ("a,b\n1,2\n3,4,5\n", "line 3 has 3 columns: expected 2 as in line 1"),
        ("a,b\n1,2\n3\n", "line 3 has 1 column: expected 2 as in line 1"),
        ("1 2\n3 4\n", "each line has 1 column, separated by commas: expected inputs, then 1"),
        (
            "1,5;x\n2.5;y\n",
            'line 2, column 1 is "2.5": expected a finite number with a decimal comma',
        ),
        ('a,b\n1,"2\n', "is not CSV (unexpected end of data)"),
        ("", "the file is empty: expected a row of numbers for each sample"),
        ("a,b\n", "the file ends after the column names: expected a row for each sample"),
    ],
)
def test_an_error_names_line_and_column(tmp_path: Path, text: str, message: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(DataError, match=re.escape(message)) as error:
        load_data(path)
    assert str(error.value).startswith(f"{path}: ")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"targets": ["d"]}, '"d" is the name of 0 columns: expected one of a, b, c'),
        ({"targets": ["a", "b", "c"]}, "has no columns left for the inputs"),
        ({"targets": 3}, "each line has 3 columns"),
        ({"targets": 0}, "each line has 3 columns"),
        ({"targets": 2, "classes": True}, "the class has 2 columns: expected one column"),
    ],
)
def test_missing_target_columns_are_refused(tmp_path: Path, options: dict, message: str) -> None:
    path = written(tmp_path, "a,b,c\n1,2,3\n")
    with pytest.raises(DataError, match=re.escape(message)):
        load_data(path, **options)


def test_a_duplicate_column_name_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "a,b,b\n1,2,3\n")
    with pytest.raises(DataError, match='"b" is the name of 2 columns'):
        load_data(path, targets=["b"])


@pytest.mark.parametrize("encoding", ["latin-1", "cp1251"])
def test_other_encodings_are_refused(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "other.csv"
    name = {"latin-1": "größe", "cp1251": "рост"}[encoding]
    path.write_bytes(f"{name},b\n1,2\n".encode(encoding))
    message = r"the file contains the byte 0x..: expected text in UTF-8, UTF-16 or cp949; save it"
    with pytest.raises(DataError, match=message):
        load_data(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp949"])
def test_encodings_of_spreadsheets_are_recognised(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "korean.csv"
    path.write_bytes("공부 시간,결과\n1,합격\n2,불합격\n".encode(encoding))
    data = load_data(path)
    assert data.input_names == ("공부 시간",)
    assert data.target_names == ("불합격", "합격")


@pytest.mark.parametrize(
    "text",
    [
        "a;b;c\n1,5;2;x\n-,25;1e3;y\n",
        "a\tb\tc\n1.5\t2\tx\n-.25\t1000\ty\n",
        '"a";b;c\n1,5;2;x\n-0,25;1000;y\n',
    ],
)
def test_separators_and_decimal_commas_are_recognised(tmp_path: Path, text: str) -> None:
    data = load_data(written(tmp_path, text))
    assert data.input_names == ("a", "b")
    np.testing.assert_array_equal(data.inputs, [[1.5, 2], [-0.25, 1000]])


def test_a_semicolon_in_quotes_separates_nothing(tmp_path: Path) -> None:
    assert load_data(written(tmp_path, '"a; in cm",b\n1,2\n')).input_names == ("a; in cm",)


def test_inputs_are_selected_by_name_and_other_columns_are_not_read(tmp_path: Path) -> None:
    path = written(tmp_path, "id,a,b,kind\nK1,1,2,x\nK2,3,,y\n")
    data = load_data(path, inputs=["a"], targets="kind")
    assert data.input_names == ("a",)
    np.testing.assert_array_equal(data.inputs, [[1], [3]])
    with pytest.raises(DataError, match='"kind" is an input and a target: expected one of them'):
        load_data(path, inputs=["a", "kind"], targets="kind")
    with pytest.raises(DataError, match=r'"kinds" is the name of 0 columns.*did you mean "kind"'):
        load_data(path, inputs=["a"], targets="kinds")


def test_rows_with_a_missing_value_are_left_out_on_request(tmp_path: Path) -> None:
    path = written(tmp_path, "id,a,kind\n,1,x\n2,NA,y\n3,3,?\n4,4,y\n")
    data = load_data(path, inputs=["a"], targets="kind", missing="skip")
    np.testing.assert_array_equal(data.inputs, [[1], [4]])
    with pytest.raises(DataError, match=r'line 3, column 2 \(a\) is missing .* missing = "skip"'):
        load_data(path, inputs=["a"], targets="kind")
    with pytest.raises(DataError, match="has no row without a missing value: expected one or more"):
        load_data(written(tmp_path, "a,b\n,1\n2,\n"), missing="skip")
    with pytest.raises(ProblemError, match="missing is 'drop': expected 'error' or 'skip'"):
        load_data(path, missing="drop")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"cannot be read \(No such file or directory\)"):
        load_data(tmp_path / "nothing.csv")


def saved(folder: Path, **arrays: object) -> Path:
    path = folder / "mine.npz"
    np.savez(path, **arrays)  # type: ignore[arg-type]
    return path


@pytest.mark.parametrize(
    ("targets", "expected", "names"),
    [
        (np.array([[0.5], [1.5]]), [[0.5], [1.5]], ()),
        (np.array([0.5, 1.5]), [[0.5], [1.5]], ()),
        (np.array([3, 1]), [[0, 1], [1, 0]], ("1", "3")),
        (np.array(["b", "a"]), [[0, 1], [1, 0]], ("a", "b")),
    ],
)
def test_npz_targets_may_be_numbers_or_classes(
    tmp_path: Path, targets: Array, expected: list, names: tuple
) -> None:
    data = load_data(saved(tmp_path, inputs=np.ones((2, 3)), targets=targets))
    np.testing.assert_array_equal(data.targets, expected)
    assert data.target_names == names
    assert data.name == "mine"


def test_npz_may_contain_names(tmp_path: Path) -> None:
    arrays = {"inputs": np.ones((2, 1)), "targets": np.array([0, 1])}
    names = {"input_names": ["x"], "target_names": ["no", "yes"]}
    data = load_data(saved(tmp_path, **arrays, **names))
    assert data.input_names == ("x",)
    assert data.target_names == ("no", "yes")


def test_an_npz_without_targets_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        DataError, match=r"mine\.npz: the array 'targets' is missing: expected .* has inputs"
    ):
        load_data(saved(tmp_path, inputs=np.ones((2, 1))))


def test_an_npz_of_other_arrays_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path, inputs=np.ones((2, 1)), targets=np.ones((3, 1)))
    with pytest.raises(DataError, match="targets has 3 rows: expected 2, one for each row"):
        load_data(path)


def test_a_pickle_in_an_npz_is_never_opened(tmp_path: Path) -> None:
    path = tmp_path / "mine.npz"
    np.savez(path, allow_pickle=True, inputs=np.array([object()]), targets=np.ones((1, 1)))
    with pytest.raises(ArchiveError, match="cannot be read"):
        load_data(path)
