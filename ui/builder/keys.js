/**
 * The keyboard: arrows move over the rows, Enter opens, left and right fold, Delete deletes, Alt and arrows move a
 * layer, Control-Z undoes and Control-Shift-Z (or Control-Y) does again.
 */
export function listenToKeys(root, table, desk, signal) {
  root.addEventListener("keydown", (event) => steer(event), { signal });

  function steer(event) {
    if (event.defaultPrevented) return;
    if (event.ctrlKey || event.metaKey) onCommand(event);
    else if (event.target.matches?.(".row")) onRow(event);
    else if (event.key === "Escape" && event.target.closest?.(".opened")) desk.leavePanel();
  }

  function onCommand(event) {
    const key = event.key.toLowerCase();
    if (key !== "y" && (key !== "z" || isTyping(event.target))) return;
    event.preventDefault();
    desk.propose({ do: key === "y" || event.shiftKey ? "redo" : "undo" });
  }

  function onRow(event) {
    const row = desk.rowAt(event.target.dataset.path);
    const act = row && MOVES[event.altKey ? `Alt ${event.key}` : event.key];
    if (!act) return;
    event.preventDefault();
    act(row);
  }

  const MOVES = {
    ArrowDown: () => table.step(1),
    ArrowUp: () => table.step(-1),
    Home: () => table.step(-10_000),
    End: () => table.step(10_000),
    Enter: (row) => desk.toggle(row.path, true),
    " ": (row) => desk.toggle(row.path),
    Escape: (row) => row.path === desk.openPath() && desk.toggle(row.path),
    ArrowRight: (row) => row.folded === true && desk.propose({ do: "fold", path: row.path }),
    ArrowLeft: (row) => row.folded === false && desk.propose({ do: "fold", path: row.path }),
    Delete: (row) => row.editable && desk.propose({ do: "delete", path: row.path }),
    Backspace: (row) => row.editable && desk.propose({ do: "delete", path: row.path }),
    "Alt ArrowUp": (row) => row.editable && desk.propose({ do: "move", path: row.path, by: -1 }),
    "Alt ArrowDown": (row) => row.editable && desk.propose({ do: "move", path: row.path, by: 1 }),
  };
}

/** Whether the key belongs to a text that is being typed and has not been settled. */
function isTyping(target) {
  const boxes = 'input[type="number"], input[type="text"], input[type="search"]';
  return Boolean(target.matches?.(boxes)) && target.value !== target.dataset.settled;
}
