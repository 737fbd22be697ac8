"""The Chinese reading of what the residual page says."""

_PAGE = {
    "y = F(x) + x: both sides of the plus must agree, and the gradient gets a road of its own.": "y = F(x) + x："
    "相加两边形状必须一致，梯度因此有了自己的一条路。",
    "Mend the sum first.": "请先修复加法。",
    "lecture block": "课程的块",
    "Two 3×3 convolutions on 16 channels, no batch norm.": "16 个通道上的两个 3×3 卷积，没有批量归一化。",
    "basic 64": "基本块 64",
    "The block of ResNet-18 and 34.": "ResNet-18 和 34 的块。",
    "bottleneck 256": "瓶颈块 256",
    "The block of ResNet-50 and deeper.": "ResNet-50 及更深网络的块。",
    "down A": "下采样 A",
    "Half the size, twice the channels; zeros fill the new ones.": "尺寸减半，通道加倍；新通道补零。",
    "down B": "下采样 B",
    "Half the size, twice the channels; a 1×1 where the shape changes.": "尺寸减半，通道加倍；形状变化处用 1×1。",
    "down C": "下采样 C",
    "Half the size, twice the channels; a 1×1 on every shortcut.": "尺寸减半，通道加倍；每条捷径都用 1×1。",
    "1 + 16": "1 + 16",
    "PyTorch adds 1 channel to 16 without a word.": "PyTorch 会不加提示地把 1 个通道加到 16 个通道上。",
}

_FIELDS = {
    "block": "块",
    "basic": "基本",
    "bottleneck": "瓶颈",
    "channels in": "输入通道",
    "channels out": "输出通道",
    "shortcut": "捷径",
    "identity": "恒等",
    "A: pad": "A：补零",
    "B: 1×1": "B：1×1",
    "C: all": "C：全部",
    "batch norm": "批量归一化",
    "activation": "激活函数",
    "zero the last convolution": "将最后一个卷积置零",
    "blocks in the stack below": "下面堆叠的块数",
}

_PICTURE = {
    "Plain": "普通",
    "one road, through every layer": "只有一条路，穿过每一层",
    "the input goes round and is added": "输入绕过去，再加上",
    "gradient, each block below": "梯度，下图每个块",
    "Plain block: {input} comes in, {output} leaves.": "普通块：输入 {input}，输出 {output}。",
    "Residual block: {input} comes in; F(x) is {branch}, the shortcut {skip}; sum: {output}.": "残差块：输入 {input}；"
    "F(x) 为 {branch}，捷径为 {skip}；和：{output}。",
    "{size} convolution, {from} to {to} channels, {n} weights": "{size} 卷积，{from} 到 {to} 通道，{n} 个权重",
    "1×1, stride {s}": "1×1，步长 {s}",
    "every {s}nd cell": "每隔 {s} 格取一",
    "as it is": "原样",
    "The zeroed convolution stands in the block above only.": "置零的卷积只在上面的模块中。",
    "+{n} zeros": "+{n} 个零通道",
    "no sum": "无法相加",
    "x, padded": "x，补零",
    "F(x) is {branch}, x is {skip}: a sum needs equal shapes.": "F(x) 为 {branch}，x 为 {skip}：相加要求形状相同。",
    "F(x) is {branch}, x is {skip}. PyTorch would add them without a word: it repeats x until the sum is {sum}.": "F(x) 为 "
    "{branch}，x 为 {skip}。PyTorch 会不加提示地相加：它重复 x，直到和为 {sum}。",
}

_LAWS = {
    "pad(x)": "补零(x)",
    "slope inside = ": "括号内斜率 = ",
    "What F′ loses is lost for every layer before it.": "F′ 丢掉的，前面每一层都得不到。",
    "The 1 is the shortcut: it hands the gradient on, whatever F′ does.": "1 来自捷径：无论 F′ 如何，它都把梯度传下去。",
    "The 1 is the shortcut, for the channels and cells that it keeps.": "1 来自捷径，只对它保留的通道和单元格成立。",
    "W is learnt, so this shortcut has weights, and its gradient is no longer untouched.": "W 是学出来的：这条捷径有权重，"
    "梯度经过它不再原样不变。",
    "trying it out…": "正在试验…",
    "Tried with random weights: all {n} numbers that come out are 0.": "用随机权重试验：输出的 {n} 个数全是 0。",
    "Tried with random weights: {some} of {n} numbers that come out are not 0.": "用随机权重试验：输出的 {n} 个数中有 {some} "
    "个不是 0。",
    "Tried with random weights: all {n} numbers are exactly {act} of the shortcut.": "用随机权重试验：{n} 个数全都恰好等于捷径的 "
    "{act}。",
    "Tried with random weights: {some} of {n} numbers differ from {act} of the shortcut.": "用随机权重试验：{n} 个数中有 "
    "{some} 个与捷径的 {act} 不同。",
}

