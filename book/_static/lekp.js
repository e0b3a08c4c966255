/* Tables that sort and filter, and a button that copies a command. Without this file the
   pages say the same; nothing here is fetched from elsewhere. */
(function () {
  "use strict";

  var compare = new Intl.Collator("nl", { numeric: true, sensitivity: "base" }).compare;

  /* The value to sort on: data-sort if there is one, else the text. Empty comes last. */
  function valueOf(row, column) {
    var cell = row.cells[column];
    if (!cell) { return null; }
    var given = cell.getAttribute("data-sort");
    var text = (given === null ? cell.textContent : given).trim();
    if (text === "") { return null; }
    if (given !== null) {
      return isNaN(Number(text)) ? text : Number(text);
    }
    /* A Dutch number: dots between thousands, a comma before decimals. */
    var plain = text.replace(/[\s\u00a0%€]/g, "");
    if (/^-?\d{1,3}(\.\d{3})*(,\d+)?$|^-?\d+(,\d+)?$/.test(plain)) {
      return Number(plain.replace(/\./g, "").replace(",", "."));
    }
    return text;
  }

  function order(a, b) {
    if (typeof a === "number" && typeof b === "number") { return a - b; }
    return compare(String(a), String(b));
  }

  function sort(table, header, column) {
    var body = table.tBodies[0];
    var isUp = header.getAttribute("aria-sort") !== "ascending";
    var rows = Array.prototype.map.call(body.rows, function (row, place) {
      return { row: row, place: place, value: valueOf(row, column) };
    });
    rows.sort(function (a, b) {
      if (a.value === null || b.value === null) {
        return (a.value === null) - (b.value === null) || a.place - b.place;
      }
      return (isUp ? 1 : -1) * order(a.value, b.value) || a.place - b.place;
    });
    rows.forEach(function (item) { body.appendChild(item.row); });
    Array.prototype.forEach.call(header.parentNode.cells, function (cell) {
      cell.removeAttribute("aria-sort");
    });
    header.setAttribute("aria-sort", isUp ? "ascending" : "descending");
  }

  function makeSortable(table) {
    if (!table.tHead || !table.tBodies.length || table.tBodies[0].rows.length < 2) { return; }
    Array.prototype.forEach.call(table.tHead.rows[0].cells, function (header, column) {
      var button = document.createElement("button");
      button.type = "button";
      button.className = "lekp-sort";
      button.title = "Sorteer op deze kolom";
      while (header.firstChild) { button.appendChild(header.firstChild); }
      header.appendChild(button);
      button.addEventListener("click", function () { sort(table, header, column); });
    });
  }

  function makeFilter(table, number) {
    var rows = table.tBodies[0] ? table.tBodies[0].rows : [];
    if (rows.length <= 20) { return; }
    var box = document.createElement("p");
    var label = document.createElement("label");
    var input = document.createElement("input");
    var output = document.createElement("output");
    box.className = "lekp-filter";
    input.type = "search";
    input.id = "lekp-filter-" + number;
    label.htmlFor = input.id;
    label.textContent = "Zoek in deze tabel";
    box.append(label, input, output);
    (table.closest(".lekp-scroll") || table).before(box);
    input.addEventListener("input", function () {
      var wanted = input.value.trim().toLowerCase();
      var shown = 0;
      Array.prototype.forEach.call(rows, function (row) {
        row.hidden = !row.textContent.toLowerCase().includes(wanted);
        if (!row.hidden) { shown += 1; }
      });
      output.textContent = wanted ? shown + (shown === 1 ? " rij" : " rijen") : "";
    });
  }

  function makeCopy(block) {
    if (!navigator.clipboard || !block.querySelector("pre")) { return; }
    var button = document.createElement("button");
    button.type = "button";
    button.className = "lekp-copy";
    button.textContent = "Kopieer";
    button.setAttribute("aria-live", "polite");
    block.appendChild(button);
    button.addEventListener("click", function () {
      navigator.clipboard.writeText(block.querySelector("pre").innerText.trim()).then(function () {
        button.textContent = "Gekopieerd";
        setTimeout(function () { button.textContent = "Kopieer"; }, 2000);
      });
    });
  }

  /* The theme folds its menu with a summary without words. */
  function nameMenu(summary) {
    var item = summary.closest("li");
    var link = item && item.querySelector("a");
    var name = link ? link.textContent.trim() : "";
    summary.setAttribute("aria-label", name ? "Toon onderdelen van " + name : "Toon onderdelen");
  }

  /* What is folded on the screen is not to be missed on paper. */
  function unfold() {
    document.querySelectorAll("details.lekp-more").forEach(function (part) { part.open = true; });
  }

  function start() {
    document.querySelectorAll("nav.bd-links summary").forEach(nameMenu);
    window.addEventListener("beforeprint", unfold);
    document.querySelectorAll("table.lekp-sortable").forEach(function (table, number) {
      makeFilter(table, number);
      makeSortable(table);
    });
    document.querySelectorAll(".bd-article div.highlight").forEach(makeCopy);
  }

  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", start);
  } else {
    start();
  }
})();
