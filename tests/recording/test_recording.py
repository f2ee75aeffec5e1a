import re
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from sklearn.neural_network import MLPClassifier

import netviz
from netviz import Data, Network, Training, evaluate, load_data, train
from netviz.archive import ArchiveError
from netviz.core.data import accuracy
from netviz.interop import ModelError
from netviz.recording import Recording, load_checkpoint, record, save_checkpoint
from netviz.recording.recording import FIRST_KIND, MOST_POINTS, log_spaced


def blobs(samples: int = 30, seed: int = 0) -> Data:
    """Two linearly separable classes."""
    rng = np.random.default_rng(seed)
    labels = np.arange(samples) % 2
    inputs = rng.normal(size=(samples, 2)) + 3.0 * labels[:, np.newaxis]
    return Data(inputs, np.eye(2)[labels], ("x", "y"), ("low", "high"), name="blobs")


def run(epochs: int = 10, **changes: object) -> Training:
    options = {"loss": "cross_entropy", "learning_rate": 0.1, "batch_size": 6, "rng": 1} | changes
    network = Network.random((2, 3, 2), ["tanh", "softmax"], rng=2)
    return train(network, blobs(), epochs=epochs, **options)  # type: ignore[arg-type]


def recorded(training: Training, **options: object) -> Recording:
    with record(training, **options) as recorder:  # type: ignore[arg-type]
        for _ in training:
            pass
    return recorder.recording


def test_every_step_of_a_short_run_is_recorded_as_it_was() -> None:
    networks = [run().network, *(step.network for step in run())]
    recording = recorded(run())
    np.testing.assert_array_equal(recording.steps, np.arange(51))
    assert len(recording) == 51
    assert [recording.network(i) for i in range(51)] == networks
    for network, loss, share in zip(networks, recording.losses, recording.accuracies, strict=True):
        trace = netviz.forward(network, blobs().inputs)
        losses = netviz.backward(network, trace, blobs().targets, "cross_entropy").loss
        assert loss == pytest.approx(losses.mean(), rel=1e-12)
        assert share == accuracy(trace.prediction, blobs().targets)


def test_validation_data_of_the_run_are_evaluated() -> None:
    validation = blobs(8, seed=5)
    recording = recorded(run(validation=validation))
    score = evaluate(recording.network(-1), validation, "cross_entropy")
    assert recording.validation_losses[-1] == score.loss
    assert recording.validation_accuracies[-1] == score.accuracy
    assert recorded(run()).validation_losses.shape == (0,)


def test_a_regression_has_no_accuracies() -> None:
    data = Data([[0.0], [1.0]], [[0.3], [0.9]])
    training = train(Network.random((1, 1), "identity", rng=0), data, rng=0, epochs=3)
    recording = recorded(training)
    assert recording.accuracies.shape == (0,)
    assert recording.losses.shape == (4,)


def test_chosen_samples_have_both_passes() -> None:
    recording = recorded(run(), samples=[4, 7])
    network, data = recording.network(20), blobs()
    trace = netviz.forward(network, data.inputs[7])
    right = netviz.backward(network, trace, data.targets[7], "cross_entropy")
    np.testing.assert_array_equal(recording.forward(20, 1).prediction, trace.prediction)
    found = recording.backward(20, 1)
    np.testing.assert_array_equal(found.layers[0].blame, right.layers[0].blame)
    np.testing.assert_array_equal(found.layers[0].weight_gradient, right.layers[0].weight_gradient)


def test_a_long_run_is_thinned_while_it_runs() -> None:
    training = run(epochs=200)
    with record(training, keep=20) as recorder:
        for _ in training:
            assert len(recorder._networks) <= 40
    recording = recorder.recording
    assert len(recording) == 20
    assert (recording.steps[0], recording.steps[-1]) == (0, 1000)
    assert recording.steps[10] < 100
    assert recording.network(-1) == training.network


def test_a_recording_is_thinned_on_a_log_scale() -> None:
    whole = recorded(run(validation=blobs(8)))
    thin = whole.thinned(7)
    assert (len(thin), thin.steps[0], thin.steps[-1]) == (7, 0, 50)
    for moment, step in enumerate(thin.steps):
        assert thin.network(moment) == whole.network(int(step))
        assert thin.losses[moment] == whole.losses[step]
        assert thin.validation_losses[moment] == whole.validation_losses[step]
    np.testing.assert_array_equal(thin.sample_inputs, whole.sample_inputs)


