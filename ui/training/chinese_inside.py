"""The Chinese reading of what the training page says of the inside of a network."""

INSIDE = {
    "What the step did to each layer": "这一步对每一层做了什么",
    "layer": "层",
    "gradient norm": "梯度范数",
    "update ratio |Δw| / |w|": "更新比 |Δw| / |w|",
    "No step has been taken yet.": "还没有走过任何一步。",
    "How far the optimiser moved a layer's weights, as a share of their length: measured, not computed from the learning "
    "rate. About {usual} a step (dashed) is a rough rule (CS231n course notes); ▼ is under a hundredth of it, ▲ over a "
    "hundred times.": "优化器把一层的权重移动了多远，以权重长度的比例表示：是实测值，不是由学习率算出的。每步约 {usual}（虚线）是一条粗略"
    "经验（CS231n 课程笔记）；▼ 表示不到它的百分之一，▲ 表示超过它的一百倍。",
    "A gradient has ▼ under a thousandth of the largest layer's, where hardly anything arrives, and ▲ over a thousand "
    "times what it was at first.": "梯度不到最大一层的千分之一时标 ▼，几乎什么都没有传到；超过自身最初值的一千倍时标 ▲。",
    "Rows of {name} as images": "{name} 的各行，画成图像",
    "Kernels of {name}": "{name} 的卷积核",
    "the first {kept} of {count}": "前 {kept} 个，共 {count} 个",
    "weights": "权重",
    "gradient": "梯度",
    "Its gradient is known once a step has been taken.": "走过一步之后才有它的梯度。",
    "kernel {number}": "第 {number} 个卷积核",
    "Each has {count} pictures, one for each colour channel.": "每个有 {count} 幅图，每个颜色通道一幅。",
}
