// Small helpers for the document.

/**
 * The element of that id, of that kind.
 * @template {Element} T
 * @param {string} id
 * @param {new () => T} kind
 * @returns {T}
 */
export function byId(id, kind) {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new Error(`#${id} is no ${kind.name}`);
  return element;
}

/**
 * The first element inside of another one, of that kind.
 * @template {Element} T
 * @param {ParentNode} parent
 * @param {string} selector
 * @param {new () => T} kind
 * @returns {T}
 */
export function within(parent, selector, kind) {
  const element = parent.querySelector(selector);
  if (!(element instanceof kind)) throw new Error(`${selector} is no ${kind.name}`);
  return element;
}

/**
 * A new element with attributes and children; what is no element becomes text, never markup.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | boolean | ((event: Event) => void)>} [attributes]
 * @param {...(Node | string | null | undefined)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false) element.setAttribute(name, value);
  }
  element.append(...children.filter(child => child !== null && child !== undefined));
  return element;
}

/** @param {unknown} failure */
export function lineOf(failure) {
  return failure instanceof Error ? failure.message : String(failure);
}

const SHOWN_MS = 6000, FAILURE_SHOWN_MS = 15000;
let saying = 0;

/**
 * Says something to everybody, readers of screens included; it goes away by itself.
 * @param {string} text
 * @param {boolean} [isFailure]
 */
export function say(text, isFailure = false) {
  const place = byId("says", HTMLElement);
  place.textContent = text;
  place.classList.toggle("failure", isFailure);
  place.classList.add("shown");
  clearTimeout(saying);
  saying = setTimeout(() => place.classList.remove("shown"), isFailure ? FAILURE_SHOWN_MS : SHOWN_MS);
}

/**
 * Lets the browser save something.
 * @param {string} href
 * @param {string} name
 */
export function download(href, name) {
  const link = make("a", { href, download: name });
  document.body.append(link);
  link.click();
  link.remove();
}

/** @param {number} bytes */
export function sizeText(bytes) {
  return bytes >= 2 ** 30
    ? `${(bytes / 2 ** 30).toFixed(1)} GB`
    : bytes >= 2 ** 20
      ? `${(bytes / 2 ** 20).toFixed(1)} MB`
      : `${Math.max(1, Math.round(bytes / 1024))} KB`;
}

/** @param {number} seconds */
export function timeText(seconds) {
  return seconds >= 90
    ? `${Math.round(seconds / 60)} min`
    : seconds >= 10
      ? `${Math.round(seconds)} s`
      : `${seconds.toFixed(1)} s`;
}

/**
 * A number as long as it says something.
 * @param {number} value
 */
export function numberText(value) {
  return Number.isInteger(value)
    ? String(value)
    : Math.abs(value) >= 1000
      ? value.toFixed(1)
      : Number(value.toPrecision(5)).toString();
}

/**
 * A colour of the theme, as a canvas takes it.
 * @param {HTMLElement} element
 * @param {string} name
 */
export function themed(element, name) {
  element.style.color = `var(${name})`;
  const { color } = getComputedStyle(element);
  element.style.color = "";
  return color;
}
