"""Shapes drawn by code: the same everywhere, as many of each, whole on the image, and learnable."""

import numpy as np
import pytest

from netlib import image
from netlib.presets import preset
from netlib.training import DataSpec, OptimiserSpec, RunSpec
from netlib.training.data import shapes
from netlib.training.data.datasets import DATA_SETS, data_set
from netlib.training.data.shapes import SHAPES, SIDE, drawn
from netlib.training.data.tensors import load
from netlib.training.run.engine import Engine


def test_a_seed_gives_the_same_images_and_another_gives_others() -> None:
    images, kinds = drawn(100)
    again, same = drawn(100)
    assert (images == again).all()
    assert (kinds == same).all()
    assert not (drawn(100, seed=1)[0] == images).all()
    assert images.dtype == np.uint8
    assert images.shape == (100, 1, SIDE, SIDE)


def test_there_are_as_many_of_each_kind() -> None:
    _, kinds = drawn(500)
    assert np.bincount(kinds).tolist() == [50] * len(SHAPES)
    assert not (np.sort(kinds) == kinds).all()


def test_no_shape_leaves_the_image(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shapes, "NOISE", 0.0)
    images, _ = drawn(400)
    border = np.concatenate([images[..., 0, :], images[..., -1, :], images[..., :, 0], images[..., :, -1]])
    assert border.max() < 100  # at most the soft rim of one that touches the edge
    assert (images.reshape(400, -1).max(1) >= 0.5 * 255 - 1).all()


@pytest.mark.parametrize(
    ("kind", "area"),
    [
        ("disc", np.pi * 0.85**2),
        ("ring", np.pi * (0.92**2 - 0.52**2)),
        ("square", 1.4**2),
        ("triangle", 3 * np.sqrt(3) / 4),
        ("pentagon", 2.5 * np.sin(2 * np.pi / 5)),
        ("star", 5 * 0.42 * np.sin(np.pi / 5)),
        ("plus", 2 * 1.84 * 0.54 - 0.54**2),
    ],
)
def test_a_shape_covers_the_area_that_geometry_says(kind: str, area: float) -> None:
    place = (np.arange(-600, 600) + 0.5) / 500
    inside = SHAPES[kind](*np.meshgrid(place, place)) < 0
    assert inside.mean() * 2.4**2 == pytest.approx(area, rel=0.01)


def test_they_are_a_data_set_like_digits() -> None:
    about = data_set(DataSpec(name="shapes28"))
    data = load(DataSpec(name="shapes28"), image(1, SIDE))
    assert (len(data.train), len(data.validation)) == about.samples == (2880, 720)
    assert about.class_names == tuple(SHAPES)
    assert float(data.train.inputs.min()) == 0
    assert float(data.train.inputs.max()) == 1
    assert about.download is None
    assert DATA_SETS["shapes28"].dims == (1, SIDE, SIDE)


def test_a_small_network_learns_them() -> None:
    spec = RunSpec(
        network=preset("net"),
        data=DataSpec(name="shapes28"),
        optimiser=OptimiserSpec(learning_rate=0.05, momentum=0.9),
    )
    engine = Engine(spec)
    before = engine.evaluate()
    for _ in range(3 * engine.steps_an_epoch):
        engine.advance()
    after = engine.evaluate()
    assert before.accuracy < 0.2
    assert after.accuracy > 0.5


def test_the_images_have_not_changed_since_they_were_first_shipped() -> None:
    images, kinds = drawn(100)
    assert kinds[:10].tolist() == [2, 6, 0, 5, 3, 6, 4, 2, 2, 0]
    # A formula's last bit may differ between processors, so a pixel may differ by one level.
    assert images[:5].mean((1, 2, 3)) == pytest.approx([42.3, 41.0, 53.5, 36.6, 41.8], abs=0.1)
