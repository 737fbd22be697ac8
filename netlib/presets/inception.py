"""GoogLeNet (Szegedy et al. 2014), torchvision's variant, and the lecture's small Inception net."""

from typing import Any

from netlib.presets.catalogue import AVERAGE, FLATTEN, RELU, Layers, conv, image_net, linear, pool, preset_of
from netlib.words import words

MODULES: dict[str, tuple[int, int, int, int, int, int]] = {
    "3a": (64, 96, 128, 16, 32, 32),
    "3b": (128, 128, 192, 32, 96, 64),
    "4a": (192, 96, 208, 16, 48, 64),
    "4b": (160, 112, 224, 24, 64, 64),
    "4c": (128, 128, 256, 24, 64, 64),
    "4d": (112, 144, 288, 32, 64, 64),
    "4e": (256, 160, 320, 32, 128, 128),
    "5a": (256, 160, 320, 32, 128, 128),
    "5b": (384, 192, 384, 48, 128, 128),
}
"""Table 1 of the paper: #1×1, #3×3 reduce, #3×3, #5×5 reduce, #5×5, pool proj."""

FIELDS = ("ch1x1", "ch3x3red", "ch3x3", "ch5x5red", "ch5x5", "pool_proj")


def module(name: str, **more: Any) -> dict[str, Any]:
    """One of the paper's nine Inception modules."""
    return {"kind": "Inception", **dict(zip(FIELDS, MODULES[name], strict=True)), **more}


def _auxiliary() -> dict[str, Any]:
    pooled = {"kind": "AvgPool2d", "kernel_size": 5, "stride": 3}
    layers = [
        pooled,
        conv(128, 1),
        RELU,
        FLATTEN,
        linear(1024),
        RELU,
        {"kind": "Dropout", "p": 0.7},
        linear(1000),
    ]
    return {"kind": "AuxiliaryHead", "layers": layers}


@preset_of(
    "googlenet",
    words("GoogLeNet (paper)", "GoogLeNet（论文）"),
    words(
        "Nine Inception modules as in the paper's table 1, two auxiliary heads.",
        "论文表 1 的九个 Inception 模块，两个辅助分类器。",
    ),
)
def googlenet() -> dict[str, Any]:
    norm = {"kind": "LocalResponseNorm", "size": 5}
    half = pool(3, stride=2, ceil_mode=True)
    layers = [
        *(conv(64, 7, stride=2, padding=3), RELU, half, norm),
        *(conv(64, 1), RELU, conv(192, 3, padding=1), RELU, norm, half),
        *(module("3a"), module("3b"), half),
        *(
            module("4a"),
            _auxiliary(),
            module("4b"),
            module("4c"),
            module("4d"),
            _auxiliary(),
            module("4e"),
            half,
        ),
        *(module("5a"), module("5b")),
        *(*AVERAGE, {"kind": "Dropout", "p": 0.4}, linear(1000)),
    ]
    return image_net(layers, 3, 224, 224)


def _conv_norm(filters: int, kernel: int, **more: Any) -> Layers:
    return [conv(filters, kernel, bias=False, **more), {"kind": "BatchNorm2d", "eps": 0.001}, RELU]


@preset_of(
    "googlenet-torchvision",
    words("GoogLeNet (torchvision)", "GoogLeNet(torchvision)"),
    words(
        "Another network of that name: BatchNorm everywhere, 3×3 where the paper has 5×5, no heads.",
        "同名的另一个网络：处处 BatchNorm，论文的 5×5 处用 3×3，无辅助分类器。",
    ),
)
def googlenet_torchvision() -> dict[str, Any]:
    half = pool(3, stride=2, ceil_mode=True)
    own = {"third_kernel": "3x3", "batch_norm": True}
    layers = [
        *(*_conv_norm(64, 7, stride=2, padding=3), half),
        *(*_conv_norm(64, 1), *_conv_norm(192, 3, padding=1), half),
        *(module("3a", **own), module("3b", **own), half),
        *(module(name, **own) for name in ("4a", "4b", "4c", "4d", "4e")),
        pool(2, ceil_mode=True),
        *(module("5a", **own), module("5b", **own)),
        *(*AVERAGE, {"kind": "Dropout", "p": 0.2}, linear(1000)),
    ]
    return image_net(layers, 3, 224, 224)


def inception_a() -> dict[str, Any]:
    """The lecture's InceptionA: four branches to 88 channels, no activation inside."""
    average = {"kind": "AvgPool2d", "kernel_size": 3, "stride": 1, "padding": 1}
    branches = [
        [conv(16, 1)],
        [conv(16, 1), conv(24, 5, padding=2)],
        [conv(16, 1), conv(24, 3, padding=1), conv(24, 3, padding=1)],
        [average, conv(24, 1)],
    ]
    return {"kind": "Parallel", "branches": branches}


@preset_of(
    "inception-mnist",
    words("Inception net (lecture)", "Inception 网络（课程）"),
    words("Two InceptionA blocks for 28×28 digits.", "用于 28×28 数字的两个 InceptionA 模块。"),
)
def inception_mnist() -> dict[str, Any]:
    layers = [conv(10, 5), pool(2), RELU, inception_a(), conv(20, 5), pool(2), RELU, inception_a()]
    return image_net([*layers, FLATTEN, linear(10)], 1, 28, 28)
