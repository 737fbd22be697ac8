/** Arithmetic of a block with and without its shortcut; no DOM. A test holds all of it equal to netlib. */

const BYTES = 4; // of a float32
const STATISTICS = 8; // bytes a channel that batch norm keeps once: mean and deviation

/** Height and width behind the stride. */
export const halvedSize = ({ size, stride }) => Math.floor((size - 1) / stride) + 1;

/** Channels inside the block: a quarter of the output in a bottleneck. */
export const innerWidth = ({ block, filters }) =>
  block === "basic" ? filters : Math.max(1, Math.floor(filters / 4));

/** The convolutions of F in order: kernel, channels in and out, height and width of the output. */
export function bodyConvs(state) {
  const { block, channels, filters, size } = state;
  const small = halvedSize(state);
  if (block === "basic")
    return [
      { kernel: 3, from: channels, to: filters, size: small },
      { kernel: 3, from: filters, to: filters, size: small },
    ];
  const inside = innerWidth(state);
  return [
    { kernel: 1, from: channels, to: inside, size },
    { kernel: 3, from: inside, to: inside, size: small },
    { kernel: 1, from: inside, to: filters, size: small },
  ];
}

/** The 1×1 convolution of options B and C. */
export const projectionConv = (state) => ({
  kernel: 1,
  from: state.channels,
  to: state.filters,
  size: halvedSize(state),
});

/** What the shortcut is made of: "identity", "zeros", "projection", or "refused". */
export function roadOf(state) {
  const keeps = state.channels === state.filters && halvedSize(state) === state.size;
  if (state.shortcut === "identity") return keeps ? "identity" : "refused";
  if (state.shortcut !== "C" && keeps) return "identity";
  if (state.shortcut === "A" && state.filters >= state.channels) return "zeros";
  return "projection";
}

/**
 * The shapes that meet at the plus, and what PyTorch makes of them: "same", "copies" (a silent broadcast) or "refuses".
 * `sum` is the shape of what comes out, null where PyTorch refuses.
 */
export function meetingOf(state) {
  const small = halvedSize(state);
  const branch = [state.filters, small, small];
  const skip = roadOf(state) === "refused" ? [state.channels, state.size, state.size] : branch;
  const axes = branch.map((size, axis) => fitOf(size, skip[axis]));
  const verdict = ["refuses", "copies", "same"].find((name) => axes.includes(name));
  const sum = verdict === "refuses" ? null : branch.map((size, axis) => Math.max(size, skip[axis]));
  return { branch, skip, verdict, sum };
}

function fitOf(one, other) {
  if (one === other) return "same";
  return one === 1 || other === 1 ? "copies" : "refuses";
}

export const weightCount = ({ kernel, from, to }) => kernel * kernel * from * to;

/** Parameters of a convolution and what goes with it: a bias, or the scale and shift of batch norm. */
export const convParams = (conv, norm) => weightCount(conv) + (norm ? 2 : 1) * conv.to;

export const convMacs = (conv) => weightCount(conv) * conv.size * conv.size;

const elements = ({ to, size }) => to * size * size;
const total = (values) => values.reduce((sum, value) => sum + value, 0);

/**
 * Parameters, MACs, bytes of the output and bytes kept for backward, of one sample: `{ plain, residual, shortcut }`,
 * the last being the shortcut's own. `residual` is null where netlib calls the sum a fault.
 */
export function costsOf(state) {
  const body = bodyConvs(state);
  const plain = sideOf(state, body, []);
  const road = roadOf(state);
  if (road === "refused") return { plain, residual: null, shortcut: null };
  const skip = road === "projection" ? [projectionConv(state)] : [];
  const residual = sideOf(state, body, skip);
  return { plain, residual, shortcut: sideOf(state, skip, [], true) };
}

function sideOf(state, body, skip, bare = false) {
  const convs = [...body, ...skip];
  const last = body.at(-1);
  return {
    params: total(convs.map((conv) => convParams(conv, state.norm))),
    macs: total(convs.map(convMacs)),
    memory: last ? BYTES * elements(last) : 0,
    backward: bare ? 0 : keptBytes(state, body, skip),
    parts: convs.map((conv) => ({ params: convParams(conv, state.norm), macs: convMacs(conv) })),
  };
}

/**
 * What backward needs, each tensor once and the block's input not at all: batch norm keeps what comes in, ReLU and tanh
 * what goes out, GELU what comes in, and a convolution what comes in, which is the activation before it.
 */
function keptBytes(state, body, skip) {
  const norms = state.norm ? [...body, ...skip] : [];
  const statistics = STATISTICS * total(norms.map((conv) => conv.to));
  const inner = body.slice(0, -1);
  const activated = total(inner.map(elements)) * (state.activation === "GELU" ? 2 : 1);
  const end = elements(body.at(-1));
  return BYTES * (total(norms.map(elements)) + activated + end) + statistics;
}

/** Weights of the convolutions of F alone, as the paper counts a block, had it the other kind. */
export const weightsAs = (state, block) => total(bodyConvs({ ...state, block }).map(weightCount));
