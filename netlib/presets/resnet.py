"""ResNets (He et al. 2015): the lecture's, the ImageNet ones in both layouts, and those for CIFAR."""

from typing import Any

from netlib.presets.catalogue import AVERAGE, FLATTEN, RELU, Layers, conv, image_net, linear, pool, preset_of
from netlib.words import words

NORM: dict[str, Any] = {"kind": "BatchNorm2d"}


def residual_block(channels: int) -> Layers:
    """The lecture's block: relu(x + conv(relu(conv(x)))), no BatchNorm."""
    body = [conv(channels, 3, padding=1), RELU, conv(channels, 3, padding=1)]
    return [{"kind": "Residual", "body": body, "shortcut": "identity"}, RELU]


@preset_of(
    "resnet-mnist",
    words("Residual net (lecture)", "残差网络（课程）"),
    words("Two residual blocks for 28×28 digits.", "用于 28×28 数字的两个残差模块。"),
)
def resnet_mnist() -> dict[str, Any]:
    layers = [
        conv(16, 5),
        RELU,
        pool(2),
        *residual_block(16),
        conv(32, 5),
        RELU,
        pool(2),
        *residual_block(32),
    ]
    return image_net([*layers, FLATTEN, linear(10)], 1, 28, 28)


def _imagenet(kind: str, depths: tuple[int, ...], **more: Any) -> dict[str, Any]:
    layers: Layers = [conv(64, 7, stride=2, padding=3, bias=False), NORM, RELU, pool(3, stride=2, padding=1)]
    for stage, depth in enumerate(depths):
        for i in range(depth):
            stride = {"stride": 2} if stage and i == 0 else {}
            layers.append({"kind": kind, "planes": 64 * 2**stage, **stride, **more})
    return image_net([*layers, *AVERAGE, linear(1000)], 3, 224, 224)


_DEPTHS: dict[int, tuple[str, tuple[int, ...]]] = {
    18: ("BasicBlock", (2, 2, 2, 2)),
    34: ("BasicBlock", (3, 4, 6, 3)),
    50: ("Bottleneck", (3, 4, 6, 3)),
    101: ("Bottleneck", (3, 4, 23, 3)),
    152: ("Bottleneck", (3, 8, 36, 3)),
}

_TORCHVISION = words("As in torchvision: stride in the 3×3.", "与 torchvision 一致：步长在 3×3 上。")
_PAPER = words("As in the paper: stride in the first 1×1.", "与论文一致：步长在第一个 1×1 上。")
_BASIC = words(
    "Basic blocks, projections where shapes change (option B).", "基本残差块，形状变化处用投影（选项 B）。"
)


def _enter_imagenet(depth: int) -> None:
    kind, stages = _DEPTHS[depth]
    title = words(f"ResNet-{depth}", f"ResNet-{depth}")
    about = _TORCHVISION if kind == "Bottleneck" else _BASIC
    preset_of(f"resnet{depth}", title, about)(lambda: _imagenet(kind, stages))
    if kind == "Bottleneck":
        title = words(f"ResNet-{depth} (paper)", f"ResNet-{depth}（论文）")
        preset_of(f"resnet{depth}-paper", title, _PAPER)(lambda: _imagenet(kind, stages, stride_on="1x1"))


_CIFAR = words(
    "6n + 2 layers for 32×32 images, shortcut option A.", "用于 32×32 图像的 6n + 2 层网络，捷径选项 A。"
)


def _cifar(n: int) -> dict[str, Any]:
    layers: Layers = [conv(16, 3, padding=1, bias=False), NORM, RELU]
    for stage, planes in enumerate((16, 32, 64)):
        for i in range(n):
            stride = {"stride": 2} if stage and i == 0 else {}
            layers.append({"kind": "BasicBlock", "planes": planes, **stride, "shortcut": "A"})
    return image_net([*layers, *AVERAGE, linear(10)], 3, 32, 32)


def _enter_cifar(depth: int) -> None:
    title = words(f"CIFAR ResNet-{depth}", f"CIFAR ResNet-{depth}")
    preset_of(f"resnet{depth}-cifar", title, _CIFAR)(lambda: _cifar((depth - 2) // 6))


for _depth in _DEPTHS:
    _enter_imagenet(_depth)
for _depth in (20, 32, 44, 56, 110):
    _enter_cifar(_depth)
