"""The notes' small CNNs, and the early famous ones."""

from typing import Any

from netlib.presets.catalogue import FLATTEN, RELU, Layers, conv, image_net, linear, pool, preset_of
from netlib.words import words


@preset_of(
    "net",
    words("Net (320 → 10)", "Net (320 → 10)"),
    words("The notes' small CNN for 28×28 digits.", "笔记中用于 28×28 数字的小 CNN。"),
)
def net() -> dict[str, Any]:
    layers = [conv(10, 5), pool(2), RELU, conv(20, 5), pool(2), RELU, FLATTEN, linear(10)]
    return image_net(layers, 1, 28, 28)


@preset_of(
    "net-homework",
    words("Net, homework", "Net，课后作业"),
    words("Three convolutions, three poolings, three linear layers.", "三个卷积、三个池化、三个全连接层。"),
)
def net_homework() -> dict[str, Any]:
    layers: Layers = []
    for filters in (10, 20, 30):
        layers += [conv(filters, 3, padding=1), pool(2), RELU]
    return image_net([*layers, FLATTEN, linear(130), RELU, linear(60), RELU, linear(10)], 1, 28, 28)


@preset_of(
    "mlp",
    words("Fully connected net", "全连接网络"),
    words("784-512-256-128-64-10: what the Net replaces.", "784-512-256-128-64-10：Net 所取代的网络。"),
)
def mlp() -> dict[str, Any]:
    layers: Layers = [FLATTEN]
    for units in (512, 256, 128, 64):
        layers += [linear(units), RELU]
    return image_net([*layers, linear(10)], 1, 28, 28)


@preset_of(
    "lenet5",
    words("LeNet-5", "LeNet-5"),
    words(
        "LeCun et al. 1998 in today's form: every map sees all channels, max pooling without weights.",
        "LeCun 等 1998 的现代写法：每个特征图看所有通道，最大池化不带权重。",
    ),
)
def lenet5() -> dict[str, Any]:
    tanh = {"kind": "Tanh"}
    layers = [conv(6, 5), tanh, pool(2), conv(16, 5), tanh, pool(2), conv(120, 5), tanh]
    return image_net([*layers, FLATTEN, linear(84), tanh, linear(10)], 1, 32, 32)


@preset_of(
    "alexnet",
    words("AlexNet (torchvision)", "AlexNet(torchvision)"),
    words(
        "Krizhevsky 2014, one tower, as torchvision has it.", "Krizhevsky 2014，单塔，与 torchvision 一致。"
    ),
)
def alexnet() -> dict[str, Any]:
    drop = {"kind": "Dropout"}
    features = [
        *(conv(64, 11, stride=4, padding=2), RELU, pool(3, stride=2)),
        *(conv(192, 5, padding=2), RELU, pool(3, stride=2)),
        *(conv(384, 3, padding=1), RELU, conv(256, 3, padding=1), RELU, conv(256, 3, padding=1), RELU),
        pool(3, stride=2),
        {"kind": "AdaptiveAvgPool2d", "output_size": 6},
    ]
    head = [FLATTEN, drop, linear(4096), RELU, drop, linear(4096), RELU, linear(1000)]
    return image_net([*features, *head], 3, 224, 224)


def _vgg(stages: list[list[int]]) -> dict[str, Any]:
    layers: Layers = []
    for stage in stages:
        for filters in stage:
            layers += [conv(filters, 3, padding=1), RELU]
        layers.append(pool(2))
    drop = {"kind": "Dropout"}
    layers.append({"kind": "AdaptiveAvgPool2d", "output_size": 7})
    head = [FLATTEN, linear(4096), RELU, drop, linear(4096), RELU, drop, linear(1000)]
    return image_net([*layers, *head], 3, 224, 224)


@preset_of(
    "vgg11",
    words("VGG-11", "VGG-11"),
    words("Simonyan and Zisserman 2014, configuration A.", "Simonyan 与 Zisserman 2014，配置 A。"),
)
def vgg11() -> dict[str, Any]:
    return _vgg([[64], [128], [256] * 2, [512] * 2, [512] * 2])


@preset_of(
    "vgg16",
    words("VGG-16", "VGG-16"),
    words("Simonyan and Zisserman 2014, configuration D.", "Simonyan 与 Zisserman 2014，配置 D。"),
)
def vgg16() -> dict[str, Any]:
    return _vgg([[64] * 2, [128] * 2, [256] * 3, [512] * 3, [512] * 3])
