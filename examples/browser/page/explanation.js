import { count, element, item, name, offset } from "./dom.js";

// explanation returns the elements that show a diagnosis, with a pager to others,
// which may be null. allow is called with the names of proposals that someone
// wants to allow.
export function explanation(diagnosis, pager, allow) {
  const rows = rowsOf(diagnosis);
  const listed = new Set(rows.map((row) => row.offset));
  const code = listing(rows, rolesOf(diagnosis));
  return [
    element("div", { class: "card-head" }, element("h2", { id: "explanation-title" }, "What is wrong"), where(diagnosis), ...(pager ? [pager] : [])),
    pager ? element("p", { class: "message" }, diagnosis.message) : null,
    hints(diagnosis, allow),
    element("div", { class: "columns" },
      code ?? bytes(diagnosis),
      element("div", { class: "beside" }, wants(diagnosis, listed), stack(diagnosis, listed), frames(diagnosis, listed))),
    code ? bytes(diagnosis) : null,
    notes(diagnosis),
  ].filter(Boolean);
}

// where says in which function, section and item the error is.
function where({ func, offset: at, ...rest }) {
  const parts = func
    ? [`function ${func.index} `, func.name ? name(func.name) : "", func.type ? element("code", { class: "type" }, func.type) : ""]
    : [...item(rest), rest.item?.field ? `, ${rest.item.field}` : ""];
  return element("p", { class: "aside where" }, ...(parts.join("") ? ["in ", ...parts, ", "] : []), "at offset ", element("code", {}, offset(at)));
}

function hints({ hints, feature, limit }, allow) {
  const list = (hints ?? []).filter((hint) => hint.kind !== "feature").map((hint) => element("li", {},
    element("p", {}, ...quoted(hint.text)),
    change("Instead: ", hint.replace, hint.text),
    change("Put in front: ", hint.insert, hint.text)));
  if (feature) {
    list.unshift(element("li", {}, element("p", {}, `Not an error with ${feature.names.join(", ")}. `,
      element("button", { type: "button", class: "button small", on: { click: () => allow(feature.names) } }, `Allow ${feature.names.join(", ")}`))));
  }
  if (limit) {
    list.push(element("li", {}, element("p", {}, `${limit.what}: the limit is ${limit.value}${limit.found ? `, and the module asks for ${limit.found}` : ""}. A Go program raises it with `, element("code", {}, limit.raise), ".")));
  }
  return list.length > 0 ? element("ul", { class: "hints", "aria-label": "What was probably meant" }, list) : null;
}

// change shows the operators to write, unless the text of the hint has them.
const change = (what, operators, text) => (operators && !text.includes(`\`${operators}\``) ? element("p", { class: "change" }, what, element("code", {}, operators)) : null);

// quoted returns a sentence whose parts between backquotes are code.
const quoted = (text) => (text.charAt(0).toUpperCase() + text.slice(1)).split("`").map((part, i) => (i % 2 === 1 ? element("code", {}, part) : part));

// listing shows the operators around the one at fault, and those that pushed its
// operands.
function listing(rows, roles) {
  if (rows.length === 0) return null;
  const outermost = Math.min(...rows.filter((row) => row.listed).map((row) => row.depth));
  const elements = [];
  let before; // the row before, to see gaps by
  for (const row of rows) {
    if (before && !(before.listed && row.listed)) elements.push(element("li", { class: "gap", "aria-hidden": "true" }, "⋮"));
    before = row;
    elements.push(line(row, row.listed ? row.depth - outermost : 0, roles.get(row.offset)));
  }
  return element("ol", { class: "listing", "aria-label": "The operators around it" }, elements);
}

// rowsOf returns the operators to list, in the order of the module: those of the
// listing, and those that others refer to.
function rowsOf({ listing, want, target }) {
  const rows = new Map((listing ?? []).map((op) => [op.offset, { ...op, listed: true }]));
  const add = (origin) => {
    if (origin?.text && !rows.has(origin.offset)) rows.set(origin.offset, origin);
  };
  for (const { found } of want ?? []) {
    add(found?.origin);
    add(found?.source);
  }
  if (target?.kind !== "func") add(target);
  if (!listing?.length) return [];
  return [...rows.values()].sort((a, b) => a.offset - b.offset);
}

// rolesOf says what each operator has to do with the error, by offset.
function rolesOf({ want, target }) {
  const roles = new Map();
  const add = (at, text, wrong) => {
    const role = roles.get(at) ?? { texts: [], wrong: false };
    if (!role.texts.includes(text)) role.texts.push(text);
    role.wrong ||= wrong;
    roles.set(at, role);
  };
  for (const { found, verdict } of want ?? []) {
    const wrong = verdict === "wrong" || verdict === "extra";
    if (found?.origin) add(found.origin.offset, `pushed ${found.type}`, wrong);
    if (found?.source) add(found.source.offset, `first pushed ${found.type}`, wrong);
  }
  if (target && target.kind !== "func") add(target.offset, target.leaves ? `leaves ${target.leaves}` : "the block", false);
  return roles;
}

function line(op, depth, role) {
  const kind = ["op", op.fault && "fault", op.unread && "unread", role && "origin", role?.wrong && "wrong"].filter(Boolean).join(" ");
  const text = element("code", { class: "text" }, op.text);
  text.style.setProperty("--depth", Math.min(depth, 24));
  return element("li", { class: kind, id: anchor(op.offset), tabIndex: -1, "aria-current": op.fault ? "true" : undefined },
    element("span", { class: "at" }, offset(op.offset)),
    text,
    op.note ? name(op.note, "note") : null,
    role ? element("span", { class: "role" }, role.texts.join(", ")) : null);
}

