import { button, say, still } from "../lab/lab.js";

const SECTION = ".st-key-race_inception"; // the element that Streamlit wraps around the section, by its key

/** A button that leads down to where both modules are trained. */
export function makeWayDown() {
  return button(say("trainBoth"), () => {
    const section = document.querySelector(SECTION);
    section?.scrollIntoView({ behavior: still() ? "auto" : "smooth", block: "center" });
    shadowOf(section)?.querySelector(".button:not([hidden])")?.focus({ preventScroll: true });
  });
}

/** The shadow root in which a picture stands, below its wrapper. */
function shadowOf(wrapper) {
  const host = [...(wrapper?.querySelectorAll("*") ?? [])].find((element) => element.shadowRoot);
  return host?.shadowRoot ?? null;
}
