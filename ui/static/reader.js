// The reader page works without this. It turns an address with only the fragment #c-START-END into one with the
// span, folds the outline on narrow windows, and puts the focus on the mark so that a screen reader
// starts there; inside the chat page's panel the focus stays with the panel.
const fragment = /^#c-(\d+)-(\d+)$/.exec(location.hash);
if (fragment && !new URLSearchParams(location.search).has("start")) {
  location.replace(`${location.pathname}?start=${fragment[1]}&end=${fragment[2]}${location.hash}`);
}
if (window.innerWidth < 960) document.querySelector(".outline details")?.removeAttribute("open");
const cited = document.querySelector("mark.cited");
if (cited) {
  cited.scrollIntoView({ block: "center", behavior: "instant" });
  if (window.parent === window) cited.focus({ preventScroll: true });
}
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && window.parent !== window) window.parent.postMessage("close-reader", location.origin);
});
document.querySelector(".ask-about")?.addEventListener("click", (event) => {
  if (window.parent === window || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  window.parent.postMessage({ askAbout: event.currentTarget.dataset.id }, location.origin);
});
