"""The networks of the study notes and the lectures, written by hand beside their figures."""

from typing import Any

Layers = list[dict[str, Any]]

RELU: dict[str, Any] = {"kind": "ReLU"}


def layer(kind: str, **fields: Any) -> dict[str, Any]:
    return {"kind": kind, **fields}


def network(dims: list[int], *layers: dict[str, Any], dtype: str = "float32") -> dict[str, Any]:
    return {"input": {"dims": dims, "dtype": dtype}, "layers": list(layers)}


def conv(filters: int, kernel: int, **fields: Any) -> dict[str, Any]:
    return layer("Conv2d", out_channels=filters, kernel_size=kernel, **fields)


def inception(config: dict[str, int], naive: bool) -> dict[str, Any]:
    """A module of GoogLeNet; the naive one has no 1×1 reductions."""
    thin = {
        "ch3x3red": config.get("n3x3reduce"),
        "ch5x5red": config.get("n5x5reduce"),
        "pool_proj": config.get("pool_proj"),
    }
    return layer(
        "Inception",
        ch1x1=config["n1x1"],
        ch3x3=config["n3x3"],
        ch5x5=config["n5x5"],
        **(dict.fromkeys(thin) if naive else thin),
    )


def inception_a() -> dict[str, Any]:
    """The lecture's module: four branches, no activation inside."""
    branches = [
        [conv(16, 1)],
        [conv(16, 1), conv(24, 5, padding=2)],
        [conv(16, 1), conv(24, 3, padding=1), conv(24, 3, padding=1)],
        [layer("AvgPool2d", kernel_size=3, stride=1, padding=1), conv(24, 1)],
    ]
    return layer("Parallel", branches=branches)


def auxiliary_head(classes: int) -> Layers:
    return [
        layer("AvgPool2d", kernel_size=5, stride=3),
        conv(128, 1),
        RELU,
        layer("Flatten"),
        layer("Linear", out_features=1_024),
        RELU,
        layer("Dropout", p=0.7),
        layer("Linear", out_features=classes),
    ]


def cifar_resnet(n: int, shortcut: str) -> dict[str, Any]:
    """He et al. 2015, section 4.2: 6n + 2 layers, 16, 32 and 64 filters."""
    stages = [
        layer("BasicBlock", planes=planes, stride=2 if planes > 16 and i == 0 else 1, shortcut=shortcut)
        for planes in (16, 32, 64)
        for i in range(n)
    ]
    head = [layer("AdaptiveAvgPool2d", output_size=1), layer("Flatten"), layer("Linear", out_features=10)]
    stem = [conv(16, 3, padding=1, bias=False), layer("BatchNorm2d"), RELU]
    return network([3, 32, 32], *stem, *stages, *head)


def names(
    embedding: int, hidden: int, layers: int, both_ways: bool, classes: int, steps: int
) -> dict[str, Any]:
    """The name classifier over names of `steps` letters."""
    gru = layer("GRU", hidden_size=hidden, num_layers=layers, bidirectional=both_ways, returns="last")
    look_up = layer("Embedding", num_embeddings=128, embedding_dim=embedding)
    return network([steps], look_up, gru, layer("Linear", out_features=classes), dtype="int64")


LENET_LIKE = network(
    [1, 28, 28],
    conv(10, 5),
    layer("MaxPool2d", kernel_size=2),
    RELU,
    conv(20, 5),
    layer("MaxPool2d", kernel_size=2),
    RELU,
    layer("Flatten"),
    layer("Linear", out_features=10),
)

