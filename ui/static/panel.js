// The side panel that opens an issue at the cited sentence, with the next and previous citation of the answer.
import { goToTab, make, send, words } from "./dom.js";
import { forgetOpened, goBack, hrefInAddress, keepOpened } from "./history.js";
import { cardOf, hideTip } from "./tip.js";

let panel = null;
let places = [];
let current = 0;
let opener = null;

const build = () => {
  const parts = {
    title: make("strong", { textContent: words("source") }),
    place: make("span", { className: "na-place" }),
    count: make("span", { className: "na-count" }),
    previous: make("button", { type: "button", textContent: words("previous") }),
    next: make("button", { type: "button", textContent: words("next") }),
    apart: make("a", { textContent: words("new_tab"), target: "_blank", rel: "noopener" }),
    close: make("button", { type: "button", textContent: words("close"), className: "na-close" }),
    frame: make("iframe", { title: words("source_frame") }),
  };
  const about = make("div", {}, [parts.title, parts.place]);
  const header = make("header", {}, [about, parts.count, parts.previous, parts.next, parts.apart, parts.close]);
  parts.root = make("aside", { className: "na-panel", hidden: true }, [header, parts.frame]);
  parts.root.setAttribute("role", "dialog");
  parts.root.setAttribute("aria-label", words("source"));
  parts.previous.addEventListener("click", () => visit(current - 1));
  parts.next.addEventListener("click", () => visit(current + 1));
  parts.close.addEventListener("click", shut);
  parts.frame.addEventListener("load", () => { // an issue opened by the address has no card that names it
    if (!places[current]?.isConnected) parts.title.textContent = parts.frame.contentDocument?.title || words("source");
  });
  document.body.append(parts.root);
  return parts;
};
const readable = (link) => link.closest(".na-card, .na-issues li") ?? cardOf(link);
const placesBeside = (link) => {
  const around = link.closest(".na-answer") ?? link.closest(".na-issues");
  return around ? [...around.querySelectorAll(".na-card .na-read, .na-issues .na-read")] : [link];
};
const visit = (position) => {
  current = position;
  const link = places[current];
  const about = readable(link)?.querySelector(".na-about")?.textContent.replace(/^\d+/, "");
  panel.title.textContent = about ?? link.textContent;
  panel.place.textContent = panel.place.title = readable(link)?.querySelector(".na-section")?.textContent ?? "";
  panel.count.textContent = places.length > 1 ? `${current + 1} / ${places.length}` : "";
  panel.apart.href = link.href;
  keepOpened(link.getAttribute("href"));
  panel.frame.contentWindow?.location.replace(link.href.split("#")[0]); // a fragment would draw the focus into the frame
  const pressed = document.activeElement;
  panel.previous.disabled = current === 0;
  panel.next.disabled = current === places.length - 1;
  if (pressed?.disabled) (pressed === panel.next ? panel.previous : panel.next).focus(); // at either end the way back
  for (const chip of document.querySelectorAll(".na-chip.na-now")) chip.classList.remove("na-now");
  const answer = link.closest(".na-answer");
  for (const chip of answer?.querySelectorAll(".na-chip") ?? []) {
    chip.classList.toggle("na-now", chip.getAttribute("href") === link.getAttribute("href"));
  }
};
const open = (link) => {
  panel ??= build();
  const wanted = link.getAttribute("href");
  places = placesBeside(link);
  opener = link;
  panel.root.hidden = false;
  document.body.classList.add("na-reading");
  const found = places.findIndex((place) => place.getAttribute("href") === wanted);
  if (found < 0) places = [link];
  visit(Math.max(found, 0));
  hideTip();
  panel.close.focus();
};
const hide = () => {
  if (!panel || panel.root.hidden) return;
  panel.root.hidden = true;
  document.body.classList.remove("na-reading");
  panel.frame.contentWindow?.location.replace("about:blank");
  for (const chip of document.querySelectorAll(".na-chip.na-now")) chip.classList.remove("na-now");
  const href = opener?.getAttribute("href");
  const same = (link) => link.getAttribute("href") === href && link.className.includes(opener.classList[0]);
  (opener?.isConnected ? opener : [...document.querySelectorAll("a.na-read")].find(same))?.focus();
};
export const shut = () => {
  if (!panel || panel.root.hidden) return;
  hide();
  goBack();
};
const follow = () => {
  const href = hrefInAddress();
  if (!href) return hide();
  const known = [...document.querySelectorAll("a.na-read")].find((link) => link.getAttribute("href") === href);
  open(known ?? make("a", { href, textContent: words("source") }));
};
addEventListener("popstate", follow);
let arrived = false;
export const openArrived = () => {
  if (!arrived && hrefInAddress()) follow();
  arrived = true;
};
document.addEventListener("keydown", (event) => event.key === "Escape" && shut());
addEventListener("message", (event) => {
  if (event.origin !== location.origin) return;
  if (event.data === "close-reader") shut();
  if (typeof event.data?.askAbout === "string") askAbout(event.data.askAbout);
});
export const askAbout = (id) => {
  hide();
  forgetOpened();
  send("input", { kind: "only", value: id });
  goToTab(0);
  setTimeout(() => document.querySelector("#na-question textarea")?.focus(), 100);
};
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a.na-read");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  open(link);
}, true);
