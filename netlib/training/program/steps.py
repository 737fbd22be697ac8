"""The pieces of a program that hold the model, the optimiser, the learning rate and the loop."""

from netlib import Trace
from netlib.training.optimiser_spec import OptimiserSpec, ScheduleSpec
from netlib.training.program.record import Record
from netlib.training.run.estimate import evaluated_at_once, planned_steps
from netlib.training.spec import RunSpec

BATCHES = '''\
shuffle = torch.Generator().manual_seed(SEED + 1)  # a stream of its own: nothing else moves the order


def one_epoch():
    """Indices of the batches of an epoch, in random order; a last batch of one sample is left out."""
    if BATCH >= len(train_y):
        return [slice(None)]
    batches = torch.randperm(len(train_y), generator=shuffle).to(DEVICE).split(BATCH)
    return batches[:-1] if len(batches[-1]) == 1 < BATCH else batches'''

EVALUATE = '''\
@torch.inference_mode()
def evaluate():
    """Loss in nats and accuracy on the validation samples; moves no random stream and no statistic."""
    model.eval()
    total, right = 0.0, 0
    for index in torch.arange(len(valid_y), device=DEVICE).split({at_once}):
        x, y = batch(valid_x, valid_y, index)
        {autocast}logits = model(x){as_float}
        total += float(criterion(logits, y)) * len(y)
        right += int((logits.argmax(-1) == y).sum())
    model.train()
    return total / len(valid_y), right / valid_y.numel()'''

LOOP = """\
losses, shown = [], 0
while len(losses) < STEPS:
    for index in one_epoch():
{step}
        losses.append(loss.detach())
        if len(losses) == STEPS:
            break
    if len(losses) - shown >= STEPS / 20 or len(losses) == STEPS:
        shown = len(losses)
        loss, accuracy = evaluate()
        print(f"step {{shown:,}}: training loss {{losses[-1]:.4f}}, validation loss {{loss:.4f}}, accuracy {{accuracy:.1%}}")"""


def model(spec: RunSpec) -> str:
    """The model under its seed, and the optimiser."""
    lines = [
        "torch.manual_seed(SEED)  # immediately before the model: weights and dropout draw from this stream",
        "model = make_model().to(DEVICE)",
    ]
    if spec.layout == "channels_last":
        lines.append("model = model.to(memory_format=torch.channels_last)")
    if spec.compiled:
        lines.append("compiled = torch.compile(model)")
    return "\n".join([*lines, f"optimiser = {optimiser(spec.optimiser, bool(spec.fused))}", "", BATCHES])


def optimiser(spec: OptimiserSpec, fused: bool) -> str:
    """The constructor call, with every argument that is not torch's default."""
    decay = {"weight_decay": spec.weight_decay} if spec.weight_decay else {}
    held: dict[str, object]
    match spec.name:
        case "SGD":
            held = {"momentum": spec.momentum} if spec.momentum else {}
            held |= decay | ({"nesterov": True} if spec.nesterov else {})
        case "RMSprop":
            held = {"alpha": spec.alpha, "eps": spec.eps, **decay}
            held |= {"momentum": spec.momentum} if spec.momentum else {}
        case _:
            held = {"betas": (spec.beta1, spec.beta2), "eps": spec.eps, "weight_decay": spec.weight_decay}
    if spec.name != "RMSprop":
        held["fused"] = fused
    given = "".join(f", {name}={value!r}" for name, value in held.items())
    return f"torch.optim.{spec.name}(model.parameters(), lr={spec.learning_rate!r}{given})"


def loss(spec: RunSpec, found: Trace) -> str:
    """`criterion(logits, y)`: cross-entropy as the run took it."""
    says = '    """Cross-entropy in nats, mean over the samples'
    if found.output is None or len(found.output.dims) == 1:
        return f'def criterion(logits, y):\n{says}."""\n    return F.cross_entropy(logits, y)'
    turned = "logits.transpose(1, 2)"  # torch wants the classes on axis 1
    value = (
        f"F.cross_entropy({turned}, y)"
        if spec.loss == "mean"
        else f'F.cross_entropy({turned}, y, reduction="sum") / len(y)'
    )
    return (
        f'def criterion(logits, y):\n{says}, {spec.loss} over the steps of a sequence."""\n    return {value}'
    )


