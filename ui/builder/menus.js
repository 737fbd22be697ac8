import { h } from "../kit/kit.js";

const EDGE = 8; // pixels that a menu keeps from the window's edges

/** A menu in the browser's top layer, under the button that opens it: nothing can cut it off. */
export function makeMenu(label, className = "") {
  const root = h("div", {
    class: `menu panel ${className}`,
    popover: "auto",
    role: "dialog",
    "aria-label": label,
  });
  root.addEventListener("keydown", (event) => {
    event.stopPropagation();
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    stepEntry(root, by);
  });
  return {
    root,
    open(anchor) {
      root.showPopover();
      placeMenu(root, anchor.getBoundingClientRect());
    },
    close() {
      if (root.matches(":popover-open")) root.hidePopover();
    },
    isOpen: () => root.matches(":popover-open"),
  };
}

function placeMenu(menu, anchor) {
  const { offsetWidth: width, offsetHeight: height } = menu;
  const left = Math.max(EDGE, Math.min(anchor.left, innerWidth - width - EDGE));
  const below = anchor.bottom + 6;
  const above = anchor.top - 6 - height;
  const top = below + height + EDGE > innerHeight && above > EDGE ? above : below;
  menu.style.left = `${left}px`;
  menu.style.top = `${Math.max(EDGE, Math.min(top, innerHeight - height - EDGE))}px`;
}

/** Moves the focus to the next entry that is shown; from before the first one it starts with that. */
function stepEntry(root, by) {
  const entries = [...root.querySelectorAll(".entry:not([hidden])")];
  const now = entries.indexOf(root.getRootNode().activeElement);
  const before = root.querySelector("input");
  (entries[now + by] ?? (now + by < 0 ? before : null))?.focus();
}

/** Puts values into a sentence: fillIn("{count} left", { count: 3 }). */
export function fillIn(template, values) {
  return template.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}
