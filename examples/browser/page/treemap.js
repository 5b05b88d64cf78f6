import { element, name, number, offset, share, size } from "./dom.js";
import { squarify } from "./squarify.js";

// names of kinds that have no name of their own in the module.
const unnamed = { function: "func", "data segment": "data" };

// title is what a piece is called: what the module calls it, or what it is.
export function title(node) {
  if (node.kind === "module") return node.name || "module";
  if (node.kind === "section") return `${node.name} section`;
  if (node.kind === "smaller ones") return `${number(node.count)} smaller ones`;
  if (node.kind === "custom section") return node.name || "(no name)";
  return node.name || `${unnamed[node.kind] ?? node.kind} ${node.index}`;
}

// short returns the last part of a name that is qualified by packages or
// namespaces, and what is before it if the part says too little.
const short = (text) => /(?:[^.:/]{3,}|[^.:/]+[.:/]+[^.:/]{1,2})$/.exec(text)?.[0] ?? text;

// Treemap draws a module as a map whose areas are in proportion to bytes. Who
// chooses a section sees it alone.
export class Treemap {
  #section;
  #root;
  #path = []; // from the module to what is shown
  #fault = -1; // index of the function with the mistake
  #place; // the smallest piece that has it
  #area = element("div", { class: "cells", role: "group" });
  #trail = element("nav", { class: "trail", "aria-label": "What the map shows" });
  #readout = element("p", { class: "readout", id: "readout" });
  #legend = element("ul", { class: "legend" });
  #table = element("tbody");
  #observer = new ResizeObserver(() => this.#draw());
  #drawn = "";