def test_arrays_are_frozen() -> None:
    recording = recorded(run(), samples=[0])
    for array in (
        recording.steps,
        recording.losses,
        recording.parameters[0]["weights"],
        recording.sample_inputs,
    ):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


@pytest.mark.parametrize("validation", [None, blobs(8)], ids=["alone", "validated"])
def test_a_file_gives_back_the_recording(tmp_path: Path, validation: Data | None) -> None:
    recording = recorded(run(validation=validation), samples=[3, 5])
    path = tmp_path / "run.npz"
    recording.save(path)
    again = Recording.load(path)
    assert (again.loss, again.structure) == (recording.loss, recording.structure)
    assert again.data.target_names == ("low", "high")
    assert repr(again.data) == repr(recording.data)
    for name in ("steps", "losses", "accuracies", "validation_losses", "validation_accuracies"):
        np.testing.assert_array_equal(getattr(again, name), getattr(recording, name))
    np.testing.assert_array_equal(again.sample_targets, recording.sample_targets)
    assert [again.network(i) for i in range(51)] == [recording.network(i) for i in range(51)]


def test_at_most_a_fixed_number_of_training_data_are_kept() -> None:
    data = blobs(MOST_POINTS + 500)
    network = Network.random((2, 2), "softmax", rng=0)
    recording = Recording.of([(0, network)], data, "cross_entropy", samples=[MOST_POINTS + 400])
    assert len(recording.data) == MOST_POINTS
    np.testing.assert_array_equal(recording.sample_inputs[0], data.inputs[MOST_POINTS + 400])
    assert recording.losses[0] == evaluate(network, data, "cross_entropy").loss


def broken(arrays: dict) -> dict[str, dict]:
    return {
        "no losses": {name: array for name, array in arrays.items() if name != "losses"},
        "a step too few": arrays | {"steps": arrays["steps"][:-1]},
        "a layer of another width": arrays | {"weights.1": arrays["weights.1"][:, :, :2]},
        "an unknown activation": arrays
        | {"structure": np.array(str(arrays["structure"]).replace("softmax", "softmix"))},
        "no structure": arrays | {"structure": np.array('["Dense", "Dense"]')},
        "not finite": arrays | {"weights.0": arrays["weights.0"] * np.nan},
        "texts": arrays | {"losses": np.array(["x"] * 51)},
    }


@pytest.mark.parametrize(
    "what",
    broken(
        dict.fromkeys(
            ("losses", "steps", "weights.0", "weights.1", "structure"), np.ones((1, 1, 1))
        )
    ),
)
def test_a_broken_file_is_refused_in_one_sentence(tmp_path: Path, what: str) -> None:
    path = tmp_path / "run.npz"
    recorded(run()).save(path)
    with np.load(path) as file:
        arrays = dict(file)
    np.savez(path, **broken(arrays)[what])
    with pytest.raises(ArchiveError, match=re.escape(f"{path}: the recording is broken (")):
        Recording.load(path)


def test_other_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "run.npz"
    np.savez(path, x=np.ones(3))
    with pytest.raises(ArchiveError, match="is an archive of other arrays: expected netviz rec"):
        Recording.load(path)
    save_checkpoint(run().checkpoint, path)
    with pytest.raises(ArchiveError, match="is netviz checkpoint 1: expected netviz recording 2"):
        Recording.load(path)


def test_an_interrupted_loop_is_recorded_up_to_its_last_step() -> None:
    training = run()
    with suppress(KeyboardInterrupt), record(training) as recorder:
        for step in training:
            if step.step == 7:
                raise KeyboardInterrupt
    assert recorder.recording.steps[-1] == 7
    next(training)
    assert recorder.recording.steps[-1] == 7


def test_a_resumed_run_is_recorded_from_its_first_step() -> None:
    first = run()
    for _ in zip(range(12), first, strict=False):
        pass
    recording = recorded(run(resume=first.checkpoint))
    assert recording.steps[0] == 12
    assert recording.network(0) == first.network


