// What the chat page does in the browser: a tip with the quotation over a citation chip, a side panel that opens the
// issue at the sentence, and copying an answer with its sources. Links work without it, in a new tab.
const make = (name, properties = {}, children = []) => {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
};

// --- the tip over a chip -------------------------------------------------------------------------------------------
const tip = make("div", { className: "na-tip", hidden: true, id: "na-tip" });
tip.setAttribute("role", "tooltip");

const cardOf = (chip) => {
  const answer = chip.closest(".na-answer");
  return answer?.querySelector(`.na-card[value="${CSS.escape(chip.textContent.trim())}"]`);
};
const showTip = (chip) => {
  const card = cardOf(chip);
  if (!card) return;
  tip.replaceChildren(...[...card.childNodes].map((node) => node.cloneNode(true)));
  tip.hidden = false;
  chip.setAttribute("aria-describedby", "na-tip");
  const place = chip.getBoundingClientRect();
  const left = Math.max(16, Math.min(place.left - 24, innerWidth - tip.offsetWidth - 16));
  const above = place.top - tip.offsetHeight - 8;
  tip.style.left = `${left}px`;
  tip.style.top = `${above > 8 ? above : place.bottom + 8}px`;
};
const hideTip = (chip) => {
  tip.hidden = true;
  chip?.removeAttribute("aria-describedby");
};
for (const [start, stop] of [["mouseover", "mouseout"], ["focusin", "focusout"]]) {
  document.addEventListener(start, (event) => event.target.closest?.(".na-chip") && showTip(event.target.closest(".na-chip")));
  document.addEventListener(stop, (event) => event.target.closest?.(".na-chip") && hideTip(event.target.closest(".na-chip")));
}

// --- the panel -----------------------------------------------------------------------------------------------------
const title = make("strong", { textContent: "Source" });
const frame = make("iframe", { title: "The newsletter at the cited sentence" });
const previous = make("button", { type: "button", textContent: "Previous" });
const next = make("button", { type: "button", textContent: "Next" });
const apart = make("a", { textContent: "New tab", target: "_blank", rel: "noopener" });
const close = make("button", { type: "button", textContent: "Close" });
const panel = make("aside", { className: "na-panel", hidden: true }, [
  make("header", {}, [title, previous, next, apart, close]),
  frame,
]);
panel.setAttribute("role", "dialog");
panel.setAttribute("aria-label", "Source");
let places = [];
let current = 0;
let opener = null;

const readable = (link) => link.closest(".na-card, .na-issues li") ?? cardOf(link);
const placesBeside = (link) => {
  const around = link.closest(".na-answer") ?? link.closest(".na-issues");
  return around ? [...around.querySelectorAll(".na-card .na-read, .na-issues .na-read")] : [link];
};
const visit = (position) => {
  current = position;
  const link = places[current];
  title.textContent = readable(link)?.querySelector(".na-about")?.textContent.replace(/^\d+/, "") ?? link.textContent;
  apart.href = link.href;
  frame.contentWindow?.location.replace(link.href);
  previous.disabled = current === 0;
  next.disabled = current === places.length - 1;
};
const open = (link) => {
  const wanted = link.getAttribute("href");
  places = placesBeside(link);
  opener = link;
  panel.hidden = false;
  document.body.classList.add("na-reading");
  const found = places.findIndex((place) => place.getAttribute("href") === wanted);
  if (found < 0) places = [link];
  visit(Math.max(found, 0));
  hideTip();
  close.focus();
};
const shut = () => {
  panel.hidden = true;
  document.body.classList.remove("na-reading");
  frame.contentWindow?.location.replace("about:blank");
  opener?.focus();
};
previous.addEventListener("click", () => visit(current - 1));
next.addEventListener("click", () => visit(current + 1));
close.addEventListener("click", shut);
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  if (!panel.hidden) shut();
  tip.hidden = true;
});
addEventListener("message", (event) => {
  if (event.origin === location.origin && event.data === "close-reader" && !panel.hidden) shut();
});
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a.na-read");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  open(link);
}, true);

// --- copying -------------------------------------------------------------------------------------------------------
const plain = (answer) => {
  const text = answer.querySelector(".na-text").cloneNode(true);
  for (const chip of text.querySelectorAll(".na-chip")) chip.replaceWith(` [${chip.textContent}]`);
  const sources = [...answer.querySelectorAll(".na-card")].map((card) => {
    const about = card.querySelector(".na-about").textContent.replace(/^\d+/, "").trim();
    const link = card.querySelector(".na-original, .na-open").href;
    return `[${card.value}] ${about}: “${card.querySelector(".na-quote").textContent}” ${link}`;
  });
  const paragraphs = [...text.querySelectorAll("p")].map((paragraph) => paragraph.textContent.trim());
  return [...paragraphs, "", ...sources].join("\n");
};
const copy = async (text) => {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = make("textarea", { value: text });
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
};
document.addEventListener("click", async (event) => {
  const button = event.target.closest?.(".na-copy");
  if (!button) return;
  await copy(plain(button.closest(".na-answer")));
  button.textContent = "Copied";
  setTimeout(() => { button.textContent = "Copy with sources"; }, 1500);
});

document.body.append(panel, tip);
