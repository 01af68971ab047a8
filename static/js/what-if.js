// Works the assumed scores out as they are typed: asks for the same page and takes its outcome. Without this file
// the page is a form with a button.

const form = document.getElementById("what-if");
const PAUSE = 350; // milliseconds after the last key
let timer = 0;
let asked = 0;

const ask = async () => {
  const turn = ++asked;
  const address = `${form.getAttribute("action")}?${new URLSearchParams(new FormData(form))}`;
  let page;
  try {
    const answer = await fetch(address);
    if (answer.redirected) throw new Error("signed out");
    page = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return; // the button still works, and tells what is wrong
  }
  const outcome = page.getElementById("outcome");
  if (turn !== asked || !outcome) return;
  document.getElementById("outcome").replaceWith(outcome);
  document.getElementById("outcome-foot").replaceWith(page.getElementById("outcome-foot"));
  for (const note of form.querySelectorAll("[data-note]")) {
    const sentence = page.getElementById(note.id)?.textContent ?? "";
    note.textContent = sentence;
    const input = note.previousElementSibling;
    input.classList.toggle("is-invalid", sentence !== "");
    if (sentence) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }
  history.replaceState(null, "", address);
};

form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(ask, PAUSE);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(timer);
  ask();
});
