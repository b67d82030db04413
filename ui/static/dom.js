// What the page's scripts share: making elements, the texts in the reader's language, and speaking to the server.
export const make = (name, properties = {}, children = []) => {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
};
let told = "";
let texts = {};
export const words = (key) => {
  const now = document.querySelector(".na-head")?.dataset.words ?? "";
  if (now && now !== told) { // English stands in the page until the reader's language arrives
    told = now;
    texts = JSON.parse(now);
  }
  return texts[key] ?? key;
};
export const send = (event, data) => window.naSend?.(event, data);
export const onClick = (selector, act) => {
  document.addEventListener("click", (event) => {
    const found = event.target.closest?.(selector);
    if (found) act(found, event);
  }, true);
};
// The place of an answer's or question's turn in the conversation.
export const turnOf = (element) => {
  const questions = [...document.querySelectorAll("#na-chat .na-asked")];
  const before = questions.filter((q) => q === element || q.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING);
  return before.length - 1;
};
export const goToTab = (place) => document.querySelectorAll("#na-tabs [role=tab]")[place]?.click();
