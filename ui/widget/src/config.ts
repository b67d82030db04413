// What a page and the site's record ask for. The record wins over the page's data- attributes.
import { type Strings, stringsFor } from "./strings";

type Colours = Record<string, string>;

export interface Look {
  title?: string;
  greeting?: string;
  placeholder?: string;
  suggestions?: string[];
  language?: string;
  strings?: Partial<Strings>;
  position?: string;
  size?: string;
  theme?: string;
  accent?: string;
  colours?: Colours;
  dark_colours?: Colours;
  privacy?: string;
  z_index?: number;
  open?: boolean;
}

// What a page asks to be answered from; the server only ever narrows the site's scope by it.
export interface Filters {
  collection?: string;
  publishers?: string[];
  since?: string;
  until?: string;
}

export interface Config {
  title: string;
  greeting: string;
  placeholder: string;
  suggestions: string[];
  language: string;
  position: string;
  size: string;
  theme: string;
  colours: Colours;
  darkColours: Colours;
  privacy: string;
  zIndex: number;
  open: boolean;
  filters: Filters;
  strings: Strings;
}

export type Mode = "floating" | "inline" | "page";

export function modeOf(data: DOMStringMap): Mode {
  return data.mode === "inline" || data.mode === "page" ? data.mode : "floating";
}

export function configOf(data: DOMStringMap, look: Look): Config {
  const language = look.language ?? data.language ?? (document.documentElement.lang || "en");
  const strings = stringsFor(language, { ...texts(parsed(data.strings)), ...texts(look.strings) });
  return {
    title: look.title ?? data.title ?? strings.title,
    greeting: look.greeting ?? data.greeting ?? strings.greeting,
    placeholder: look.placeholder ?? data.placeholder ?? strings.placeholder,
    suggestions: look.suggestions ?? listed(data.suggestions),
    language,
    position: oneOf(["right", "left"], look.position ?? data.position),
    size: oneOf(["medium", "small", "large"], look.size ?? data.size),
    theme: oneOf(["auto", "light", "dark"], look.theme ?? data.theme),
    colours: colours({ accent: look.accent ?? data.accent ?? "", ...look.colours }),
    darkColours: colours(look.dark_colours ?? {}),
    privacy: safeUrl(look.privacy ?? data.privacy ?? ""),
    zIndex: Math.round(look.z_index ?? Number(data.zIndex)) || 2147483000,
    open: look.open ?? ("open" in data && data.open !== "false"),
    filters: filters(data),
    strings,
  };
}

function oneOf(known: string[], text = ""): string {
  return known.includes(text) ? text : known[0];
}

function listed(text = ""): string[] {
  return text.split("|").map((one) => one.trim()).filter(Boolean);
}

function filters({ collection, publisher, from, to }: DOMStringMap): Filters {
  const publishers = listed(publisher);
  const since = date("data-from", from);
  const until = date("data-to", to);
  return { ...(collection && { collection }), ...(publishers.length && { publishers }), ...(since && { since }), ...(until && { until }) };
}

function date(name: string, text?: string): string | undefined {
  if (!text || /^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$/.test(text)) return text;
  console.error(`newsletter-chat: ${name}="${text}" is no date such as 2019, 2019-04 or 2019-04-25; it is passed over.`);
  return undefined;
}

// The usable colours, with black or white on an accent that comes without its own.
function colours(given: Colours): Colours {
  const known = Object.entries(given).filter(([name, value]) => /^[a-z-]+$/.test(name) && /^#([0-9a-f]{3}){1,2}$/i.test(value));
  const found: Colours = Object.fromEntries(known);
  return found.accent ? { "on-accent": inkOn(found.accent), ...found } : found;
}

export function declarations(given: Colours): string {
  return Object.entries(given).map(([name, value]) => `--nc-${name}:${value};`).join("");
}

export function safeUrl(text: string): string {
  try {
    const url = new URL(text);
    return ["https:", "http:", "mailto:"].includes(url.protocol) ? url.href : "";
  } catch {
    return "";
  }
}

// Black or white, whichever reads better on the colour (WCAG relative luminance).
export function inkOn(colour: string): string {
  const hex = colour.length === 4 ? [...colour.slice(1)].map((digit) => digit + digit).join("") : colour.slice(1);
  const [r, g, b] = [0, 2, 4].map((at) => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#000" : "#fff";
}

function texts(given: object = {}): Partial<Strings> {
  return Object.fromEntries(Object.entries(given).filter(([, text]) => typeof text === "string"));
}

function parsed(json = "{}"): object {
  try {
    return Object(JSON.parse(json));
  } catch {
    console.error("newsletter-chat: data-strings is not JSON; it is passed over.");
    return {};
  }
}