def test_a_model_with_steps_that_cannot_be_observed_is_recorded_by_hand() -> None:
    data = blobs()
    labels = data.targets.argmax(axis=1)
    targets = labels[:, np.newaxis]
    model = MLPClassifier((3,), activation="tanh", random_state=0)
    with record(model, (data.inputs, targets), loss="binary_cross_entropy") as recorder:
        for _ in range(5):
            model.partial_fit(data.inputs, labels, classes=[0, 1])
            recorder.add()
    recording = recorder.recording
    np.testing.assert_array_equal(recording.steps, [1, 2, 3, 4, 5])
    yes = model.predict_proba(data.inputs)[:, 1:]
    found = netviz.forward(recording.network(-1), data.inputs).prediction
    np.testing.assert_allclose(found, yes, atol=1e-12)


def test_an_empty_recording_is_refused() -> None:
    with pytest.raises(ValueError, match="the recording is empty"):
        _ = record(run()).recording


@pytest.mark.parametrize(
    ("source", "options", "message"),
    [
        (None, {}, "data is missing: expected the training data"),
        (None, {"data": blobs()}, "loss is missing: expected a loss"),
        (run(), {"samples": [30]}, "samples has 30: expected indices from 0 to 29"),
        (run(), {"samples": [-1]}, "samples has -1: expected indices from 0 to 29"),
        (run(), {"keep": 1}, "keep is 1: expected at least 2"),
        (run(), {"loss": "msee"}, "loss is 'msee'"),
    ],
)
def test_wrong_arguments_are_refused(source: object, options: dict, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        record(source, **options)


def test_data_that_do_not_fit_are_refused_before_the_loop() -> None:
    other = Data([[1.0]], [[1.0]])
    with (
        pytest.raises(ValueError, match="input has shape"),
        record(run(), data=other),
    ):
        raise AssertionError("the loop was entered")


def test_an_unknown_model_is_refused() -> None:
    recorder = record("nonsense.xyz", blobs(), loss="mse")
    with pytest.raises(ModelError):
        recorder.add()


def test_a_checkpoint_in_a_file_resumes_exactly(tmp_path: Path) -> None:
    path = tmp_path / "run.npz"
    whole, first = run(optimizer="adam"), run(optimizer="adam")
    losses = [step.loss for step in whole]
    for _ in zip(range(13), first, strict=False):
        pass
    save_checkpoint(first.checkpoint, path)
    second = run(optimizer="adam", resume=load_checkpoint(path), rng=77)
    assert losses[13:] == [step.loss for step in second]
    assert second.network == whole.network


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"accuracies": np.ones((51, 2))}, "accuracies has shape (51, 2)"),
        ({"losses": np.array(1.0)}, "losses has shape ()"),
        ({"steps": np.zeros(51, int)}, "steps are not increasing"),
        ({"steps": np.zeros(0, int)}, "steps is empty"),
        ({"steps": np.array(["a"] * 51)}, "steps are not increasing"),
        ({"sample_targets": np.zeros((3, 2))}, "sample_targets has 3 rows"),
        ({"sample_inputs": np.zeros(2)}, "sample_inputs has shape (2,)"),
        (
            {"data.inputs": np.zeros((30, 3)), "data.input_names": np.array([*"abc"])},
            "input has shape (1, 3)",
        ),
    ],
)
def test_arrays_of_another_shape_are_refused(
    changed: dict[str, np.ndarray], sentence: str, tmp_path: Path
) -> None:
    path = tmp_path / "run.npz"
    recorded(run()).save(path)
    with np.load(path) as file:
        arrays = dict(file)
    np.savez(path, **{**arrays, **changed})
    with pytest.raises(ArchiveError, match=re.escape(f"the recording is broken ({sentence}")):
        Recording.load(path)


def test_a_broken_checkpoint_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "run.npz"
    save_checkpoint(run().checkpoint, path)
    with np.load(path) as file:
        arrays = dict(file)
    np.savez(path, **{name: array for name, array in arrays.items() if name != "seed"})
    with pytest.raises(ArchiveError, match="the checkpoint is broken"):
        load_checkpoint(path)


def residual_run() -> Training:
    block = Network.random((2, 3, 2), ["tanh", "leaky_relu(0.2)"], rng=2).residual("elu(0.5)")
    network = block.then(Network.random((2, 2), "softmax", rng=3))
    return train(network, blobs(), loss="cross_entropy", optimizer="adam", epochs=3, rng=1)


