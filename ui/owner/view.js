import { mount } from "../kit/kit.js";

const YEAR = 31_536_000; // seconds

/** Gives this browser an id at random, kept in a cookie; draws nothing. */
export default mount((_root, tools) => ({
  update({ cookie }) {
    const held = document.cookie.split("; ").find((pair) => pair.startsWith(`${cookie}=`));
    const id = held?.slice(cookie.length + 1) || made();
    // biome-ignore lint/suspicious/noDocumentCookie: the other way of writing one needs HTTPS
    document.cookie = `${cookie}=${id}; path=/; max-age=${YEAR}; samesite=strict`;
    tools.settle(id);
  },
}));

function made() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