_CHART = {
    "Gradient norm at each of {n} layers": "{n} 层各层的梯度范数",
    "Gradient norm at each layer": "各层的梯度范数",
    "Gradient norm at {n} layers, log scale; arrow keys choose a layer": "{n} 层的梯度范数，对数刻度；方向键选择层",
    "measuring in PyTorch…": "正在用 PyTorch 测量…",
    "Measure again": "重新测量",
    "Send the gradient back": "让梯度传回去",
    "New seeds": "换随机种子",
    "stem, layer {n}": "首层，第 {n} 层",
    "head, layer {n}": "输出层，第 {n} 层",
    "plain": "普通",
    "residual": "残差",
    "here a step of {rate} moves no float32 weight": "这里步长 {rate} 改变不了任何 float32 权重",
    "stands still": "停滞",
    "One real backward pass: a stem, {depth} narrow copies of this block and a head, on {samples} digits, with fresh "
    "weights. Line: median of seeds {first} to {last}; band: least to most.": "一次真实的反向传播：首层、{depth} 个窄的同类块和"
    "输出层，{samples} 个数字图像，全新权重。线：种子 {first} 到 {last} 的中位数；带：最小到最大。",
    "Train the plain net": "训练普通网络",
}

_MORALS = {
    "{still} of {n} plain layers stand still: each block leaves {factor} of the gradient.": "普通网络 {n} 层中有 {still} "
    "层停滞：每个块只留下梯度的 {factor}。",
    "So few blocks lose little: all {n} plain layers still move ({factor} each block).": "块这么少，损失不大：普通网络的 {n} "
    "层都还能动（每块 {factor}）。",
    "With the shortcut it is {factor}, and every layer moves.": "有捷径时为 {factor}，每一层都能动。",
    "With the shortcut it is {factor}, and {still} layers stand still.": "有捷径时为 {factor}，有 {still} 层停滞。",
    "Switch batch norm on: the plain gradient no longer vanishes, and deep plain nets still train worse.": "打开批量归一化："
    "普通网络的梯度不再消失，而深的普通网络仍然训练得更差。",
    "With batch norm the plain net's gradient does not vanish: {stem} at the stem, {head} at the head.": "有批量归一化时，"
    "普通网络的梯度并不消失：首层 {stem}，输出层 {head}。",
    "Even with batch norm little reaches the stem: {stem} against {head} at the head.": "即使有批量归一化，到达首层的也很少："
    "{stem}，而输出层为 {head}。",
    "With the shortcut each block leaves {factor}.": "有捷径时每个块留下 {factor}。",
    "Deep plain nets still fit even the training set worse; He et al. call it degradation. Train this and the plain net, and see.": (
        "深的普通网络仍然连训练集都拟合得更差；何恺明等人称之为退化。两个都训练看看。"
    ),
    "Mend the sum, and the residual net joins.": "修复加法，残差网络就会加入。",
    "Some seeds gave no finite number.": "有的种子没有得到有限的数。",
}

_COSTS = {
    "Kept for backward": "反向传播保留",
    "plain {n}": "普通 {n}",
    "plain {n} · shortcut +0": "普通 {n} · 捷径 +0",
    "shortcut {n}": "捷径 {n}",
    "Basic to bottleneck, weights": "基本块比瓶颈块，权重",
    "The programs": "程序",
    "Both blocks as PyTorch modules; they run as they are.": "两个块的 PyTorch 模块，可直接运行。",
    "No program: mend the sum first.": "没有程序：请先修复加法。",
    "1×1: +{n} parameters": "1×1：+{n} 个参数",
    "Pad with zeros: +0": "补零：+0",
    "Skip cells: +0": "隔格取样：+0",
    "Thin the input": "减少输入通道",
    "Keep the shape": "保持形状",
}

