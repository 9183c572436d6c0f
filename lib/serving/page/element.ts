/** The parts of the page: names, titles and messages come from outside and become text, never HTML. */

type Attributes = Record<string, string | number | boolean>;

/**
 * Makes an element; children that are strings become text.
 * @param attributes `false` leaves one out, `true` writes it without a value
 */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes))
    if (value !== false) made.setAttribute(attribute, value === true ? "" : String(value));
  made.append(...children);
  return made;
}

/**
 * An element of index.html.
 * @throws TypeError if there is none of that kind
 */
export function find<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new TypeError(`the page has no ${kind.name} #${id}`);
  return found;
}

/** Text from outside, isolated so that its writing direction does not affect the text around it. */
export function isolated(text: string): string {
  return `\u2068${text}\u2069`;
}

/** A button that does not submit a form. */
export function button(label: string, press: () => void, attributes: Attributes = {}): HTMLButtonElement {
  const made = element("button", { type: "button", ...attributes }, label);
  made.addEventListener("click", press);
  return made;
}

/**
 * Choices of which exactly one is taken; arrow keys move between them.
 * @param choices label by value
 * @param taken the one that is taken at the start
 */
export function segments<Value extends string>(
  legend: string,
  choices: Record<Value, string>,
  taken: Value,
  take: (value: Value) => void,
): HTMLFieldSetElement {
  const values = Object.keys(choices) as Value[];
  const labels = values.map((value) => {
    const input = element("input", { type: "radio", name: legend, value, checked: value === taken });
    input.addEventListener("change", () => take(value));
    return element("label", {}, input, choices[value]);
  });
  const group = element("div", {}, ...labels);
  return element("fieldset", { class: "segments" }, element("legend", {}, legend), group);
}

/** A check box with its label. */
export function checkBox(label: string, change: (isChecked: boolean) => void): HTMLLabelElement {
  const input = element("input", { type: "checkbox" });
  input.addEventListener("change", () => change(input.checked));
  return element("label", { class: "check" }, input, label);
}
