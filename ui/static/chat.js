// What the chat page does in the browser. Links work without it, in a new tab.
import "./tip.js";
import "./panel.js";
import "./actions.js";
import "./asking.js";
import { words } from "./dom.js";

// Gradio's chat names each message by its raw HTML and its list of examples by a role without items: neither helps
// anyone who listens to the page. Its icon buttons have no text, either, and its notices are buttons around a button.
const name = (button, key) => {
  if (button && document.querySelector(".na-head") && button.title !== words(key)) button.title = button.ariaLabel = words(key);
};
const mend = () => {
  for (const message of document.querySelectorAll("#na-chat [data-testid=user][aria-label], #na-chat [data-testid=bot][aria-label]")) {
    message.removeAttribute("aria-label");
  }
  document.querySelector("#na-chat .examples[role=list]")?.removeAttribute("role");
  for (const notice of document.querySelectorAll(".toast-header[role=button]")) {
    for (const told of ["role", "tabindex", "aria-label"]) notice.removeAttribute(told);
  }
  for (const title of document.querySelectorAll(".toast-title-row > span")) { // Gradio's own word for any warning
    const text = title.firstChild;
    if (text?.data?.trim() === "Warning" && document.querySelector(".na-head")) text.data = words("notice");
  }
  for (const close of document.querySelectorAll(".toast-close")) name(close, "close");
  for (const unnamed of document.querySelectorAll("#na-review div.wrapper[aria-label]")) unnamed.removeAttribute("aria-label");
  const side = document.querySelector("#na-side .toggle-button, .sidebar .toggle-button");
  name(side, "conversations");
  name(document.querySelector("#na-question .submit-button"), "ask_button");
  name(document.querySelector("#na-question .stop-button"), "stop_button");
  const head = document.querySelector(".na-head");
  if (head && document.documentElement.lang !== head.dataset.language) document.documentElement.lang = head.dataset.language;
};
new MutationObserver(mend).observe(document.body, { childList: true, subtree: true });
mend();

// The newest question stands at the top while its answer grows, so that a long answer is read from its beginning and
// nothing moves under the reader's eyes; whoever scrolls meanwhile is left alone.
let asked = 0;
let following = false;
new MutationObserver(() => {
  const questions = document.querySelectorAll("#na-chat .na-asked");
  if (questions.length > asked) following = true;
  asked = questions.length;
  if (!following) return;
  questions[asked - 1]?.scrollIntoView({ block: "start", behavior: "instant" });
  if (document.querySelectorAll("#na-chat .na-after, #na-chat .na-error").length >= asked) {
    setTimeout(() => { following = false; }, 400);
  }
}).observe(document.body, { childList: true, subtree: true });
for (const moved of ["wheel", "touchmove", "keydown", "pointerdown"]) addEventListener(moved, () => { following = false; }, { passive: true });
