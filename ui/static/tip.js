// The quotation over a citation chip, on hover and on focus.
import { make } from "./dom.js";

const tip = make("div", { className: "na-tip", hidden: true, id: "na-tip" });
tip.setAttribute("role", "tooltip");
document.body.append(tip);

export const cardOf = (chip) => {
  const answer = chip.closest(".na-answer");
  return answer?.querySelector(`.na-card[value="${CSS.escape(chip.textContent.trim())}"]`);
};
const show = (chip) => {
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
export const hideTip = (chip) => {
  tip.hidden = true;
  chip?.removeAttribute("aria-describedby");
};
for (const [start, stop] of [["mouseover", "mouseout"], ["focusin", "focusout"]]) {
  document.addEventListener(start, (event) => {
    const chip = event.target.closest?.(".na-chip");
    if (chip) show(chip);
  });
  document.addEventListener(stop, (event) => {
    const chip = event.target.closest?.(".na-chip");
    if (chip) hideTip(chip);
  });
}
document.addEventListener("keydown", (event) => event.key === "Escape" && hideTip());