  constructor(section) {
    this.#section = section;
    section.append(
      element("div", { class: "card-head" }, element("h2", { id: "map-title" }, "Where the bytes are"), this.#trail),
      this.#area,
      this.#readout,
      this.#legend,
      element("details", { class: "as-table" }, element("summary", {}, "The same as a table"),
        element("div", { class: "scroll" }, element("table", {},
          element("thead", {}, element("tr", {}, ...["Piece", "What it is", "Offset", "Bytes", "Share"].map((t) => element("th", { scope: "col" }, t)))),
          this.#table))),
    );
    this.#area.addEventListener("keydown", (event) => this.#key(event));
    this.#observer.observe(this.#area);
  }

  // show draws a module, given as a tree of pieces. There is no map where nothing was read.
  show(root) {
    if (!root.children?.some((node) => node.kind !== "not read")) return this.clear();
    this.#root = root;
    this.#path = [root];
    this.#section.hidden = false;
    this.#render();
  }

  // mark marks the function at an index; -1 is none.
  mark(index) {
    this.#fault = index;
    if (this.#root && !this.#section.hidden) this.#render();
  }

  clear() {
    this.#root = undefined;
    this.#fault = -1;
    this.#section.hidden = true;
  }

  get #current() {
    return this.#path.at(-1);
  }

  #enter(node) {
    this.#path.push(node);
    this.#render();
    this.#area.querySelector("[tabindex='0']")?.focus();
  }

  #leave(depth) {
    this.#path.length = depth;
    this.#render();
    this.#area.querySelector("[tabindex='0']")?.focus();
  }

  #render() {
    this.#drawn = "";
    this.#place = this.#fault < 0 ? undefined : find(this.#root, this.#fault);
    this.#draw();
    this.#drawTrail();
    this.#drawLegend();
    this.#drawTable();
    this.#tell(this.#current);
  }

  // cells returns the rectangles of what is shown: those of the pieces, or, for
  // the module, those of the pieces of the sections. Where one leads deeper, into
  // is the piece that comes next.
  #cells(width, height) {
    const all = { x: 0, y: 0, width, height };
    const { children = [this.#current] } = this.#current;
    if (this.#path.length > 1) {
      return divide(children, all).map((cell) => ({ ...cell, into: cell.node.children ? cell.node : null }));
    }
    return squarify(children, all).flatMap((section) =>
      section.node.children ? divide(section.node.children, section).map((cell) => ({ ...cell, into: section.node })) : [section]);
  }

  #draw() {
    const { clientWidth: width, clientHeight: height } = this.#area;
    const drawing = `${width} ${height}`;
    if (!this.#root || width === 0 || drawing === this.#drawn) return;
    this.#drawn = drawing;
    const cells = this.#cells(width, height);
    this.#area.setAttribute("aria-label", `Map of ${title(this.#current)}: ${cells.length} pieces, the largest first. Arrow keys move, Enter goes in, Escape goes out.`);
    this.#area.replaceChildren(...cells.map((cell, i) => this.#cell(cell, i)));
  }

  #cell({ node, x, y, width, height, into }, i) {
    const fault = this.#contains(node);
    const cell = element("button", {
      type: "button",
      class: "cell" + (fault ? (node === this.#place && node.kind === "function" ? " fault" : " has-fault") : "") + (into ? " zooms" : ""),
      tabIndex: i === 0 ? 0 : -1,
      "aria-label": `${this.#describe(node)}${fault ? ", with the mistake" : ""}${into ? `. Go into ${title(into)}` : ""}`,
      "data-section": node.section,
      "data-kind": node.kind,
      "data-size": node.size,
      on: {
        click: () => (into ? this.#enter(into) : this.#tell(node)),
        focus: () => this.#tell(node),
        pointerenter: () => this.#tell(node),
      },
    });
    Object.assign(cell.style, { left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` });
    cell.style.setProperty("--shade", shade(node));
    if (width > 34 && height > 15) {
      const whole = title(node);
      cell.append(name(whole.length * 6.5 < width ? whole : short(whole), "label"));
      if (height > 32 && width > 44) cell.append(element("span", { class: "bytes" }, size(node.size)));
    }
    return cell;
  }

  // contains reports whether the piece that has the mistake lies in another.
  #contains(node) {
    return node === this.#place || (node.children ?? []).some((child) => this.#contains(child));
  }

  #describe(node) {
    const parts = [title(node), what(node), `${number(node.size)} bytes`, `${share(node.size, this.#root.size)} of the module`];
    if (node.offset >= 0) parts.push(`at offset ${offset(node.offset)}`);
    return parts.filter(Boolean).join(", ");
  }

  // tell shows what there is to say about a piece, below the map.
  #tell(node) {
    const rest = [what(node), `${number(node.size)} bytes`, `${share(node.size, this.#root.size)} of the module`];
    if (node.offset >= 0) rest.push(`at ${offset(node.offset)}`);
    this.#readout.replaceChildren(name(title(node)), ...rest.filter(Boolean).map((text) => element("span", {}, text)));
  }

  #drawTrail() {
    this.#trail.replaceChildren(...this.#path.flatMap((node, i) => {
      const last = i === this.#path.length - 1;
      const label = name(title(node), "crumb");
      const item = last
        ? element("span", { class: "here", "aria-current": "location" }, label)
        : element("button", { type: "button", class: "link", on: { click: () => this.#leave(i + 1) } }, label);
      return i === 0 ? [item] : [element("span", { class: "separator", "aria-hidden": "true" }, "›"), item];
    }));
  }

  #drawLegend() {
    const root = this.#root;
    const fault = element("li", {}, element("span", { class: "entry" }, element("i", { class: "swatch fault", "aria-hidden": "true" }), "the function with the mistake"));
    this.#legend.replaceChildren(...root.children.map((node) => {
      const content = [
        element("i", { class: "swatch", "data-section": node.section, "data-kind": node.kind, "aria-hidden": "true" }),
        name(node.kind === "section" ? node.name : title(node)),
        element("span", { class: "bytes" }, `${size(node.size)} · ${share(node.size, root.size)}`),
      ];
      if (!node.children) return element("li", {}, element("span", { class: "entry" }, ...content));
      const shown = this.#path[1] === node;
      return element("li", {}, element("button", {
        type: "button", class: "entry", "aria-pressed": String(shown),
        on: { click: () => { this.#path = [root]; shown ? this.#render() : this.#enter(node); } },
      }, ...content));
    }), ...(this.#place ? [fault] : []));
  }

  #drawTable() {
    const rows = (this.#current.children ?? [this.#current]).map((node) => element("tr", {},
      element("th", { scope: "row" }, name(title(node))),
      element("td", {}, what(node)),
      element("td", { class: "figure" }, node.offset >= 0 ? offset(node.offset) : "–"),
      element("td", { class: "figure" }, number(node.size)),
      element("td", { class: "figure" }, share(node.size, this.#root.size))));
    this.#table.replaceChildren(...rows);
  }

  #key(event) {
    const cells = [...this.#area.children];
    const i = cells.indexOf(document.activeElement);
    const next = { ArrowRight: i + 1, ArrowDown: i + 1, ArrowLeft: i - 1, ArrowUp: i - 1, Home: 0, End: cells.length - 1 }[event.key];
    if (event.key === "Escape" && this.#path.length > 1) {
      this.#leave(this.#path.length - 1);
    } else if (next !== undefined && cells[next]) {
      if (cells[i]) cells[i].tabIndex = -1;
      cells[next].tabIndex = 0;
      cells[next].focus();
    } else {
      return;
    }
    event.preventDefault();
  }
}

// find returns the piece that is the function at an index, or that of the smaller
// ones which have it among them.
function find(node, index) {
  if (node.kind === "function" && node.index === index) return node;
  for (const child of node.children ?? []) {
    const found = find(child, index);
    if (found) return found;
  }
  return node.children?.find((child) => child.kind === "smaller ones" && child.section === "code");
}

// The smallest rectangle that stands for one piece, in pixels of area.
const smallest = 50;

// So many pieces are shown in any case.
const fewest = 300;

// divide divides a rectangle among nodes, the largest first. Those too small to
// be seen become one, which leads to them.
function divide(nodes, area) {
  const all = nodes.reduce((sum, node) => sum + node.size, 0);
  const least = (smallest * all) / (area.width * area.height);
  const large = nodes.filter((node) => node.size >= least).length;
  const seen = nodes.slice(0, Math.max(large, fewest));
  const rest = nodes.slice(seen.length);
  if (rest.length < 2) return squarify(nodes, area);
  const smaller = {
    kind: "smaller ones", section: rest[0].section, index: -1, offset: -1,
    size: rest.reduce((sum, node) => sum + node.size, 0),
    count: rest.reduce((sum, node) => sum + (node.kind === "smaller ones" ? node.count : 1), 0),
    children: rest,
  };
  const part = 1 - smaller.size / all;
  const { x, y, width, height } = area;
  return width > height
    ? [...squarify(seen, { ...area, width: width * part }), { node: smaller, x: x + width * part, y, width: width * (1 - part), height }]
    : [...squarify(seen, { ...area, height: height * part }), { node: smaller, x, y: y + height * part, width, height: height * (1 - part) }];
}

// shade returns a number from -1 to 1 that is the same for the names of one
// package or namespace, so that they look alike.
function shade(node) {
  if (node.kind === "data segment") return ((node.index % 5) - 2) / 2;
  const [word] = /[\p{L}\p{N}]*/u.exec(node.name ?? "");
  let sum = 7;
  for (const letter of word) sum = (sum * 31 + letter.codePointAt(0)) % 9973;
  return word ? ((sum % 7) - 3) / 3 : 0;
}

// what says what a piece is, where its title does not.
function what(node) {
  if (node.kind === "function" || node.kind === "data segment") return node.name ? `${node.kind} ${node.index}` : node.kind;
  return ["header", "not read", "smaller ones", "module", "section"].includes(node.kind) ? "" : node.kind;
}
