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
    "At a gradient ▼ is under a thousandth of the largest layer's: hardly anything arrives there. ▲ is over a thousand "
    "times what it was at first.": "梯度不到最大一层的千分之一时标 ▼，几乎什么都没有传到；超过自身最初值的一千倍时标 ▲。",
    "Rows of {name} as images": "{name} 的各行，画成图像",
    "Kernels of {name}": "{name} 的卷积核",
    "the first {kept} of {count}": "前 {kept} 个，共 {count} 个",
    "weights": "权重",
    "gradient": "梯度",
    "Its gradient was not measured at this step.": "这一步没有测量它的梯度。",
    "Its gradient is known once a step has been taken.": "走过一步之后才有它的梯度。",
    "kernel {number}": "第 {number} 个卷积核",
    "Each has {count} pictures, one for each colour channel.": "每个有 {count} 幅图，每个颜色通道一幅。",
    "Pick an image above or draw one, and see what each layer makes of it while the network learns.": (
        "在上方选一幅图像，或者自己画一幅，就能在网络学习的同时看到每一层把它变成什么。"
    ),
    "weights {when}": "{when}的权重",
    "No weights were kept so early; the first are those {when}.": "这么早还没有保存权重；最早的是{when}的权重。",
    "This run has kept no weights: they are kept at the end of an epoch.": "这个运行没有保存权重：权重在每轮结束时保存。",
    "{name}, layer {number}": "{name}，第 {number} 层",
    "{name}, backward": "{name}，反向",
    "Hidden states, letter by letter": "隐藏状态，逐字母",
    "One image through the network": "一幅图像穿过网络",
    "Draw a digit here": "在这里画一个数字",
    "Draw here": "在这里画",
    "Large and in the middle, as the samples are; or pick one of the images above.": "画大一些、画在中间，像样本那样；"
    "也可以在上方选一幅图像。",
    "Pick another of the images above.": "可以在上方另选一幅图像。",
    "Clear": "清除",
    "validation image {number}, a {truth}": "第 {number} 幅验证图像，类别 {truth}",
    "your drawing": "你画的图像",
    "What it says": "网络的判断",
    "A worker runs it through…": "正在让它穿过网络…",
    "Some of these values are no numbers: the weights have diverged.": "其中有些值不是数：权重已经发散。",
    "map {number}": "第 {number} 幅特征图",
    "step {step}, unit {unit}: {value}": "第 {step} 步，第 {unit} 个单元：{value}",
}