def test_a_residual_network_is_recorded_saved_and_loaded(tmp_path: Path) -> None:
    training = residual_run()
    recording = recorded(training, samples=[0, 1])
    assert recording.network(-1) == training.network
    recording.save(tmp_path / "run.npz")
    again = Recording.load(tmp_path / "run.npz")
    assert [again.network(i) for i in range(4)] == [recording.network(i) for i in range(4)]
    assert again.network(0) == residual_run().network
    assert again.backward(2, 1).layers[2].skip_shares.keys() == {0}
    assert again.thinned(2).network(-1) == training.network


def test_a_recording_of_the_first_format_is_loaded(tmp_path: Path) -> None:
    recording = recorded(run())
    recording.save(tmp_path / "new.npz")
    with np.load(tmp_path / "new.npz") as file:
        arrays = dict(file)
    del arrays["structure"]
    for place in range(2):
        arrays[f"biases.{place}"] = arrays.pop(f"bias.{place}")
    arrays |= {"kind": np.array(FIRST_KIND), "activations": np.array(["tanh", "softmax"])}
    np.savez(tmp_path / "old.npz", **arrays)
    old = Recording.load(tmp_path / "old.npz")
    assert [old.network(i) for i in range(51)] == [recording.network(i) for i in range(51)]


@pytest.mark.parametrize(("moment", "sample"), [(51, 0), (-52, 0), (0, 1)])
def test_a_moment_or_sample_that_does_not_exist_is_refused(moment: int, sample: int) -> None:
    with pytest.raises(IndexError, match=r"(moment|sample) is -?\d+: expected 0 … \d+"):
        recorded(run()).forward(moment, sample)


@pytest.mark.parametrize(("length", "keep"), [(10, 2), (10, 9), (1000, 30), (5000, 200), (7, 5)])
def test_thinning_keeps_the_given_number_with_the_first_and_the_last(
    length: int, keep: int
) -> None:
    chosen = log_spaced(range(length), keep)
    assert len(chosen) == len(set(chosen)) == keep
    assert chosen == sorted(chosen)
    assert (chosen[0], chosen[-1]) == (0, length - 1)


def test_distances_grow_by_a_constant_factor_where_steps_are_fine_enough() -> None:
    steps = np.array(log_spaced(range(100_001), 100))
    ratios = np.log1p(steps[50:])
    np.testing.assert_allclose(np.diff(ratios), np.log(100_001) / 99, rtol=0.05)


def test_thinning_depends_on_the_steps_not_on_their_indices() -> None:
    steps = [0, 1, 2, 3, 1000, 2000, 4000, 8000]
    assert log_spaced(steps, 3) == [0, 4, 7]


def test_a_run_that_began_late_is_thinned_from_its_beginning() -> None:
    assert log_spaced(range(5000, 6000), 20) == log_spaced(range(1000), 20)


def test_a_short_run_is_not_thinned() -> None:
    assert log_spaced([0, 5, 9], 3) == log_spaced([0, 5, 9], 7) == [0, 1, 2]


def test_at_least_two_steps_are_kept() -> None:
    with pytest.raises(ValueError, match="keep is 1: expected at least 2"):
        log_spaced([0, 1, 2], 1)


@pytest.mark.parametrize("stops", [(1,), (7, 8, 700), (19, 20, 21, 22, 350, 351, 899)])
def test_the_moments_of_a_run_do_not_depend_on_its_interruptions(stops: tuple[int, ...]) -> None:
    network, xor = Network.random([2, 2, 1], rng=0), load_data("xor")

    def recorded(*ends: int) -> Recording:
        earlier, checkpoint = None, None
        for end in ends:
            run = train(network, xor, epochs=900, rng=0, resume=checkpoint)
            with record(run, keep=10, earlier=earlier) as recorder:
                for _ in run:
                    if run.step % 50 == 0:
                        assert recorder.whole.steps[-1] == run.step  # as it is saved now and then
                    if run.step == end:
                        break
            earlier, checkpoint = recorder.whole, run.checkpoint
        return recorder.recording

    whole, joined = recorded(900), recorded(*stops, 900)
    np.testing.assert_array_equal(joined.steps, whole.steps)
    np.testing.assert_array_equal(joined.losses, whole.losses)
