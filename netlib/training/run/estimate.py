"""What a run will ask for, in bytes and seconds, before anything is allocated. Closed forms; no torch.

Activations are those of `Trace.saved_bytes`; a step's peak lies between them and them plus one layer's gradients,
so what is asked for has room on top: a factor, and a constant for the workspaces of the backend.
"""

from dataclasses import dataclass
from math import ceil

from netlib import Step, Trace, trace
from netlib.errors import TooBig
from netlib.training.data.datasets import DataSet, data_set
from netlib.training.data.feeding import RESIDENT_BYTES
from netlib.training.machine import Machine
from netlib.training.optimiser_spec import OptimiserSpec
from netlib.training.spec import RunSpec
from netlib.words import words

FLOAT = 4
ROOM = 1.3
WORKSPACE = 100_000_000
CUDA_CONTEXT = 1_000_000_000
"""Bytes that the first use of a CUDA device takes for itself."""

STEP_SECONDS = 600e-6
LAYER_SECONDS = 110e-6
FLOPS = {"cpu": 45e9, "cuda": 5e12, "mps": 1e12}
"""What small networks reached on one x86-64 core; a guess elsewhere, until a run has shown its own pace."""
CELL_OPERATIONS = 2.5
"""Times a layer's: a cell is a loop in Python over the time steps."""
EVALUATED_AT_ONCE = 1024
EVALUATION_BYTES = 256 << 20
"""What two layers' outputs may take while evaluating; a step's batch holds them all."""

_TOO_BIG = words(
    "This run needs about {need}, but {have} are free here. The largest batch that fits is {batch:,}.",
    "这次训练约需 {need}，但这里只有 {have} 可用。可容纳的最大批量为 {batch:,}。",
)
_TOO_BIG_ANYWAY = words(
    "This run needs about {need}, but {have} are free here; even one sample at a time takes {least}. "
    "Use a smaller network or input, or fewer samples.",
    "这次训练约需 {need}，但这里只有 {have} 可用；即使每次一个样本也需 {least}。"
    "请使用更小的网络、输入或更少的样本。",
)


@dataclass(frozen=True)
class Estimate:
    """Bytes and seconds of a run; `bytes` is what is asked for, room included.

    `activations` is what one step keeps for backward, at least (recurrent layers may keep more); `available` and
    `largest_batch` are None where the machine did not say how much memory it has.
    """

    weights: int
    gradients: int
    optimiser: int
    activations: int
    data: int
    bytes: int
    available: int | None
    largest_batch: int | None
    steps: int | None
    seconds_a_step: float
    seconds: float | None

    @property
    def fits(self) -> bool:
        """Whether the memory suffices, as far as is known."""
        return self.available is None or self.bytes <= self.available


def estimate(spec: RunSpec, machine: Machine | None = None) -> Estimate:
    """What a run will ask for; for a settled spec and a network that fits its data.

    Raises:
        DataUnavailable: when there are no data of that name.
    """
    found, data = trace(spec.network), data_set(spec.data)
    weights = FLOAT * (found.params + found.aux_params)
    optimiser = weights * _copies(spec.optimiser)
    train, held = sample_counts(spec, data)
    batch = min(spec.batch, train)
    samples = _data_bytes(spec, data, train + held)
    fixed = 2 * weights + optimiser + samples
    available = _available(spec, machine)
    steps = _steps(spec, steps_an_epoch(train, batch))
    a_step = _seconds_a_step(spec, found, batch)
    return Estimate(
        weights=weights,
        gradients=weights,
        optimiser=optimiser,
        activations=_activations(spec, found, batch),
        data=samples,
        bytes=_asked(spec, found, fixed, batch),
        available=available,
        largest_batch=None if available is None else _largest_batch(spec, found, fixed, train, available),
        steps=steps,
        seconds_a_step=a_step,
        seconds=_seconds(spec, steps, a_step, held / train),
    )


def check_memory(spec: RunSpec, machine: Machine) -> Estimate:
    """The estimate of a run that fits the machine's memory.

    Raises:
        TooBig: with what is needed, what is there, and the largest batch that fits; nothing is allocated yet.
    """
    found = estimate(spec, machine)
    if found.fits or found.available is None:
        return found
    need, have = size(found.bytes), size(found.available)
    if found.largest_batch:
        raise TooBig(_TOO_BIG, need=need, have=have, batch=found.largest_batch)
    least = size(estimate(spec.with_(batch=1), machine).bytes)
    raise TooBig(_TOO_BIG_ANYWAY, need=need, have=have, least=least)


def size(count: int) -> str:
    """Bytes for people: "12 MB", "3.4 GB"."""
    return f"{count / 1e9:,.1f} GB" if count >= 1e9 else f"{max(1, round(count / 1e6)):,} MB"


