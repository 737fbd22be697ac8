/** Copying, saving and opening text. */

const LARGEST = 256 * 1024; // bytes of a file that is read at all

/** Copies text; resolves to whether it worked. */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyOldWay(text);
  }
}

/** The way that works where the page was not served by https or from this machine. */
function copyOldWay(text) {
  const area = document.createElement("textarea");
  area.value = text;
  area.style.position = "fixed";
  area.style.opacity = "0";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}

/** Asks for a file and gives its text to `use`; one that is too large goes to `refuse`. */
export function openText(accept, use, refuse) {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = accept;
  input.addEventListener("change", async () => {
    const file = input.files[0];
    if (!file) return;
    if (file.size > LARGEST) refuse();
    else use(await file.text(), file.name);
  });
  input.click();
}
