const verdict = document.getElementById("verdict");
const words = document.getElementById("words");
const count = document.getElementById("count");
const rows = [...document.querySelectorAll("#questions tbody tr")];

function filter() {
  const wanted = words.value.toLowerCase();
  let shown = 0;
  for (const row of rows) {
    const fits = !verdict.value || row.dataset.words.split(" ").includes(verdict.value);
    row.hidden = !(fits && row.textContent.toLowerCase().includes(wanted));
    shown += row.hidden ? 0 : 1;
  }
  count.textContent = `${shown} of ${rows.length}`;
}

verdict.addEventListener("change", filter);
words.addEventListener("input", filter);
filter();
