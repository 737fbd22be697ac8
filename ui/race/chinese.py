"""The Chinese readings of what the section with two curves says."""

CHINESE: dict[str, str] = {
    "{steps} steps each, about {time} in all.": "各 {steps} 步，共约 {time}。",
    "Train both": "训练两者",
    "The digits, the same seed, the same settings: two curves.": "同样的手写数字、同样的种子、同样的设置：两条曲线。",
    "Stop both": "停止两者",
    "training loss, nats": "训练损失（nat）",
    "loss now": "当前损失",
    "validation accuracy": "验证准确率",
    "seconds trained": "训练用时",
    "These curves are of other settings than those above.": "这些曲线来自与上面不同的设置。",
    "{name}: {state}, loss {last}, accuracy {accuracy}": "{name}：{state}，损失 {last}，准确率 {accuracy}",
}