_EXERCISES = {
    "The identity test": "恒等测试",
    "The lecture's block on 16 channels; weight and bias of its last convolution are set to 0. {n} random numbers come out.": ""
    "课程的块，16 个通道；最后一个卷积的权重和偏置设为 0。输出 {n} 个数。",
    "How many of them differ from ReLU(x)?": "其中有多少个与 ReLU(x) 不同？",
    "And of the plain block, how many are not 0?": "普通块的输出中有多少个不是 0？",
    "F(x) is 0, so the residual block hands x on; for the plain block the same weights wipe everything out. Doing nothing is "
    "easy for a residual block.": "F(x) 为 0，残差块于是把 x 传下去；对普通块，同样的权重抹掉了一切。残差块很容易做到“什么也不做”。",
    "16 channels and 32": "16 个通道与 32 个通道",
    "16 × 12 × 12 flows in, the branch has 32 filters with batch norm, the shortcut is the identity.": "流入 16 × 12 × 12，"
    "分支有 32 个卷积核并带批量归一化，捷径为恒等。",
    "What is the shape of F(x)?": "F(x) 的形状是什么？",
    "How many parameters does a 1×1 on the shortcut add?": "捷径上的 1×1 增加多少参数？",
    "And zeros for the new channels?": "给新通道补零呢？",
    "The sum is refused until both sides agree: project (option B), pad (option A), or keep 16 channels.": "两边一致之前无法相加："
    "投影（选项 B）、补零（选项 A），或保持 16 个通道。",
    "1 channel and 16": "1 个通道与 16 个通道",
    "1 × 12 × 12 flows in, 16 channels come out of the branch, the shortcut is the identity.": "流入 1 × 12 × 12，分支输出 16 "
    "个通道，捷径为恒等。",
    "What is the shape of the sum in PyTorch?": "在 PyTorch 中和的形状是什么？",
    "How many parameters would a 1×1 add?": "1×1 会增加多少参数？",
    "PyTorch repeats the one channel sixteen times and says nothing; this page treats it as a fault, because it is rarely "
    "meant.": "PyTorch 把这一个通道重复十六次，什么也不说；本页把它当作错误，因为这很少是本意。",
    "What the bottleneck saves": "瓶颈省下了什么",
    "256 channels in and out; convolution weights only.": "输入输出各 256 个通道；只计卷积权重。",
    "Weights of the basic block on 256 channels?": "256 个通道的基本块有多少权重？",
    "Of the bottleneck on 256 channels?": "256 个通道的瓶颈块呢？",
    "Of the basic block on 64 channels?": "64 个通道的基本块呢？",
    "The 3×3 works on a quarter of the channels, and a 3×3 costs the square of its width: four times the channels for about "
    "the price of the basic block on 64.": "3×3 只在四分之一的通道上工作，而其代价是宽度的平方：四倍的通道，价格约等于 64 "
    "个通道的基本块。",
    "Option A or B": "选项 A 还是 B",
    "ResNet-20 for CIFAR: two of its nine blocks halve the size and double the channels.": "CIFAR 的 ResNet-20：九个块中有两个"
    "把尺寸减半、通道加倍。",
    "Parameters with option A?": "选项 A 的参数量？",
    "With option B?": "选项 B 的呢？",
    "Two 1×1 convolutions with batch norm make the difference; zeros cost nothing.": "差别来自两个带批量归一化的 1×1 卷积；"
    "补零没有代价。",
    "ResNet-34 and 50": "ResNet-34 与 50",
    "Sixteen blocks each, of two 3×3 in one and of a bottleneck in the other; 224 × 224, 1,000 classes.": "各有十六个块，一个用"
    "两个 3×3，另一个用瓶颈块；224 × 224，1,000 个类别。",
    "Parameters of ResNet-34?": "ResNet-34 的参数量？",
    "Of ResNet-50?": "ResNet-50 的呢？",
    "How many per cent more MACs has ResNet-50?": "ResNet-50 的乘加次数多百分之多少？",
    "Sixteen layers more, and little more work: that is what the bottleneck is for.": "多了十六层，计算量却没多多少：这正是瓶颈的用处。",
}

CHINESE: dict[str, str] = {
    **_PAGE,
    **_FIELDS,
    **_PICTURE,
    **_LAWS,
    **_CHART,
    **_MORALS,
    **_COSTS,
    **_EXERCISES,
}
