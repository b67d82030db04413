// The buttons of the conversation: ask what they say, edit, ask again, copy, link, judge; filters and conversations.
import { make, onClick, send, turnOf, words } from "./dom.js";
import { naming } from "./history.js";
import { askAbout, openArrived } from "./panel.js";

const copyText = async (text) => {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = make("textarea", { value: text });
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
};
const sayFor = (element, text) => {
  const before = element.textContent;
  element.textContent = text;
  setTimeout(() => { element.textContent = before; }, 1500);
};

// --- asking --------------------------------------------------------------------------------------------------------
onClick(".na-ask", (button) => {
  send("submit", { question: button.dataset.question, unfiltered: button.classList.contains("na-unfiltered") });
});
onClick(".na-alone", (button) => send("submit", { at: turnOf(button), alone: true }));
onClick(".na-retry", (button) => send("submit", { at: turnOf(button) }));
onClick(".na-edit", (button) => {
  const asked = button.closest(".na-asked");
  if (asked.querySelector("textarea")) return;
  const shown = asked.querySelector(".na-question");
  const area = make("textarea", { value: shown.innerText, rows: 2 });
  area.setAttribute("aria-label", words("edit"));
  const resend = make("button", { type: "button", textContent: words("resend") });
  const cancel = make("button", { type: "button", textContent: words("cancel") });
  const form = make("div", { className: "na-editing" }, [area, resend, cancel]);
  const leave = () => { form.remove(); shown.hidden = button.hidden = false; button.focus(); };
  resend.addEventListener("click", () => area.value.trim() && send("submit", { at: turnOf(asked), question: area.value }));
  cancel.addEventListener("click", leave);
  area.addEventListener("keydown", (event) => {
    if (event.key === "Escape") leave();
    if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); resend.click(); }
  });
  shown.hidden = button.hidden = true;
  asked.append(form);
  area.focus();
});

// --- copying and linking -------------------------------------------------------------------------------------------
const plain = (answer) => {
  const text = answer.querySelector(".na-text").cloneNode(true);
  for (const chip of text.querySelectorAll(".na-chip")) chip.replaceWith(` [${chip.textContent}]`);
  const sources = [...answer.querySelectorAll(".na-card")].map((card) => {
    const about = card.querySelector(".na-about").textContent.replace(/^\d+/, "").trim();
    const link = card.querySelector(".na-original, .na-open")?.href ?? "";
    return `[${card.value}] ${about}: “${card.querySelector(".na-quote").textContent}” ${link}`;
  });
  const paragraphs = [...text.querySelectorAll("p")].map((paragraph) => paragraph.textContent.trim());
  return [...paragraphs, "", ...sources].join("\n");
};
onClick(".na-copy", async (button) => {
  await copyText(plain(button.closest(".na-answer")));
  sayFor(button, words("copied"));
});
onClick(".na-share", async (link, event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  await copyText(link.href);
  sayFor(link, words("link_copied"));
});

// --- judging -------------------------------------------------------------------------------------------------------
const thank = (tools) => {
  for (const button of tools.querySelectorAll(".na-good, .na-bad")) button.remove();
  const thanks = make("span", { className: "na-thanks", textContent: words("thanks") });
  thanks.setAttribute("role", "status");
  tools.append(thanks);
};
onClick(".na-good", (button) => {
  send("like", { at: turnOf(button), verdict: "good" });
  thank(button.parentElement);
});
onClick(".na-bad", (button) => {
  const answer = button.closest(".na-answer");
  if (answer.querySelector(".na-judging")) return;
  const missing = answer.classList.contains("na-missing");
  const reasons = missing ? ["known", "other"] : ["wrong", "incomplete", "outdated", "other"];
  const comment = make("input", { type: "text", maxLength: 2000, placeholder: words("comment") });
  comment.setAttribute("aria-label", words("comment"));
  const choices = reasons.map((reason) => {
    const choice = make("button", { type: "button", textContent: words(`reason_${reason}`) });
    choice.addEventListener("click", () => {
      send("like", { at: turnOf(button), verdict: "bad", reason, comment: comment.value });
      form.remove();
      thank(button.parentElement);
    });
    return choice;
  });
  const form = make("div", { className: "na-judging" }, [make("span", { textContent: words("why_bad") }), ...choices, comment]);
  form.setAttribute("role", "group");
  form.setAttribute("aria-label", words("why_bad"));
  answer.querySelector(".na-after").after(form);
  choices[0].focus();
  form.scrollIntoView({ block: "nearest" });
});

// --- filters and conversations -------------------------------------------------------------------------------------
onClick(".na-filter, .na-clear", (button) => {
  send("input", { kind: button.dataset.kind, value: button.dataset.value ?? "" });
  document.querySelector("#na-question textarea")?.focus();
});
onClick(".na-only", (button) => askAbout(button.dataset.id));
onClick(".na-kept", (button) => send("select", { id: button.dataset.id }));
// Tabs of one browser share what it keeps: each tells the others what it saved, and takes up what they did.
const tabs = new BroadcastChannel("newsletter-assistant");
let latest = "";
window.naTell = (kept) => {
  const told = JSON.stringify(kept);
  if (told === latest) return;
  latest = told;
  tabs.postMessage(told);
};
tabs.addEventListener("message", ({ data }) => {
  if (data === latest) return;
  latest = data;
  send("apply", JSON.parse(data));
});
window.naAddress = (query) => {
  naming(query);
  openArrived(); // the texts are in the reader's language now
};
window.naSave = ({ name, type, text }) => {
  const address = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  make("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
};
