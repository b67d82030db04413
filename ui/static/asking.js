// The question box: a question leaves it the moment it is sent, so that the next can be typed while the answer comes.
// What cannot be asked stays in the box, and why is said below it before it is sent.
import { make, onClick, send, words } from "./dom.js";

const UNHEARD = 3000; // milliseconds after which a question that nothing came of no longer holds up the next
let sentAt = -Infinity;
let waiting = false; // whether what is in the box is to be sent once the answer under way is there

const box = () => document.querySelector("#na-question textarea");
const most = () => Number(document.querySelector(".na-head")?.dataset.most) || Infinity;
const isBusy = () => performance.now() - sentAt < UNHEARD || Boolean(document.querySelector("#na-question .stop-button")?.checkVisibility());
const length = (text) => [...text.trim()].length;

const notice = () => {
  const asked = document.querySelector("#na-question");
  const found = document.querySelector("#na-limit") ?? make("p", { id: "na-limit" });
  found.setAttribute("role", "status");
  if (asked && found.previousElementSibling !== asked) asked.after(found);
  return found;
};
const sayLength = () => {
  const count = length(box().value);
  const said = words("too_long").replace("{count}", count.toLocaleString()).replace("{most}", most().toLocaleString());
  const text = count > most() ? said : "";
  if (text || document.querySelector("#na-limit")) notice().textContent = text;
  return text !== "";
};
const empty = (area) => {
  area.value = "";
  area.dispatchEvent(new Event("input", { bubbles: true })); // the page's own state of the box follows
};
const ask = () => {
  const area = box();
  if (!area?.value.trim() || sayLength()) return;
  waiting = isBusy() || !window.naSend;
  if (waiting) return;
  sentAt = performance.now();
  send("submit", { question: area.value.trim() });
  empty(area);
};
window.naAnswered = () => {
  sentAt = -Infinity;
  setTimeout(() => waiting && ask(), 50); // once the page shows that the answer is over
};
addEventListener("keydown", (event) => {
  if (event.target !== box() || event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  event.stopPropagation();
  ask();
}, true);
addEventListener("input", (event) => {
  if (event.target !== box()) return;
  waiting = false;
  sayLength();
}, true);
onClick("#na-question .submit-button", (_, event) => {
  event.preventDefault();
  event.stopPropagation();
  ask();
});
