// The one line's entry: defines the element, and places it where the script tag says.
import { NewsletterChat } from "./element";

function place(script: HTMLScriptElement): void {
  if (!script.dataset.site) return;
  const chat = document.createElement("newsletter-chat");
  Object.assign(chat.dataset, script.dataset);
  const target = script.dataset.target ? document.querySelector(script.dataset.target) : document.body;
  if (target) target.append(chat);
  else console.error(`newsletter-chat: no element matches data-target="${script.dataset.target}".`);
}

// An element that a portal's user names "currentScript" hides the document's own property, but not the getter behind it.
function ownScript(): HTMLScriptElement | null {
  const running: unknown = Object.getOwnPropertyDescriptor(Document.prototype, "currentScript")?.get?.call(document);
  return running instanceof HTMLScriptElement ? running : null;
}

const script = ownScript();
if (!customElements.get("newsletter-chat")) {
  NewsletterChat.base = script ? new URL(script.src).origin : location.origin;
  customElements.define("newsletter-chat", NewsletterChat);
}
if (script) {
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", () => place(script), { once: true });
  else place(script);
}