const anchor = (at) => `op-${at}`;

// reference names an operator, and is a link to it where it is in the listing.
function reference(origin, listed) {
  const content = [element("code", {}, origin.text), " ", element("span", { class: "at" }, offset(origin.offset))];
  if (!listed.has(origin.offset)) return element("span", { class: "reference" }, ...content);
  const row = () => document.getElementById(anchor(origin.offset));
  const point = (on) => row()?.classList.toggle("pointed", on);
  return element("button", {
    type: "button", class: "link reference",
    on: {
      click: () => {
        row()?.scrollIntoView({ block: "nearest" });
        row()?.focus({ preventScroll: true });
      },
      pointerenter: () => point(true), pointerleave: () => point(false),
      focus: () => point(true), blur: () => point(false),
    },
  }, ...content);
}

// pushed says which operator an operand is from.
function pushed(operand, listed) {
  if (!operand?.origin) return ["–"];
  const { origin, source } = operand;
  const parts = [reference(origin, listed)];
  if (origin.role) parts.push(element("span", { class: "how" }, ` ${origin.role}`));
  if (source) parts.push(element("span", { class: "how" }, ", first pushed by "), reference(source, listed));
  return parts;
}

const verdicts = { fits: "✓ fits", wrong: "✗ wrong type", missing: "✗ missing", extra: "✗ too many", unknown: "? unreachable" };

// wants shows what the operator wants, and what it finds.
function wants({ want, op }, listed) {
  if (!want?.length) return null;
  const rows = want.map((w) => element("tr", { class: w.verdict },
    element("td", {}, element("code", {}, w.want || "nothing")),
    element("td", {}, w.found ? element("code", {}, w.found.type) : "nothing"),
    element("td", {}, ...pushed(w.found, listed)),
    element("td", { class: "judged" }, verdicts[w.verdict] ?? w.verdict)));
  return table("wants", op ? ["What ", element("code", {}, op.text), " takes"] : ["What it takes"], ["Wants", "Finds", "Pushed by", ""], rows);
}

// stack shows the operands of the innermost block, if there are any that the
// operator does not take.
function stack({ stack, stackHeight, unreachable, traced, want }, listed) {
  const operands = stack ?? [];
  const taken = (want ?? []).filter((w) => w.found).length;
  if (!traced || (want && taken === stackHeight && !unreachable)) return null;
  const rows = operands.map((operand) => element("tr", {},
    element("td", { class: "figure" }, operand.depth === 0 ? "top" : String(operand.depth)),
    element("td", {}, element("code", {}, operand.type)),
    element("td", {}, ...pushed(operand, listed))));
  const below = stackHeight - operands.length;
  const rest = [
    unreachable ? "This place cannot be reached: there are as many more operands as anyone asks for." : "",
    below > 0 ? `${count(below, "operands")} below.` : "",
    operands.length === 0 && below <= 0 && !unreachable ? "It is empty." : "",
  ].filter(Boolean).join(" ");
  return table("stack", ["The operand stack before it"], ["", "Type", "Pushed by"], rows, rest);
}

// innermost is how many blocks are shown without being asked for.
const innermost = 4;

// frames shows the blocks around the operator.
function frames({ frames, frameCount, target }, listed) {
  if (!frames?.length) return null;
  const rows = frames.map((frame) => element("tr", { class: target && frame.label === target.label ? "target" : "" },
    element("td", { class: "figure" }, String(frame.label)),
    element("td", {}, frame.kind === "func" || !frame.text ? frame.kind : reference(frame, listed)),
    element("td", {}, element("code", {}, frame.type ?? ""))));
  const heads = ["Label", "Begun by", "Type"];
  const more = frameCount - frames.length;
  const after = more > 0 ? `${count(more, "blocks")} more around these.` : "";
  if (rows.length <= innermost + 1) return table("frames", ["The blocks around it"], heads, rows, after);
  const part = table("frames", ["The blocks around it"], heads, rows.slice(0, innermost));
  const others = table("frames", [], heads, rows.slice(innermost), after);
  part.append(element("details", {}, element("summary", {}, `${count(rows.length - innermost, "blocks")} more`), others));
  return part;
}

function table(className, caption, heads, rows, after) {
  return element("div", { class: `part ${className}` },
    caption.length > 0 ? element("h3", {}, ...caption) : null,
    rows.length > 0
      ? element("div", { class: "scroll" }, element("table", {},
          element("thead", {}, element("tr", {}, heads.map((head) => element("th", { scope: "col" }, head)))),
          element("tbody", {}, rows)))
      : null,
    after ? element("p", { class: "after" }, after) : null);
}

// bytes shows the bytes around the offset, of what cannot be decoded.
function bytes({ bytes }) {
  if (!bytes) return null;
  return element("div", { class: "part bytes" },
    element("h3", {}, "The bytes there"),
    element("p", { class: "hex" }, element("span", { class: "at" }, offset(bytes.offset)),
      bytes.hex.split(" ").map((byte, i) => element(i === bytes.mark ? "mark" : "span", {}, byte))),
    bytes.reading ? element("p", { class: "after" }, `while reading ${bytes.reading}`) : null);
}

function notes({ notes }) {
  return notes?.length ? element("ul", { class: "notes" }, notes.map((note) => element("li", {}, ...quoted(note)))) : null;
}