def _copies(spec: OptimiserSpec) -> int:
    """Numbers that the optimiser keeps for each weight."""
    match spec.name:
        case "SGD":
            return int(spec.momentum > 0)
        case "RMSprop":
            return 1 + int(spec.momentum > 0)
        case _:
            return 2


def sample_counts(spec: RunSpec, data: DataSet) -> tuple[int, int]:
    """Training and validation samples of a run."""
    train, held = data.samples
    if data.is_split_by_share:
        held = ceil((train + held) * spec.data.validation)
        train = sum(data.samples) - held
    return min(train, spec.data.train_samples or train), held


def _data_bytes(spec: RunSpec, data: DataSet, samples: int) -> int:
    as_given = samples * spec.network.input.nbytes
    if as_given <= RESIDENT_BYTES:
        return as_given
    a_pixel = 1 if data.divisor == 255 else FLOAT
    native = a_pixel
    for side in data.dims:
        native *= side
    return samples * native


def _asked(spec: RunSpec, found: Trace, fixed: int, batch: int) -> int:
    a_batch = batch * (spec.network.input.nbytes + 2 * found.largest_output)
    context = CUDA_CONTEXT if spec.device.startswith("cuda") else 0
    return int(ROOM * (fixed + _activations(spec, found, batch) + a_batch)) + WORKSPACE + context


def _activations(spec: RunSpec, found: Trace, batch: int) -> int:
    """Bytes that a step keeps for backward: the layers', the loss's logarithms, and copies for the layout.

    In `channels_last` an image is no row of numbers in memory, so flattening it makes a copy.
    """
    a_sample = found.output.nbytes if found.output else 0
    if spec.layout == "channels_last":
        flattened = (s.input for s in found.leaves if s.title == "Flatten" and s.input.layout == "image")
        a_sample += sum(x.nbytes for x in flattened if max(x.spatial) > 1 < x.channels)
    return found.saved_bytes(batch) + batch * a_sample


def _largest_batch(spec: RunSpec, found: Trace, fixed: int, train: int, available: int) -> int:
    """Found by halving: the need grows with the batch. 0 where not even one sample fits."""
    low, high = 0, min(train, 65_536)
    while low < high:
        middle = (low + high + 1) // 2
        if _asked(spec, found, fixed, middle) <= available:
            low = middle
        else:
            high = middle - 1
    return low


def _available(spec: RunSpec, machine: Machine | None) -> int | None:
    if machine is None:
        return None
    return machine.memory if spec.device == "cpu" else machine.device_memory


def evaluated_at_once(found: Trace) -> int:
    """Samples that an evaluation looks at at a time."""
    return max(1, min(EVALUATED_AT_ONCE, EVALUATION_BYTES // (2 * max(found.largest_output, 1))))


def planned_steps(spec: RunSpec) -> int:
    """Steps that a schedule is laid out for: those of the limits, of ten epochs where only time ends the run."""
    train, _ = sample_counts(spec, data_set(spec.data))
    an_epoch = steps_an_epoch(train, spec.batch)
    return _steps(spec, an_epoch) or 10 * an_epoch


def steps_an_epoch(samples: int, batch: int) -> int:
    """Batches in one pass over the samples; a last one of a single sample is left out."""
    whole, rest = divmod(samples, min(batch, samples))
    return whole + (rest > 1)


def _steps(spec: RunSpec, steps_an_epoch: int) -> int | None:
    limits = spec.limits
    given = [n for n in (limits.steps, limits.epochs and limits.epochs * steps_an_epoch) if n]
    return min(given, default=None)


def _seconds_a_step(spec: RunSpec, found: Trace, batch: int) -> float:
    kind = spec.device.partition(":")[0]
    layers = sum(map(_operations, found.leaves))
    flops = 6 * (found.macs + found.aux_macs) * batch
    return STEP_SECONDS + LAYER_SECONDS * layers + flops / (FLOPS[kind] * (spec.threads or 1))


def _operations(step: Step) -> float:
    """How many layers' worth of starting operations a step is: recurrent ones start them anew at every time step."""
    if getattr(step.block, "hidden_size", None) is None:
        return 1
    times = step.input.dims[0] if step.input.layout == "sequence" else 1
    return times * (CELL_OPERATIONS if step.title.endswith("Cell") else getattr(step.block, "num_layers", 1))


def _seconds(spec: RunSpec, steps: int | None, a_step: float, held: float) -> float | None:
    """Evaluation costs a third of a step a sample; a time limit ends the run before."""
    limit = spec.limits.seconds
    if steps is None:
        return limit
    whole = steps * a_step * (1 + held / 3)
    return whole if limit is None else min(whole, limit)