def rates(spec: RunSpec, record: Record | None) -> str:
    """The learning rate of each step: `rate_at(step)`, called for step after step, counted from 0."""
    changed = dict(record.rates) if record else {}
    plans = dict(record.plans) if record else {}
    scheduled = spec.schedule.name != "constant"
    lines = [f"rate = {spec.optimiser.learning_rate!r}"]
    if changed:
        lines.append(f"RATES = {changed!r}  # set by hand, after so many steps")
    if scheduled and len(plans) > 1:
        lines.append(f"PLANS = {plans!r}  # steps that the schedule was laid out for, from a step on")
    elif scheduled:
        lines.append(f"PLAN = {planned_steps(spec)}  # steps that the schedule is laid out for")
    if scheduled:
        arguments = "step, plan" if len(plans) > 1 else "step, plan=PLAN"
        body = "\n".join(f"    {line}" for line in factor(spec.schedule))
        says = '    """What the learning rate is multiplied by at a step."""'
        lines.append(f"\n\ndef factor({arguments}):\n{says}\n{body}")
    if not (changed or scheduled):
        return lines[0]
    return "\n".join([*lines, "\n", *_rate_at(changed, plans, scheduled)])


def _rate_at(changed: dict[int, float], plans: dict[int, int], scheduled: bool) -> list[str]:
    lines = [
        "def rate_at(step):",
        '    """The learning rate of a step; to be called for one after the other."""',
    ]
    now = "factor(step)"
    if len(plans) > 1:
        now = "factor(step, plan)"
        lines.append("    plan = PLANS[max(start for start in PLANS if start <= step)]")
    if changed and scheduled:
        lines += [
            "    global rate",
            "    if step in RATES:",
            f"        rate = RATES[step] / {now} if {now} > 0 else RATES[step]  # the schedule goes on from there",
        ]
    elif changed:
        lines += ["    global rate", "    rate = RATES.get(step, rate)"]
    return [*lines, f"    return rate * {now}" if scheduled else "    return rate"]


def factor(spec: ScheduleSpec) -> list[str]:
    """Statements that return what the learning rate is multiplied by, from `step` and `plan`."""
    done = "done = min(step / max(plan - 1, 1), 1.0)"
    falling = f"{spec.final!r} + (1 - {spec.final!r}) * (1 + math.cos(math.pi * {{}})) / 2"
    match spec.name:
        case "step":
            return [done, f"return {spec.gamma!r} ** int(done / {spec.every!r} + 1e-9)"]
        case "cosine":
            return [done, f"return {falling.format('done')}"]
        case "warm-up":
            return [f"return min(1.0, (step + 1) / max(1.0, {spec.warmup!r} * plan))"]
        case "one-cycle":
            rising = max(spec.warmup, 1e-9)
            return [
                done,
                f"if done < {rising!r}:",
                f"    return 0.04 + 0.96 * (1 - math.cos(math.pi * done / {rising!r})) / 2",
                f"falling = (done - {rising!r}) / {max(1 - rising, 1e-9)!r}",
                f"return {falling.format('falling')}",
            ]
        case _:
            return ["return 1.0"]


def evaluation(spec: RunSpec, found: Trace) -> str:
    """`evaluate()`."""
    low = spec.precision == "bfloat16"
    return EVALUATE.format(
        at_once=evaluated_at_once(found),
        autocast="with torch.autocast(DEVICE.partition(':')[0], torch.bfloat16):\n            "
        if low
        else "",
        as_float="\n        logits = logits.float()" if low else "",
    )


def loop(spec: RunSpec, found: Trace, record: Record | None) -> str:
    """The training itself: leaves the loss of every step in `losses`, 0-d and on the device."""
    changes = bool(record and record.rates) or spec.schedule.name != "constant"
    step = (
        ["for group in optimiser.param_groups:", '    group["lr"] = rate_at(len(losses))'] if changes else []
    )
    step.append("x, y = batch(train_x, train_y, index)")
    forward = [_forward(spec, found)]
    if spec.precision == "bfloat16":
        forward = ["with torch.autocast(DEVICE.partition(':')[0], torch.bfloat16):", f"    {forward[0]}"]
    step += [*forward, *_losses(spec, found), "loss.backward()"]
    if spec.clip is not None:
        step.append(f"nn.utils.clip_grad_norm_(model.parameters(), {spec.clip!r})")
    step += ["optimiser.step()", "optimiser.zero_grad()"]
    steps = record.steps if record and record.steps else planned_steps(spec)
    body = "\n".join(f"        {line}" for line in step)
    return f"STEPS = {steps}\n{LOOP.format(step=body)}"


def has_heads(found: Trace) -> bool:
    """Whether auxiliary heads give outputs of their own in training."""
    return any(step.is_tap for step in found.root)


def _forward(spec: RunSpec, found: Trace) -> str:
    call = "compiled(x)" if spec.compiled else "model(x)"
    return f"logits, auxiliary = {call}" if has_heads(found) else f"logits = {call}"


def _losses(spec: RunSpec, found: Trace) -> list[str]:
    wide = ".float()" if spec.precision == "bfloat16" else ""
    lines = [f"loss = criterion(logits{wide}, y)"]
    if has_heads(found):
        lines += [
            "for head in auxiliary:",
            f"    loss = loss + {spec.auxiliary!r} * criterion(head{wide}, y)",
        ]
    return lines
