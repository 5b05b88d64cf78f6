// element makes an element. Properties that begin with data- or aria-, and role,
// are attributes; class is the class; on is an object of listeners; the others are
// properties of the element. What comes from a module gets into the page by
// children that are strings, and a string becomes a text node, whatever is in it.
export function element(tag, properties = {}, ...children) {
  const e = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) e.addEventListener(event, listener);
    } else if (name === "class") {
      e.className = value;
    } else if (name === "role" || /^(data|aria)-/.test(name)) {
      e.setAttribute(name, value);
    } else {
      e[name] = value;
    }
  }
  e.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return e;
}

// name makes an element for a name out of a module, whose letters must not
// change the direction of the text around it.
export function name(text, className = "name") {
  return element("bdi", { class: className, title: text }, text);
}

// item says which item of a section something is about, or the section itself.
export function item({ item, section }) {
  if (item && item.what !== "section") {
    return [`${item.what} ${item.index >= 0 ? item.index : item.number}`, item.name ? " " : "", item.name ? name(item.name) : ""];
  }
  return section ? ["the ", name(section.name), " section"] : [];
}

const whole = new Intl.NumberFormat("en");

// number writes a whole number with separators.
export const number = (n) => whole.format(n);

// plural writes a number of things, given the word for several.
export const count = (n, words) => `${number(n)} ${n === 1 ? singular(words) : words}`;

const singular = (words) => words.replace(/ies$/, "y").replace(/s$/, "");

// offset writes a place in the module.
export const offset = (n) => "0x" + n.toString(16);

// size writes a number of bytes.
export function size(bytes) {
  if (bytes < 1000) return count(bytes, "bytes");
  const units = ["kB", "MB", "GB"];
  let value = bytes;
  let unit = "";
  for (const u of units) {
    if (value < 1000) break;
    value /= 1000;
    unit = u;
  }
  return `${value.toPrecision(3)} ${unit}`;
}

// share writes a part of a whole in percent.
export function share(part, all) {
  const percent = all === 0 ? 0 : (100 * part) / all;
  if (percent > 0 && percent < 0.1) return "< 0.1 %";
  return `${percent.toFixed(1)} %`;
}
