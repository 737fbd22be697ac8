"""Why a run ended or could not begin, in sentences."""

from netlib.words import words

EPOCHS = words("All epochs are done ({epochs:,}).", "全部轮次已完成（{epochs:,}）。")
STEPS = words("All steps are done ({steps:,}).", "全部步数已完成（{steps:,}）。")
SECONDS = words(
    "The time limit of {seconds:g} s was reached at step {step:,}.",
    "在第 {step:,} 步达到 {seconds:g} 秒的时间上限。",
)
TARGET_LOSS = words(
    "The validation loss reached {got:.4g} in epoch {epoch:,}; {wanted:g} was wanted.",
    "验证损失在第 {epoch:,} 轮达到 {got:.4g}；目标为 {wanted:g}。",
)
TARGET_ACCURACY = words(
    "The validation accuracy reached {got:.1%} in epoch {epoch:,}; {wanted:.1%} was wanted.",
    "验证准确率在第 {epoch:,} 轮达到 {got:.1%}；目标为 {wanted:.1%}。",
)
PATIENCE = words(
    "No progress for {patience:,} epochs: the lowest validation loss, {best:.4g}, was that of epoch {epoch:,}.",
    "连续 {patience:,} 个轮次没有改善：最低验证损失 {best:.4g} 出现在第 {epoch:,} 轮。",
)
STOPPED = words("Stopped at step {step:,}.", "已在第 {step:,} 步停止。")
VALIDATION_NOT_A_NUMBER = words(
    "The validation loss stopped being a number after step {step:,}. {advice}",
    "验证损失在第 {step:,} 步之后变成了非数值（NaN）。{advice}",
)
LEFT_FOR_GOOD = words(
    "The run ended far from where it began: the validation loss, {got:.4g}, is more than {far:g} times what guessing "
    "gives ({guessing:.3f}). {advice}",
    "训练结束时已远离起点：验证损失 {got:.4g} 超过随机猜测（{guessing:.3f}）的 {far:g} 倍。{advice}",
)
NOTHING_LEARNT_WITH_ADAM = words(
    "Nothing is learnt yet: the validation loss, {got:.3f}, is not below what guessing gives ({guessing:.3f}). "
    "Try more epochs, or another learning rate.",
    "目前还没有学到东西：验证损失 {got:.3f} 没有低于随机猜测（{guessing:.3f}）。请试试更多轮次或其他学习率。",
)
NOTHING_LEARNT = words(
    "Nothing is learnt yet: the validation loss, {got:.3f}, is not below what guessing gives ({guessing:.3f}). "
    "Try Adam, more epochs, or another learning rate.",
    "目前还没有学到东西：验证损失 {got:.3f} 没有低于随机猜测（{guessing:.3f}）。请试试 Adam、更多轮次或其他学习率。",
)
LEARNT_NOTHING = (NOTHING_LEARNT, NOTHING_LEARNT_WITH_ADAM)
OUT_OF_MEMORY = words(
    "The memory ran out at step {step:,}. Try batch {batch:,} (about half the memory).",
    "内存在第 {step:,} 步耗尽。请试试批量 {batch:,}（约一半内存）。",
)
OUT_OF_MEMORY_SMALL = words(
    "The memory ran out at step {step:,}, even for one sample at a time. Try a smaller network or input.",
    "内存在第 {step:,} 步耗尽，即使每次只用一个样本。请试试更小的网络或输入。",
)
NO_DEVICE = words(
    "There is no {device} on this machine as PyTorch sees it. Choose one of {devices}.",
    "PyTorch 在这台机器上找不到 {device}。请选择 {devices} 之一。",
)
EAGER = words(
    "torch.compile did not work for this network here; it runs as it is.",
    "torch.compile 在此无法用于该网络；按原样运行。",
)
GRAPH = words(
    "Whole steps are recorded once and played again (a CUDA graph).",
    "整个训练步只录制一次，然后重复播放（CUDA 图）。",
)
NO_GRAPH = words("The run goes on without a CUDA graph: {why}", "此运行不使用 CUDA 图继续：{why}")
GRAPH_NO_MEMORY = words("the memory of the device does not suffice for one.", "设备内存不足以容纳 CUDA 图。")
GRAPH_REFUSED = words(
    "a step of this network cannot be recorded here, or not played again ({kind}).",
    "该网络的训练步在此无法录制，或无法重复播放（{kind}）。",
)
GRAPH_DIFFERS = words(
    "a recorded step did not do the same as the step itself.", "录制的训练步与实际训练步的结果不一致。"
)
FIX_FIRST = words("The network cannot train on these data: {why}", "该网络无法在这些数据上训练：{why}")
