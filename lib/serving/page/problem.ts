import { ThumbrankError } from "../../base";
import { button, element, find } from "./element";
import { PageFailed, ServiceProblem } from "./errors";

const UNAUTHORIZED = 401;

/**
 * Shows what failed, its code and what to do next; null clears it.
 * @param retry does the same again with a token, where the service asks for one
 */
export function showProblem(thrown: unknown, retry?: (token: string) => void): void {
  const shown = find("problem", HTMLElement);
  if (thrown === null) {
    shown.replaceChildren();
    return;
  }
  const { what, next, code } = thrown instanceof ThumbrankError ? thrown : new PageFailed(thrown);
  const asksToken = thrown instanceof ServiceProblem && thrown.status === UNAUTHORIZED && retry !== undefined;
  shown.replaceChildren(
    element(
      "div",
      { class: "notice problem" },
      element("p", {}, element("b", {}, `${capitalized(what)}.`)),
      element("p", {}, `Next: ${next}.`),
      element("p", {}, element("code", {}, code)),
      ...(asksToken ? [tokenField(retry)] : []),
    ),
  );
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function tokenField(retry: (token: string) => void): HTMLElement {
  const input = element("input", { type: "password", autocomplete: "off", "aria-label": "Token of the service" });
  return element(
    "div",
    { class: "token" },
    input,
    button("Use this token", () => retry(input.value)),
  );
}
