"""The Chinese readings of what the seal says."""

CHINESE = {
    "counting…": "核对中…",
    "no verdict: mend the fault first": "无法核对：请先修复错误",
    "torch and torchinfo agree": "与 torch、torchinfo 一致",
    "torch counts otherwise": "与 torch 的计数不同",
    "not counted": "未能核对",
    "Count again": "重新核对",
    "Counted three times": "三方核对",
    "Shapes and parameters must be equal in all three columns, MACs in the first two. torchinfo's mult-adds "
    "follow rules of their own; where they differ, the reason stands below.": "形状和参数量须三列相等，乘加次数须前两列相等。"
    "torchinfo 的乘加另有规则；不同之处在下面说明原因。",
    "Layer": "层",
    "output": "输出",
    "parameters": "参数量",
    "MACs": "乘加次数",
    "Total": "合计",
    "this page": "本页",
    "torchinfo's own summary": "torchinfo 自己的汇总",
    "Close": "关闭",
}
