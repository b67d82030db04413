// Makes elements without ever parsing HTML: text goes in as text, so nothing a newsletter says can run.
type Props = Record<string, string | boolean | (() => void)>;

export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

const PATHS = {
  chat: "M4 4h16v12H9l-5 4z",
  close: "M6 6l12 12M18 6L6 18",
  send: "M4 12h15M13 6l6 6-6 6",
  stop: "M7 7h10v10H7z",
  fresh: "M12 5v14M5 12h14",
  copy: "M9 9h11v11H9zM5 15V4h11",
  up: "M7 11v9H4v-9zM7 11l4-7c2 0 2 2 2 3v3h6l-2 10H7",
  down: "M7 13V4H4v9zM7 13l4 7c2 0 2-2 2-3v-3h6L17 4H7",
};

export function icon(name: keyof typeof PATHS): SVGSVGElement {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

export function iconButton(name: keyof typeof PATHS, label: string, click: () => void, css = "icon"): HTMLButtonElement {
  return make("button", { type: "button", class: css, "aria-label": label, title: label, click }, icon(name));
}
