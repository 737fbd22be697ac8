"""The Chinese readings of the recurrent page."""

CHINESE = {
    "What if": "如果",
    "At “{last}” nothing that float32 can hold is left of the first letter, “{first}”, {back} steps back.": (
        "到 “{last}” 时，{back} 步之前的第一个字母 “{first}” 已经没有 float32 能表示的影响了。"
    ),
    "at most {n} letters": "最多 {n} 个字母",
    "Hold a gate shut (0) or open (1) in every unit and step, and see what it was there for.": (
        "把某个门在所有单元和所有时间步固定为关（0）或开（1），看看它起什么作用。"
    ),
    "Hold {gate}": "固定 {gate}",
    "held": "固定",
    "{gates} held: nn.{kind} itself differs by up to {difference}": (
        "{gates} 已固定：与 nn.{kind} 本身最多相差 {difference}"
    ),
    "One cell, the same weights at every step: output keeps every step of the top layer, h_n the last of each.": "同一个循环单元、"
    "同一套权重用于每个时间步：output 保存顶层的每一步，h_n 保存每层的最后一步。",
    "The training page has one text: 'hello', 5 steps out of 4 letters.": "训练页只有一段文本：'hello'，5 步、4 种字母。",
    # chips
    "4-2-3": "4-2-3",
    "2 layers": "两层",
    "bidirectional": "双向",
    "batch-first": "批量在前",
    "hello cell": "hello 单元",
    "hello LSTM": "hello LSTM",
    "50 steps": "50 步",
    "names": "姓名",
    "The lecture's demo: input size 4, hidden size 2, 3 steps.": "课堂示例：输入 4、隐藏 2、3 步。",
    "The demo with num_layers=2: h_n gets a row, output does not change.": "num_layers=2 的示例：h_n 多一行，output 的形状不变。",
    "The demo with a second lane that reads from the end.": "示例加上第二条通路：从末尾开始读。",
    "The demo with batch_first: x and output turn, h_n does not.": "batch_first 的示例：x 和 output 换轴，h_n 不变。",
    "RNNCell(4, 4) in a loop over 'hello'.": "用循环调用 RNNCell(4, 4) 读 'hello'。",
    "Letters through an embedding of 10, then an LSTM of two layers.": "字母先经过宽度 10 的嵌入，再进入两层 LSTM。",
    "The same 40 weights, used fifty times.": "同样 40 个参数，用五十次。",
    "The name classifier's GRU: embedding 128 × 100, two layers, both directions.": "姓名分类器的 GRU：嵌入 128 × 100，两层，双向。",
    # controls
    "Kind": "种类",
    "Form": "形式",
    "layer": "层",
    "cell": "单元",
    "your word": "你的单词",
    "{n} letters: {letters}": "{n} 种字母：{letters}",
    "one-hot": "独热",
    "embedding": "嵌入",
    "Letters as": "字母表示",
    "Nonlinearity": "非线性",
    "time steps": "时间步",
    "batch": "批量",
    "input size": "输入尺寸",
    "hidden size": "隐藏大小",
    "layers": "层数",
    "seed": "随机种子",
    "Next seed": "下一个种子",
    "weights": "权重",
    "PyTorch's first, untrained weights, made larger so that the gates open and close.": "PyTorch 的初始权重（未训练），"
    "放大后门的开合更明显。",
    # picture
    "{kind} unrolled over {steps} steps of “{word}”, {lanes} lanes. The arrow keys move over the cells.": "{kind} 在“{word}”的 "
    "{steps} 个时间步上展开，共 {lanes} 条通路。方向键在各单元之间移动。",
    "the cell": "循环单元",
    "layer {n}": "第 {n} 层",
    "{n} params": "{n} 个参数",
    "One colour is one set of weights: the same {n} parameters at every step.": "一种颜色是一套权重：每个时间步都用同样的 {n} 个参数。",
    "last h": "最后的 h",
    "h after every step  {shape}": "每步之后的 h  {shape}",
    "{n} more": "另 {n} 步",
    # equations
    "{lane}, t = {t} “{letter}”, unit {unit}": "{lane}，t = {t}“{letter}”，第 {unit} 个隐藏单元",
    "({n} of {all} are drawn)": "（画出 {all} 个中的 {n} 个）",
    "recomputing…": "重新计算中…",
    "Try again": "再试一次",
    "The largest difference between these states and those of the module itself, in float32.": "这些状态与模块自身状态之间的最大差，"
    "float32 精度。",
    "equals nn.{kind}, difference {difference}": "与 nn.{kind} 一致，差 {difference}",
    "differs from nn.{kind} by {difference}": "与 nn.{kind} 相差 {difference}",
    "equals a loop of nn.{kind}Cell, difference {difference}, and nn.{kind}, {layer}": "与循环的 nn.{kind}Cell 一致，差 {difference}；"
    "与 nn.{kind} 一致，差 {layer}",
    # gates
    "Gates and states of lane {lane}. The arrow keys move over steps and units.": "通路 {lane} 的门与状态。"
    "方向键在时间步和隐藏单元之间移动。",
    "input gate": "输入门",
    "forget gate": "遗忘门",
    "candidate": "候选状态",
    "output gate": "输出门",
    "cell state": "细胞状态",
    "hidden state": "隐藏状态",
    "reset gate": "重置门",
    "update gate: 1 keeps": "更新门：1 为保留",
    "from the letter": "来自字母",
    "from the state before": "来自上一状态",
    # sums
    "W x, U h′ and two bias vectors: cuDNN wants one beside each product, though their sum would do.": "W x、U h′ 和两个偏置向量："
    "cuDNN 在每个乘积旁各要一个，其实它们的和就够了。",
    "W x, U h′ and two bias vectors: in n, r multiplies only the second; elsewhere their sum would do.": "W x、U h′ 和两个偏置向量："
    "在 n 中 r 只乘第二个；别处它们的和就够了。",
    "W x and U h′, without bias.": "W x 和 U h′，没有偏置。",
    "{kind}: {n} parameters": "{kind}：{n} 个参数",
    "A cell takes one step. The loop over the steps is yours, and so is keeping the states.": "单元只走一步。"
    "对时间步的循环、状态的保存都由你来写。",
    "The backward lane ends at t = 0: its last state is {where}. In {last} stands its first step.": "反向通路在 t = 0 结束："
    "最后的状态是 {where}。{last} 里是它的第一步。",
    "batch_first turns x and output. h_n ignores it, and the picture does not move.": "batch_first 只让 x 和 output 换轴；h_n 不受影响，"
    "图也不动。",
    "Time comes first in x and output. batch_first would turn these two, and not h_n.": "x 和 output 里时间在前。"
    "batch_first 会换这两个的轴，不换 h_n。",
    "both directions": "双向",
    # around
    "What an output remembers": "输出记住了什么",
    "How far the output at one step hangs on the letter at another.": "某一步的输出在多大程度上取决于另一步的字母。",
    "output ↓ letter →": "输出 ↓ 字母 →",
    "Colour: the norm of ∂output[t]/∂x[s] from one real backward pass, over {decades} powers of ten.": (
        "颜色：一次真实反向传播得到的 ∂output[t]/∂x[s] 的范数，跨 {decades} 个数量级。"
    ),
    "At “{last}” the first letter, “{first}”, {back} steps back, counts {share} times as much as the letter just read.": (
        "在“{last}”处，{back} 步之前的第一个字母“{first}”的分量是刚读入字母的 {share} 倍。"
    ),
    "The last output does not hang on its own letter at all.": "最后的输出完全不取决于它自己的字母。",
    "This layer is too large to be differentiated while you wait; take fewer units, layers or steps.": (
        "这一层太大，来不及求导；请减少单元、层数或步数。"
    ),
    "A single step has nothing to remember.": "只有一步，没有什么可记住的。",
    "One-hot or embedding": "独热还是嵌入",
    "Looking up a row is multiplying by a one-hot row, without the multiplications.": "查一行等于用独热行去乘，只是省去了乘法。",
    "Use one-hot": "改用独热",
    "Use the embedding": "改用嵌入",
    "“{letter}” one-hot, 1 × {n}": "“{letter}”的独热编码，1 × {n}",
    "nn.Embedding({n}, {width}).weight": "nn.Embedding({n}, {width}).weight",
    "“{letter}” embedded, 1 × {n}": "“{letter}”的嵌入，1 × {n}",
    "Largest difference between the product and the look-up: {difference}.": "乘积与查表之间的最大差：{difference}。",
    "Parameters up to the first layer": "到第一层为止的参数量",
    "vocabulary {n}": "词表 {n}",
    "One lane of the first layer, with W of {gates}·{hidden} rows, and the embedding of width {width} where there is one.": ""
    "第一层的一条通路，"
    "W 有 {gates}·{hidden} 行；有嵌入时，再加上宽度为 {width} 的嵌入表。",
    "The program": "程序",
    "Run it: torch prints the states of the picture.": "运行它：torch 会打印图中的状态。",
    "Copy program": "复制程序",
    # exercises
    "The lecture's demo": "课堂示例",
    "RNN(4, 2) over 3 steps, a batch of 1: x is 3 × 1 × 4.": "RNN(4, 2)，3 步，批量 1：x 为 3 × 1 × 4。",
    "What is the shape of output?": "output 的形状是什么？",
    "And of h_n?": "h_n 的形状呢？",
    "What is the shape of x?": "x 的形状是什么？",
    "How many parameters has it?": "它有多少个参数？",
    "How many MACs?": "有多少次乘加？",
    "How many MACs for the three steps?": "三步共需多少次乘加？",
    "2·4 + 2·2 weights and two bias vectors of 2: PyTorch keeps one beside each product.": "2·4 + 2·2 个权重和两个长为 2 的偏置向量："
    "PyTorch 在每个乘积旁各留一个。",
    "A cell in a loop": "循环中的单元",
    "RNNCell(4, 2), called once a step, with a batch of 1.": "RNNCell(4, 2)，每步调用一次，批量 1。",
    "What is the shape of the state after a step?": "每步之后状态的形状是什么？",
    "How many MACs for one step?": "一步需要多少次乘加？",
    "The layer does nothing else: with the same weights, the loop and the layer give the same states.": "层所做的正是如此：权重相同时，"
    "循环与层给出相同的状态。",
    "Two layers": "两层",
    "RNN(4, 2, num_layers=2) over 3 steps, a batch of 1.": "RNN(4, 2, num_layers=2)，3 步，批量 1。",
    "output keeps every step of the top layer; h_n keeps the last step of every layer.": "output 保存顶层的每一步；"
    "h_n 保存每一层的最后一步。",
    "batch_first": "batch_first",
    "RNN(4, 2, batch_first=True) over 3 steps, a batch of 1.": "RNN(4, 2, batch_first=True)，3 步，批量 1。",
    "Only x and output turn. h_n and an h_0 that you hand over keep layers first, then the batch.": "只有 x 和 output 换轴。"
    "h_n 以及你传入的 h_0 始终先层数、后批量。",
    "Both directions": "两个方向",
    "RNN(4, 2, num_layers=2, bidirectional=True) over 3 steps, a batch of 1.": "RNN(4, 2, num_layers=2, bidirectional=True)，3 步，"
    "批量 1。",
    "The second layer reads 2·H numbers. The backward lane ends at t = 0: its last state is output[0][:, H:], "
    "and output[-1] holds its first.": "第二层读 2·H 个数。反向通路在 t = 0 结束：最后的状态是 output[0][:, H:]，"
    "output[-1] 里是它的第一个状态。",
    "One set of weights": "一套权重",
    "RNN(4, 4) over 5 steps, then over 50.": "RNN(4, 4)，先 5 步，再 50 步。",
    "How many parameters with 5 steps?": "5 步时有多少个参数？",
    "How many parameters with 50 steps?": "50 步时有多少个参数？",
    "How many MACs with 5 steps?": "5 步需要多少次乘加？",
    "How many MACs with 50 steps?": "50 步需要多少次乘加？",
    "Every step uses the same weights: a longer sequence costs time, not parameters.": "每一步用同一套权重：序列变长花的是时间，"
    "不是参数。",
    "One, three, four": "一、三、四",
    "Input size 4, hidden size 4, one layer.": "输入 4，隐藏 4，一层。",
    "How many parameters has the {kind}?": "{kind} 有多少个参数？",
    "Each gate, and the proposal, has weights of its own of the size of an RNN's: 3 in a GRU, 4 in an LSTM.": "每个门以及候选状态"
    "各有一份与 RNN 同样大小的权重：GRU 有 3 份，LSTM 有 4 份。",
    "An embedding in front": "前面加嵌入",
    "Embedding(4, 10), then two layers with hidden size 8.": "Embedding(4, 10)，之后两层，隐藏大小 8。",
    "How many parameters has the embedding?": "嵌入有多少个参数？",
    "How many have the two layers as {kind}?": "两层用 {kind} 时有多少个？",
    "The first layer reads 10 numbers, the second 8.": "第一层读 10 个数，第二层读 8 个。",
    "A vocabulary of {n} words in front of an RNN with hidden size 8.": "词表 {n} 个词，后接隐藏大小 8 的 RNN。",
    "How wide is a one-hot word?": "一个词的独热编码有多宽？",
    "MACs for 5 one-hot words?": "5 个独热词需要多少次乘加？",
    "And through an embedding of 10?": "经过宽度 10 的嵌入呢？",
    "Looking up a row gives what multiplying a one-hot row by the table would give, without the multiplications.": "查一行得到的，"
    "正是独热行乘以整张表的结果，只是不需要乘法。",
    "The name classifier": "姓名分类器",
    "GRU(100, 100, num_layers=2, bidirectional=True) over 10 letters.": "GRU(100, 100, num_layers=2, bidirectional=True)，10 个字母。",
    "How many parameters has the GRU?": "GRU 有多少个参数？",
    "How many MACs has it?": "它需要多少次乘加？",
    "What is the shape of h_n for a batch of 1?": "批量为 1 时 h_n 的形状是什么？",
    "Two layers in two directions are four lanes; the second layer reads 200 numbers.": "两层、两个方向共四条通路；第二层读 200 个数。",
}
