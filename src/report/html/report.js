(() => {
  "use strict";
  const table = document.getElementById("items");
  if (!table) return;
  const body = table.tBodies[0];
  const search = document.getElementById("search");
  const found = document.getElementById("found");
  const more = document.getElementById("more");
  const shownAtOnce = 500;
  const words = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

  const drawn = [...body.rows].map((element) => ({
    element,
    keys: [...element.cells].map((cell) => cell.dataset.key || cell.firstChild.textContent),
    text: element.textContent.toLowerCase(),
  }));
  const embedded = document.getElementById("rest");
  const rest = (embedded ? JSON.parse(embedded.textContent) : []).map((cells) => ({
    cells,
    keys: cells.map(([text, , key]) => key || text),
    text: cells.map(([text, below]) => text + below).join("").toLowerCase(),
  }));
  const rows = drawn.concat(rest);
  rows.forEach((row, place) => { row.place = place; });

  // Names are only ever set as text, so that they stay text.
  function draw(cells) {
    const element = document.createElement("tr");
    cells.forEach(([text, below], column) => {
      const cell = element.insertCell();
      if (column === 0) cell.appendChild(document.createElement("bdi")).textContent = text;
      else cell.textContent = text;
      if (below) cell.appendChild(document.createElement("small")).textContent = below;
    });
    return element;
  }

  let order = rows;
  let limit = shownAtOnce;

  function show() {
    const wanted = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const fitting = order.filter((row) => wanted.every((word) => row.text.includes(word)));
    const shown = fitting.slice(0, limit);
    for (const row of shown) row.element ||= draw(row.cells);
    body.replaceChildren(...shown.map((row) => row.element));
    const number = (count) => count.toLocaleString("en");
    let text = `${number(fitting.length)} of ${number(rows.length)} items`;
    if (shown.length < fitting.length) text += `, the first ${number(shown.length)} shown`;
    found.textContent = text;
    more.hidden = shown.length === fitting.length;
  }

  const headers = [...table.tHead.rows[0].cells];
  headers.forEach((header, column) => {
    const numeric = header.classList.contains("number");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = header.textContent;
    header.replaceChildren(button);
    button.addEventListener("click", () => {
      const before = header.getAttribute("aria-sort");
      const first = numeric ? "descending" : "ascending";
      const second = numeric ? "ascending" : "descending";
      const now = before === first ? second : first;
      headers.forEach((other) => other.removeAttribute("aria-sort"));
      header.setAttribute("aria-sort", now);
      const sign = now === "ascending" ? 1 : -1;
      const compare = numeric
        ? (one, other) => Number(one.keys[column]) - Number(other.keys[column])
        : (one, other) => words.compare(one.keys[column], other.keys[column]);
      order = [...rows].sort((one, other) => sign * compare(one, other) || one.place - other.place);
      show();
    });
  });
  search.addEventListener("input", () => { limit = shownAtOnce; show(); });
  more.firstElementChild.addEventListener("click", () => { limit = Infinity; show(); });
  document.getElementById("tools").hidden = false;
  show();
})();
