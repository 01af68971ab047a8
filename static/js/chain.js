// The rows of a chain of approval: added, moved and taken away in place. Without this every press asks the server.

const rows = document.querySelector("#chain-rows");
const blank = document.querySelector("#chain-row-blank");
const add = document.querySelector("#chain-add");
const total = document.querySelector("#id_chain-TOTAL_FORMS");
const said = document.querySelector("#chain-said");
const MOST = 9;

const thai = (number) => String(number).replace(/\d/g, (digit) => "๐๑๒๓๔๕๖๗๘๙"[digit]);
const steps = () => [...rows.querySelectorAll(".chain-row:not(.chain-officer)")];

// Names, labels and buttons follow the place of their row.
function number() {
  steps().forEach((row, place) => {
    for (const node of row.querySelectorAll("[name], [id], [for], [aria-label], [aria-describedby]")) {
      for (const name of ["name", "id", "for", "aria-describedby"]) {
        const value = node.getAttribute(name);
        if (value) node.setAttribute(name, value.replace(/chain-(\d+|__prefix__)-/, `chain-${place}-`));
      }
      if (node.name !== "arrange") continue;
      node.value = node.value.replace(/-.*/, `-${place}`);
      node.setAttribute("aria-label", node.getAttribute("aria-label").replace(/[๐-๙]+/, thai(place + 2)));
    }
    row.querySelector(".chain-place").textContent = `ลำดับที่ ${thai(place + 2)}`;
  });
  total.value = steps().length;
  add.hidden = steps().length >= MOST;
}

function arrange(row, way) {
  const all = steps();
  const place = all.indexOf(row);
  if (way === "add") {
    rows.append(blank.content.cloneNode(true));
    number();
    steps().at(-1).querySelector("input").focus();
    return "เพิ่มลำดับแล้ว";
  }
  if (way === "remove") {
    row.remove();
    number();
    (steps()[Math.min(place, all.length - 2)]?.querySelector("input") ?? add).focus();
    return "ลบลำดับแล้ว";
  }
  const other = all[place + (way === "down" ? 1 : -1)];
  if (!other) return "";
  if (way === "down") other.after(row);
  else other.before(row);
  number();
  row.querySelector(`[value^="${way}-"]`).focus();
  return `เลื่อนเป็นลำดับที่ ${thai(steps().indexOf(row) + 2)} แล้ว`;
}

rows?.closest("form").addEventListener("click", (event) => {
  const button = event.target.closest("button[name=arrange]");
  if (!button) return;
  event.preventDefault();
  said.textContent = arrange(button.closest(".chain-row"), button.value.split("-")[0]);
});