NETWORKS: dict[str, dict[str, Any]] = {
    "conv.notes_first": network([5, 100, 100], conv(10, 3)),
    "conv.padding1": network([1, 5, 5], conv(1, 3, padding=1, bias=False)),
    "conv.stride2": network([1, 5, 5], conv(1, 3, stride=2, bias=False)),
    "pool.4to2": network([1, 4, 4], layer("MaxPool2d", kernel_size=2)),
    "mlp9.baseline": network(
        [1, 28, 28],
        layer("Flatten"),
        *(
            item
            for width in (512, 256, 128, 64, 10)
            for item in (layer("Linear", out_features=width), *([RELU] if width > 10 else []))
        ),
    ),
    "net10.mnist": LENET_LIKE,
    "net10.homework": network(
        [1, 28, 28],
        *(
            item
            for filters in (10, 20, 30)
            for item in (conv(filters, 3, padding=1), RELU, layer("MaxPool2d", kernel_size=2))
        ),
        layer("Flatten"),
        *(layer("Linear", out_features=width) for width in (130, 60, 10)),
    ),
    "inception.lecture_ops_direct": network([192, 28, 28], conv(32, 5, padding=2)),
    "inception.lecture_ops_1x1": network([192, 28, 28], conv(16, 1), conv(32, 5, padding=2)),
    "inceptionA.in10": network([10, 12, 12], inception_a()),
    "incnet11.mnist": network(
        [1, 28, 28],
        conv(10, 5),
        layer("MaxPool2d", kernel_size=2),
        RELU,
        inception_a(),
        conv(20, 5),
        layer("MaxPool2d", kernel_size=2),
        RELU,
        inception_a(),
        layer("Flatten"),
        layer("Linear", out_features=10),
    ),
    "googlenet.aux1": network([512, 14, 14], *auxiliary_head(1_000)),
    "googlenet.aux2": network([528, 14, 14], *auxiliary_head(1_000)),
    "resblock.16": network(
        [16, 12, 12], layer("Residual", body=[conv(16, 3, padding=1), RELU, conv(16, 3, padding=1)]), RELU
    ),
    "resnet11.mnist": network(
        [1, 28, 28],
        *(
            item
            for filters in (16, 32)
            for item in (
                conv(filters, 5),
                RELU,
                layer("MaxPool2d", kernel_size=2),
                layer("Residual", body=[conv(filters, 3, padding=1), RELU, conv(filters, 3, padding=1)]),
                RELU,
            )
        ),
        layer("Flatten"),
        layer("Linear", out_features=10),
    ),
    "rnncell.lecture": network([4], layer("RNNCell", hidden_size=2)),
    "rnn.lecture": network([3, 4], layer("RNN", hidden_size=2)),
    "rnn.layers2": network([3, 4], layer("RNN", hidden_size=2, num_layers=2)),
    "rnn.batch_first": network([3, 4], layer("RNN", hidden_size=2)),
    "rnn.bi2": network([3, 4], layer("RNN", hidden_size=2, num_layers=2, bidirectional=True)),
    "lstm.lecture": network([3, 4], layer("LSTM", hidden_size=2)),
    "gru.lecture": network([3, 4], layer("GRU", hidden_size=2)),
    "lstmcell": network([4], layer("LSTMCell", hidden_size=2)),
    "grucell": network([4], layer("GRUCell", hidden_size=2)),
    "hello.rnncell": network([4], layer("RNNCell", hidden_size=4)),
    "hello.rnn": network([5, 4], layer("RNN", hidden_size=4)),
    **{
        f"hello.embedding.{kind.lower()}": network(
            [5],
            layer("Embedding", num_embeddings=4, embedding_dim=10),
            layer(kind, hidden_size=8, num_layers=2),
            layer("Linear", out_features=4),
            dtype="int64",
        )
        for kind in ("RNN", "LSTM", "GRU")
    },
}
"""Id of a case -> its network."""

NAMES: dict[str, tuple[int, int, int, bool, int]] = {
    "names.gru18": (100, 100, 2, True, 18),
    "names.gru18.uni": (100, 100, 2, False, 18),
    "names.faker17.lecture": (100, 100, 2, True, 17),
    "names.faker17.quick": (64, 64, 1, True, 17),
}
"""Id of a case -> embedding, hidden size, layers, both directions, classes."""
