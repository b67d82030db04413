// What a page and the site's record ask for. The record wins over the page's data- attributes.
import { type Strings, stringsFor } from "./strings";

export interface Look {
  title?: string;
  greeting?: string;
  placeholder?: string;
  suggestions?: string[];
  language?: string;
  position?: string;
  theme?: string;
  accent?: string;
  privacy?: string;
}

export interface Config {
  title: string;
  greeting: string;
  placeholder: string;
  suggestions: string[];
  language: string;
  position: "left" | "right";
  theme: "light" | "dark" | "auto";
  accent: string;
  privacy: string;
  zIndex: number;
  strings: Strings;
}

export type Mode = "floating" | "inline" | "page";

export function modeOf(data: DOMStringMap): Mode {
  return data.mode === "inline" || data.mode === "page" ? data.mode : "floating";
}

export function configOf(data: DOMStringMap, look: Look): Config {
  const language = look.language ?? data.language ?? document.documentElement.lang ?? "en";
  const strings = stringsFor(language, parsed(data.strings));
  const theme = look.theme ?? data.theme;
  const accent = look.accent ?? data.accent ?? "";
  return {
    title: look.title ?? data.title ?? strings.title,
    greeting: look.greeting ?? data.greeting ?? strings.greeting,
    placeholder: look.placeholder ?? data.placeholder ?? strings.placeholder,
    suggestions: look.suggestions ?? (data.suggestions ?? "").split("|").filter((text) => text.trim()),
    language: language.toLowerCase().startsWith("zh") ? "zh" : language || "en",
    position: (look.position ?? data.position) === "left" ? "left" : "right",
    theme: theme === "light" || theme === "dark" ? theme : "auto",
    accent: /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.test(accent) ? accent : "",
    privacy: safeUrl(look.privacy ?? data.privacy ?? ""),
    zIndex: Number(data.zIndex) || 2147483000,
    strings,
  };
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

function parsed(json: string | undefined): Partial<Strings> {
  try {
    return json ? JSON.parse(json) : {};
  } catch {
    console.error("newsletter-chat: data-strings is not JSON; it is passed over.");
    return {};
  }
}
