"""The Chinese readings of what the inception page says."""

CHINESE: dict[str, str] = {
    "See what the 1×1 layers save: the same input, with and without them.": "看 1×1 层省下了什么：同一输入，有它与没有它。",
    "Let the branches join first.": "先让各分支能够拼接。",
    "Every window needs a padding of (k − 1) / 2.": "每个窗口需要 (k − 1) / 2 的填充。",
    # fields
    "Which module": "哪种模块",
    "GoogLeNet": "GoogLeNet",
    "InceptionA": "InceptionA",
    "GoogLeNet's module: max pooling, ReLU after each convolution. The lecture's InceptionA: two 3×3 in a "
    "row, average pooling, no activation.": "GoogLeNet 的模块：最大池化，每个卷积后接 ReLU。课程的 InceptionA：连续两个 3×3，"
    "平均池化，没有激活函数。",
    "input channels": "输入通道数",
    "height and width": "高与宽",
    "1×1 filters": "1×1 卷积核数",
    "3×3 filters": "3×3 卷积核数",
    "5×5 filters": "5×5 卷积核数",
    "1×1 before 3×3": "3×3 前的 1×1",
    "1×1 before 5×5": "5×5 前的 1×1",
    "1×1 after pooling": "池化后的 1×1",
    "Reduce the 3×3 branch": "3×3 分支降维",
    "Reduce the 5×5 branch": "5×5 分支降维",
    "Project the pool branch": "池化分支投影",
    "match output channels": "输出通道对齐",
    "Gives the module without 1×1 layers the same pool projection, so that both hand on as much.": "给没有 1×1 层的模块同样的"
    "池化投影，使两者输出的通道数相同。",
    "Without a projection the pool hands on all channels on both sides.": "没有投影时，两边的池化都会输出全部通道。",
    "padding": "填充",
    "keeps the size": "保持尺寸",
    "does not keep the size": "不保持尺寸",
    "padding of the 3×3 branch": "3×3 分支的填充",
    "padding of the 5×5 branch": "5×5 分支的填充",
    "padding of the pool": "池化的填充",
    "pays up to {r}": "≤ {r} 时划算",
    "A 1×1 with r filters saves MACs while r < k²·Cin·Cout / (Cin + k²·Cout). Press to set r to the last that does.": "当 r < "
    "k²·Cin·Cout / (Cin + k²·Cout) 时，r 个核的 1×1 卷积能省乘加。点击把 r 设为最后一个划算的值。",
    # picture
    "Without 1×1": "没有 1×1",
    "With 1×1": "有 1×1",
    "every branch reads all channels": "每个分支读全部通道",
    "narrow first, then look around": "先变窄，再看周围",
    "A pipe is as wide as its channels. Point at one to follow its branch.": "管道的宽度就是通道数。指向一条管道可跟踪这个分支。",
    "A solid piece is a layer, with its MACs. FLOPs = 2 × MACs.": "实心块是一层，标着乘加次数。FLOPs = 2 × MACs。",
    "max {k}": "最大 {k}",
    "avg {k}": "平均 {k}",
    "free": "无乘加",
    "The PyTorch program": "PyTorch 程序",
    "Either module, complete: it runs with torch alone.": "两种模块均可，完整程序：只需 torch 即可运行。",
    "The program appears once the branches join.": "各分支能够拼接后，程序才会出现。",
    # branches
    "the 1×1 branch": "1×1 分支",
    "the 3×3 branch": "3×3 分支",
    "the 5×5 branch": "5×5 分支",
    "the pool branch": "池化分支",
    "3×3": "3×3",
    "5×5": "5×5",
    "pool": "池化",
    " and ": "、",
    "{name}, {widths} channels: {params} parameters, {sum} = {macs} MACs": "{name}，通道 {widths}：参数量 {params}，"
    "{sum} = {macs} 次乘加",
    "{name}, {widths} channels: no parameters and no MACs": "{name}，通道 {widths}：没有参数，也没有乘加",
    # numbers
    "Activation memory": "激活内存",
    "What one sample keeps for the backward pass; the module's own input is not counted.": "一个样本为反向传播保留的量；不计模块的输入。",
    "Output channels": "输出通道数",
    "without": "没有",
    "with": "有",
    "A, with": "A，有",
    "fewer": "更少",
    "more": "更多",
    "the same": "相同",
    "now {by}": "现在 {by}",
    "Both hand on {n} channels: a fair comparison.": "两者都输出 {n} 个通道：比较是公平的。",
    "Without 1×1 the module hands on {bare} channels, with them {full}: a bare pool passes all {passed}. Match "
    "the output channels to compare like with like.": "没有 1×1 的模块输出 {bare} 个通道，有 1×1 的输出 {full} 个：没有投影的池化会"
    "传递全部 {passed} 个通道。对齐输出通道，才是同等比较。",
    "Nothing is handed on until the branches join.": "各分支能够拼接之前，没有输出。",
    # faults
    "cannot join": "无法拼接",
    "does not fit": "放不下",
    "{name} gives {size} × {size}": "{name}输出 {size} × {size}",
    "Concat stacks channels, so height and width must agree: {gives}, the others {size} × {size}.": "拼接是把通道叠起来，所以高和宽"
    "必须一致：{gives}，其余为 {size} × {size}。",
    "The window is larger than its padded input in {names}: there is no place for it to stand.": "在{names}中，窗口比填充后的输入还大："
    "没有可放的位置。",
    "Keep the size in every branch": "让每个分支保持尺寸",
    "Padding {padding} in the pool keeps {size} × {size}": "池化填充 {padding} 可保持 {size} × {size}",
    "Padding {padding} in the {branch} branch keeps {size} × {size}": "{branch} 分支填充 {padding} 可保持 {size} × {size}",
    # presets
    "A module of GoogLeNet, from the paper's table 1.": "GoogLeNet 的一个模块，取自论文表 1。",
    "InceptionA(10)": "InceptionA(10)",
    "The lecture's block, behind its first pooling.": "课程的模块，位于第一次池化之后。",
    "InceptionA(20)": "InceptionA(20)",
    "The lecture's block, behind its second pooling.": "课程的模块，位于第二次池化之后。",
    "broken padding": "错误填充",
    "A 5×5 branch without padding: see what concat says.": "没有填充的 5×5 分支：看看拼接会怎么说。",
    # exercises
    "The slide's example": "幻灯片的例子",
    "32 filters of 5×5 on 192 × 28 × 28; then the same behind 16 filters of 1×1. Biases left out.": "在 192 × 28 × 28 上用 32 个 5×5 "
    "卷积核；再在前面加 16 个 1×1 卷积核。不计偏置。",
    "How many multiplications without the 1×1?": "没有 1×1 时有多少次乘法？",
    "How many with it?": "有它时有多少次？",
    "{ratio} times fewer: the 5×5 looks at 16 channels instead of 192.": "减少到 {ratio} 分之一：5×5 只看 16 个通道，而不是 192 个。",
    "Module 3a": "模块 3a",
    "GoogLeNet's first module on 192 × 28 × 28, with its 1×1 layers and without.": "GoogLeNet 的第一个模块，输入 192 × 28 × 28，有与没有 "
    "1×1 层。",
    "How many channels does it hand on with them?": "有 1×1 层时输出多少个通道？",
    "How many without?": "没有时是多少？",
    "How many parameters with them?": "有 1×1 层时有多少参数？",
    "{ratio} times fewer parameters. The bare pool hands on all it gets.": "参数减少到 {ratio} 分之一。没有投影的池化会传递全部通道。",
    "Where do the channels go?": "通道去哪儿了？",
    "Modules 3a and 3b without any 1×1 layer: their pools hand on all channels.": "没有任何 1×1 层的模块 3a 和 3b：池化传递全部通道。",
    "How many channels does 3a hand on?": "3a 输出多少个通道？",
    "How many does 3b hand on, given 256 as in the paper?": "3b 按论文输入 256 个通道时，输出多少个？",
    "And given what the bare 3a hands on?": "若输入就是没有 1×1 的 3a 的输出呢？",
    "A pool cannot drop channels, so every module is wider than the one before. The projection ends that.": "池化不能减少通道，所以每个"
    "模块都比前一个更宽。投影终止了这种增长。",
    "A padding forgotten": "忘了填充",
    "Module 3a, and the 5×5 branch has no padding.": "模块 3a，但 5×5 分支没有填充。",
    "What shape does the 5×5 branch give?": "5×5 分支的输出形状是什么？",
    "Which padding lets the branches join?": "填充多少才能拼接？",
    "Concat stacks channels and adds nothing up: height and width must be the same in every branch.": "拼接只是把通道叠起来，并不相加："
    "各分支的高和宽必须相同。",
    "When does a 1×1 pay?": "1×1 何时划算？",
    "The 5×5 branch of module 3a: 192 channels in, 32 filters.": "模块 3a 的 5×5 分支：输入 192 个通道，32 个卷积核。",
    "How many 1×1 filters still save MACs?": "最多多少个 1×1 卷积核仍能节省乘加？",
    "r·(Cin + 25·Cout) must stay below 25·Cin·Cout. The paper takes {r}: far below it.": "r·(Cin + 25·Cout) 必须小于 25·Cin·Cout。"
    "论文取 {r}：远低于它。",
    "A 1×1 that widens": "变宽的 1×1",
    "The lecture's InceptionA on 10 × 12 × 12: its 1×1 layers have 16 filters.": "课程的 InceptionA，输入 10 × 12 × 12：它的 1×1 层有 16 个"
    "卷积核。",
    "How many parameters has it?": "它有多少参数？",
    "How many without the 1×1 layers?": "没有 1×1 层时是多少？",
    "How many channels does it hand on?": "它输出多少个通道？",
    "16 filters on 10 channels make the input wider, not thinner: here the 1×1 layers cost.": "在 10 个通道上用 16 个卷积核，使输入变宽而"
    "不是变窄：这里 1×1 层反而增加开销。",
    "Into the classifier": "进入分类器",
    "The lecture's second InceptionA on 20 × 4 × 4, then Flatten and Linear.": "课程的第二个 InceptionA，输入 20 × 4 × 4，之后是 Flatten "
    "和 Linear。",
    "What shape does the block give?": "模块的输出形状是什么？",
    "How many features reach the Linear layer?": "有多少个特征到达 Linear 层？",
    "Flatten multiplies channels, height and width.": "Flatten 把通道、高和宽相乘。",
}
