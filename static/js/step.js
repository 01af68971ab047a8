// A ready phrase fills the box of its decision, where it can be edited; without this script it goes before the words.
// The focus stays: a phone opens no keyboard over the button, and the arrow keys go on through the phrases.
for (const phrases of document.querySelectorAll(".phrases")) {
  const box = phrases.closest("form").querySelector("textarea");
  const ready = new Set([...phrases.querySelectorAll("input")].map((radio) => radio.value));
  phrases.addEventListener("change", (event) => {
    const typed = box.value.trim();
    if (typed === "" || ready.has(typed)) box.value = event.target.value;
    else box.value = `${event.target.value} ${typed}`;
    event.target.checked = false;
  });
}
