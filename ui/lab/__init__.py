"""What the pages about one layer or block share: link, counting, heading with seal, numbers, code, A, exercises.

A page declares its state once, as a `Value` whose fields are knobs with defaults, and a `Lab` over it::

    class InceptionState(Value): …                      # ui/inception/state.py
    LAB = Lab("inception", InceptionState)               # its name is the page's, the picture's and the session's
    FIXED = fixed(limits, PRESETS, phrases, exercises)   # what it says whatever it shows, made once a language

    LAB.open()                                           # pages/inception.py: what the address says, once a run

    @drawn                                               # everything below runs again for every settled change
    def explorer() -> None:
        bench = LAB.bench()                              # .now, .kept (what was kept as A, or None)
        traced = trace(network_of(bench.now))
        title(tr("Inception"), tr("…"), traced.network)  # heading, and the referee's seal beside it
        drawn = load("inception", "leave", fixed=FIXED)("inception", {
            **LAB.data(bench),                           # state {now, kept}, note
            **sides(bench, network_of, state_of),        # counted, keptCounted: see counts.py
            "away": away(traced.network),                # which doors are open
        }, settled=LAB.settled)
        LAB.write_link()
        leave(drawn.leave, traced.network)               # into the builder, or to the training page

In the browser, `import { … } from "../lab/lab.js"` (it also hands on the kit), and `@import "../lab/lab.css";` as the
first line of view.css::

    export default mount((root, tools) => {
      const bench = makeBench(tools, (now) => tools.frame(redraw));      // now, kept, propose, settle, take, receive
      const desk = makeDesk(root, tools);               // desk.controls, desk.stage, desk.numbers, desk.below
      const numbers = makeNumbers();                    // numbers.set(counted, keptCounted)
      const code = makeCode();                          // code.set("nn.Conv2d(…)") or pieces [[text, about], …]
      const keep = makeKeep(bench);                     // Keep as A, Back to A, Forget A
      const chips = makePresets(bench);                 // chips.set(presets)
      const tasks = makeExercises(bench);               // predict first, then reveal
      const doors = makeAway(tools);                    // Take into the Builder, Train this
      const fault = makeFault(bench);                   // a problem in words, with its repairs as buttons
      return {
        update(data) { bench.receive(data); …each.set(data…) },
        draw(width) { desk.arrange(width); … },
      };
    });

A slider calls `bench.propose({ field: value })` on every step of a drag, which redraws and tells Python nothing, and
`bench.settle()` at its end; whatever needs no drag calls `bench.take({ field: value })`. Python then sends what it has
counted. All pictures of a page are joined into one module, so names at the top level of its files must differ, also
from those of the kit and of this folder.

    link.py       the text behind `?state=`: versioned, bounded, refused in a sentence
    bench.py      Lab and Bench: session, link, what the browser proposes
    counts.py     a trace as numbers with their formulas, problems with repairs that are states
    presets.py    named settings; exercises.py: questions whose answers are computed; fixed.py: both, and the words
    away.py       doors to the builder and to the training page
    heading.py    title with the seal; phrases.py: the shared words
"""
