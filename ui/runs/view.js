import { mount } from "../kit/kit.js";
import { makeBar, makeTable } from "./comparison.js";
import { makeList } from "./list.js";
import { makeNetworks } from "./networks.js";

/** The page is made of several pictures; each is one of these parts for as long as it lives. */
const PARTS = { bar: makeBar, list: makeList, networks: makeNetworks, table: makeTable };

export default mount((root, tools) => {
  let part;
  return {
    live: true, // data come while a pointer is down; what the hand holds is left alone by the part itself
    update(data) {
      part ??= PARTS[data.part](root, tools);
      part.update(data);
    },
  };
});
