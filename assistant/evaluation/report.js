const list = document.getElementById("questions");
const articles = [...list.children];
const controls = ["verdict", "kind", "tag", "changed"]
  .map((name) => [name, document.getElementById(name)])
  .filter(([, control]) => control);
const words = document.getElementById("words");
const sort = document.getElementById("sort");
const count = document.getElementById("count");
const texts = new Map(articles.map((article) => [article, article.textContent.toLowerCase()]));

function filter() {
  const wanted = words.value.trim().toLowerCase();
  let shown = 0;
  for (const article of articles) {
    const fits = controls.every(
      ([name, control]) => !control.value || article.dataset[name].split("|").includes(control.value)
    );
    article.hidden = !(fits && texts.get(article).includes(wanted));
    shown += article.hidden ? 0 : 1;
  }
  count.textContent = `${shown} of ${articles.length} questions`;
}

function order() {
  const by = sort.value;
  const sorted = by ? [...articles].sort((a, b) => Number(b.dataset[by]) - Number(a.dataset[by])) : articles;
  list.append(...sorted);
}

for (const [, control] of controls) control.addEventListener("change", filter);
words.addEventListener("input", filter);
sort.addEventListener("change", order);
document.querySelector(".filters").addEventListener("submit", (event) => event.preventDefault());
document.getElementById("changes")?.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (!link) return;
  for (const [, control] of controls) control.value = "";
  words.value = "";
  filter();
});
filter();
