import { Chooser } from "./features.js";
import { count, element, item, name, number, offset } from "./dom.js";
import { explanation } from "./explanation.js";
import { Treemap } from "./treemap.js";
import { Validator } from "./validator.js";

const $ = (id) => document.getElementById(id);

let file; // the one that is shown

const treemap = new Treemap($("map"));
const chooser = new Chooser(inspect);
const validator = new Validator(receive);

// open shows a file.
function open(chosen) {
  file = chosen;
  document.body.classList.add("opened");
  $("asking").textContent = "Drop another module, or";
  treemap.clear();
  inspect();
}

// inspect has the file inspected, with the features that are chosen.
function inspect() {
  if (!file) return;
  $("explanation").hidden = true;
  $("needs").hidden = true;
  document.title = `${file.name} – wasmstate`;
  document.body.dataset.state = "busy";
  showVerdict("busy", "Validating", element("progress", { max: 1, "aria-label": "Progress" }));
  validator.inspect(file, () => chooser.features);
}

// receive shows what the validator has found.
function receive(kind, value) {
  const show = {
    ready: () => chooser.offer(value),
    progress: () => showProgress(value),
    verdict: () => showResult(value),
    map: () => treemap.show(value),
    mistakes: () => showMistakes(value),
    needs: () => showNeeds(value),
    done: () => (document.body.dataset.state = "done"),
    failed: () => showFailure(value),
  };
  show[kind]();
}

function showVerdict(kind, title, ...rest) {
  $("verdict").hidden = false;
  $("verdict").dataset.kind = kind;
  $("verdict").replaceChildren(
    element("div", { class: "stamp", "aria-hidden": "true" }, { valid: "✓", busy: "…", limit: "!", failed: "!" }[kind] ?? "✗"),
    element("div", { class: "said" },
      element("h2", {}, title),
      element("p", { class: "file" }, file ? name(file.name) : "", file ? element("span", {}, count(file.size, "bytes")) : ""),
      ...rest));
}

function showProgress({ done, total }) {
  const bar = $("verdict").querySelector("progress");
  if (bar && total > 0) bar.value = done / total;
}

// isModule reports whether what was refused is a module at all.
const isModule = ({ hints }) => !hints?.some((hint) => hint.kind === "format");

// titles are what to say of each kind of verdict.
const titles = {
  malformed: "Malformed",
  invalid: "Not valid",
  limit: "Beyond a limit",
};

function showResult(verdict) {
  const { diagnosis } = verdict;
  const facts = element("ul", { class: "facts" },
    (verdict.facts ?? []).map((fact) => element("li", {}, element("b", {}, number(fact.count)), ` ${count(fact.count, fact.what).replace(/^\S+ /, "")}`)));
  const time = element("p", { class: "time" }, `Validated in ${verdict.milliseconds < 10 ? verdict.milliseconds.toFixed(1) : verdict.milliseconds.toFixed(0)} ms, on this machine.`);
  if (verdict.valid) {
    treemap.mark(-1);
    showVerdict("valid", "Valid", facts, time);
  } else {
    showVerdict(diagnosis.kind, isModule(diagnosis) ? titles[diagnosis.kind] : "Not a module", element("p", { class: "message" }, diagnosis.message));
    showMistakes({ list: [diagnosis], more: false });
  }
}

// showMistakes explains one of the mistakes, and lets people go to the others.
function showMistakes({ list, more }, shown = 0) {
  const go = (to, text, label) =>
    element("button", { type: "button", class: "chip", "aria-label": label, disabled: !list[to], on: { click: () => {
      showMistakes({ list, more }, to);
      $("explanation").querySelector(`[aria-label="${label}"]`)?.focus();
    } } }, text);
  const pager = list.length > 1
    ? element("nav", { class: "pager", "aria-label": "Mistakes" }, go(shown - 1, "‹", "Mistake before"),
        element("span", { role: "status" }, `Mistake ${number(shown + 1)} of ${number(list.length)}${more ? " or more" : ""}`), go(shown + 1, "›", "Next mistake"))
    : null;
  $("explanation").replaceChildren(...explanation(list[shown], pager, (names) => chooser.allow(names)));
  $("explanation").hidden = false;
  treemap.mark(list[shown].func?.index ?? -1);
}

function showFailure(reason) {
  document.body.dataset.state = "failed";
  showVerdict("failed", "This did not work", element("p", { class: "message" }, reason));
}

function showNeeds(needs) {
  const rows = needs.list.map((need) => element("tr", { "data-feature": need.feature },
    element("th", { scope: "row" }, need.feature, need.allowed ? "" : element("span", { class: "off" }, "not allowed")),
    element("td", {}, ...place(need)),
    element("td", { class: "figure" }, offset(need.offset))));
  $("needs").replaceChildren(
    element("div", { class: "card-head" }, element("h2", { id: "needs-title" }, "What it needs"),
      element("p", { class: "aside" }, needs.complete ? "The proposals without which it is not valid" : "The proposals that it uses before the mistake")),
    needs.list.length === 0 ? element("p", {}, "Nothing beyond the first version of WebAssembly.") : element("div", { class: "scroll" }, element("table", {},
      element("thead", {}, element("tr", {}, ...["Proposal", "First needed", "Offset"].map((t) => element("th", { scope: "col" }, t)))),
      element("tbody", {}, rows))));
  $("needs").hidden = needs.list.length === 0 && !needs.complete;
}

// place says where a proposal is first needed.
function place({ func, op, ...rest }) {
  if (func) return [op ? [element("code", {}, op.text), " in "] : [], `function ${func.index} `, func.name ? name(func.name) : ""].flat();
  const parts = item(rest);
  return parts.length > 0 ? parts : ["the module as a whole"];
}

$("file").addEventListener("change", (event) => {
  if (event.target.files[0]) open(event.target.files[0]);
  event.target.value = ""; // so that the same file can be chosen again
});

for (const button of document.querySelectorAll("[data-sample]")) {
  button.addEventListener("click", async () => {
    const { sample } = button.dataset;
    open(new File([await (await fetch(sample)).blob()], sample));
  });
}

// A file may be dropped anywhere.
let inside = 0;
const veil = (on) => $("veil").classList.toggle("on", on);
addEventListener("dragenter", (event) => {
  event.preventDefault();
  inside++;
  veil(true);
});
addEventListener("dragleave", () => veil(--inside > 0));
addEventListener("dragover", (event) => event.preventDefault());
addEventListener("drop", (event) => {
  event.preventDefault();
  inside = 0;
  veil(false);
  const [dropped] = event.dataTransfer.files;
  if (dropped) open(dropped);
});
