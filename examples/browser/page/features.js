import { element } from "./dom.js";

// Chooser lets people say what a module may use. What there is to choose from
// comes from the validator.
export class Chooser {
  #choice;
  #boxes = new Map();
  #sets = [];
  #summary;
  #onChange;

  constructor(onChange) {
    this.#summary = document.getElementById("chosen");
    this.#onChange = onChange;
  }

  // offer fills the chooser, the first time that it is called.
  offer(choice) {
    if (this.#choice) return;
    this.#choice = choice;
    for (const feature of choice.all) {
      const box = element("input", { type: "checkbox", checked: choice.default.includes(feature), on: { change: () => this.#changed() } });
      this.#boxes.set(feature, box);
      document.getElementById("features").append(element("label", {}, box, " ", feature));
    }
    for (const set of choice.sets) {
      const button = element("button", { type: "button", class: "chip", on: { click: () => this.#choose(set.members) } }, set.name);
      this.#sets.push({ set, button });
      document.getElementById("sets").append(button);
    }
    this.#summarize();
  }

  // features returns the names of what may be used.
  get features() {
    return [...this.#boxes].filter(([, box]) => box.checked).map(([feature]) => feature);
  }

  // allow adds features.
  allow(names) {
    this.#choose([...this.features, ...names]);
  }

  #choose(names) {
    for (const [feature, box] of this.#boxes) box.checked = names.includes(feature);
    this.#changed();
  }

  #changed() {
    this.#summarize();
    this.#onChange();
  }

  // summarize says in short what is chosen: the nearest set, and how it differs.
  #summarize() {
    const chosen = this.features;
    let best;
    for (const { set, button } of this.#sets) {
      const off = set.members.filter((f) => !chosen.includes(f)).map((f) => `−${f}`);
      const on = chosen.filter((f) => !set.members.includes(f)).map((f) => `+${f}`);
      const difference = [...off, ...on];
      button.setAttribute("aria-pressed", String(difference.length === 0));
      if (!best || difference.length < best.difference.length) best = { set, difference };
    }
    this.#summary.textContent = [best.set.name, ...best.difference].join(" ");
  }
}
