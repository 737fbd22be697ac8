import { button, h, mount, s, setText } from "../kit/kit.js";
import { drawRace } from "./curves.js";

const TALL = 280; // pixels of the plot
const RACE_LOOK = 600; // milliseconds between two looks while a run goes

/** Two runs beside each other: a button, the curves, and a table of what they came to. */
export default mount((root, tools) => {
  const heading = h("h2", {});
  const says = h("span", { class: "caption" });
  const begin = button("\u00a0", () => act("start"), { icon: "play", kind: "primary" });
  const halt = button("\u00a0", () => act("stop"), { icon: "stop" });
  const plan = h("span", { class: "caption" });
  const note = h("p", { class: "note", role: "status" });
  const svg = s("svg", { class: "race-plot", role: "img" });
  const empty = h("p", { class: "empty" });
  const table = h("table", {});
  root.append(
    h("header", {}, heading, says),
    h("div", { class: "act" }, begin, halt, plan),
    note,
    h("div", { class: "panel plot" }, svg, empty),
    table,
  );
  let data = null;
  let count = 0;
  let timer = 0;
  tools.signal.addEventListener("abort", () => clearTimeout(timer));

  function act(what) {
    tools.fire("act", { do: what, time: ++count });
  }

  function look() {
    tools.ask("look", { time: ++count });
    timer = setTimeout(look, RACE_LOOK); // the answer may say the same once more, and then nothing is updated
  }

  function update(now) {
    data = now;
    clearTimeout(timer);
    if (now.going) timer = setTimeout(look, RACE_LOOK);
    const { words, lines } = now;
    setText(heading, words.title);
    setText(says, words.says);
    begin.lastChild.textContent = words.start;
    halt.lastChild.textContent = words.stop;
    begin.hidden = now.going;
    begin.disabled = !now.can;
    halt.hidden = !now.going;
    setText(plan, now.going ? "" : now.plan);
    setText(note, now.note || (now.other && !now.going ? words.other : ""));
    const begun = lines.some((line) => line.loss[0].length > 0);
    setText(empty, begun ? "" : words.empty);
    svg.setAttribute("aria-label", lines.map((line) => spokenLine(words.spoken, line)).join(". "));
    svg.style.display = begun ? "" : "none";
    table.hidden = !lines.length;
    table.replaceChildren(...rowsOf(now));
  }

  function draw() {
    if (svg.style.display !== "none") drawRace(svg, data, Math.max(320, root.clientWidth - 34), TALL);
  }

  return { live: true, update, draw };
});

function spokenLine(template, values) {
  return template.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

function rowsOf({ lines, words }) {
  const names = ["state", "last", "accuracy", "time"];
  return [
    h(
      "tr",
      {},
      h("td", {}),
      names.map((name) => h("th", { scope: "col" }, words[name])),
    ),
    ...lines.map((line, index) =>
      h(
        "tr",
        {},
        h("th", { scope: "row", class: `run-${index}` }, h("i", {}), line.name),
        names.map((name) => h("td", {}, line[name])),
      ),
    ),
  ];
}
