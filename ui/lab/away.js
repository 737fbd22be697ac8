import { button, h } from "../kit/kit.js";
import { say } from "./say.js";

/** The doors out of the page: into the builder, and to the training page where the network can train. */
export function makeAway(tools) {
  let count = 0;
  const go = (where) => tools.fire("leave", { to: where, time: ++count });
  const builder = button(say("takeIntoBuilder"), () => go("builder"), { icon: "branch" });
  const training = button(say("trainThis"), () => go("training"), { icon: "play" });
  return {
    root: h("div", { class: "away" }, builder, training),
    /** @param {{builder: boolean, training: boolean, trainingPage: boolean, whyNot: string}} doors */
    set(doors) {
      builder.hidden = !doors.builder;
      training.hidden = !doors.trainingPage;
      training.disabled = !doors.training;
      training.title = doors.training ? "" : doors.whyNot;
    },
  };
}
