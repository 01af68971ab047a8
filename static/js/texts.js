// The texts of the papers: each box saves itself when its writer pauses, and the text as it reads follows.
// Everything here also works without it, by the same form and addresses.

const PAUSE = 900;
const NOT_ALL = "ยังมีข้อความที่ไม่ได้บันทึก เลื่อนขึ้นไปดูเหตุผลใต้ช่อง แล้วกดบันทึกอีกครั้ง";
const form = document.querySelector("#texts");
const menu = document.querySelector("#fields");
const timers = new Map(); // key -> timer of a save to come
const blocked = new Set(); // keys refused: only a press of a button goes on
let queue = Promise.resolve(); // one save after the other
let sending = 0;
let leaving = false;

const partOf = (key) => document.getElementById(key);
const keyOf = (element) => element.closest(".text").id;
const boxOf = (key) => form.elements[`text-${key}`];

function tell(key, text, kind = "") {
  const state = partOf(key).querySelector(".state");
  state.textContent = text;
  state.className = `state ${kind && `state-${kind}`}`;
}

function schedule(key) {
  if (blocked.has(key)) return;
  clearTimeout(timers.get(key));
  timers.set(key, setTimeout(() => enqueue(key), PAUSE));
  tell(key, "ยังไม่ได้บันทึก");
}

function enqueue(key) {
  clearTimeout(timers.get(key));
  timers.delete(key);
  sending += 1;
  queue = queue.then(() => send(key)).finally(() => (sending -= 1));
  return queue;
}

async function flush() {
  for (const key of [...timers.keys()]) enqueue(key);
  await queue;
}

// Signing in again in another tab makes a new token: the cookie has it, the form does not.
function renewToken() {
  const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
  if (token) form.elements.csrfmiddlewaretoken.value = token;
}

async function send(key) {
  tell(key, "กำลังบันทึก…");
  renewToken();
  const data = new FormData();
  for (const name of ["csrfmiddlewaretoken", `text-${key}`, `version-${key}`, `seen-${key}`]) data.set(name, form.elements[name].value);
  let answer, response;
  try {
    response = await fetch(form.action, { method: "POST", body: data, headers: { Accept: "application/json" } });
    if (response.redirected) throw new Error("signed out"); // the page of signing in, which answers in JSON too
    answer = await response.json();
  } catch {
    blocked.add(key);
    const reason = response ? ": โปรดเปิดหน้านี้ใหม่ในอีกแท็บเพื่อเข้าสู่ระบบ" : "";
    tell(key, `ยังไม่ได้บันทึก${reason} ข้อความยังอยู่ในช่อง กดบันทึกเพื่อลองอีกครั้ง`, "bad");
    return;
  }
  if (answer.texts?.[key]) draw(key, answer.texts[key]);
  boxOf(key).classList.toggle("is-invalid", !response.ok);
  if (response.ok) {
    if (!timers.has(key)) tell(key, `✓ บันทึกแล้ว ${answer.at}`, "good");
    return;
  }
  blocked.add(key);
  tell(key, answer.sentence, "bad");
}

// What stands around the box; the box itself belongs to its writer.
function draw(key, { version, seen, state, reading }) {
  const part = partOf(key);
  form.elements[`version-${key}`].value = version;
  form.elements[`seen-${key}`].value = seen;
  part.querySelector("[data-state]").innerHTML = state;
  const opened = part.querySelector(".text-restore")?.open;
  part.querySelector("[data-reading]").innerHTML = reading;
  if (opened && part.querySelector(".text-restore")) part.querySelector(".text-restore").open = true;
  const word = part.querySelector("[data-state] .weak-word") ? ["weak-word", "ตรวจอีกครั้ง"] : version !== 0 ? ["good-word", "แก้ไขแล้ว"] : null;
  const mark = document.querySelector(`[data-mark="${key}"]`);
  mark.replaceChildren(...(word ? [Object.assign(document.createElement("span"), { className: word[0], textContent: word[1] })] : []));
}

form.addEventListener("input", (event) => {
  if (event.target.tagName === "TEXTAREA" && event.target.name) schedule(keyOf(event.target));
});

// A press of บันทึก saves what waits; the other buttons go to the server once all is saved.
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { submitter } = event;
  const all = document.querySelector("#texts-state");
  if (submitter?.name) {
    await flush();
    if (blocked.size) {
      all.textContent = NOT_ALL;
      return;
    }
    leaving = true;
    renewToken();
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: submitter.name, value: submitter.value }));
    form.submit();
    return;
  }
  const waiting = [...blocked];
  blocked.clear();
  for (const key of waiting) enqueue(key);
  await flush();
  all.textContent = blocked.size ? NOT_ALL : "บันทึกครบทุกย่อหน้าแล้ว";
});

window.addEventListener("beforeunload", (event) => {
  if (!leaving && (timers.size || sending || blocked.size)) event.preventDefault();
});

// --- Putting a value into a text ---------------------------------------------------------------------------

let place = null; // the box and the cursor in it

form.addEventListener("click", async (event) => {
  const link = event.target.closest("[data-fields]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const box = boxOf(keyOf(link));
  place = { box, start: box.selectionStart, end: box.selectionEnd };
  const response = await fetch(`${link.href}?menu=1`).catch(() => null);
  if (!response?.ok) {
    tell(keyOf(link), "ติดต่อระบบไม่ได้ โปรดลองอีกครั้ง", "bad");
    return;
  }
  menu.innerHTML = await response.text();
  menu.showModal();
});

menu.addEventListener("click", (event) => {
  if (event.target.closest("[data-close]") || (event.target === menu && event.offsetX < 0)) menu.close();
  const button = event.target.closest("[data-insert]");
  if (!button) return;
  menu.close();
  const { box, start, end } = place;
  box.focus();
  box.setRangeText(button.dataset.insert, start, end, "end");
  box.dispatchEvent(new Event("input", { bubbles: true }));
});

// --- A link from elsewhere names a paragraph: its box opens ---------------------------------------------------

const named = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
const edit = named && named.querySelector(".text-edit");
if (edit) {
  edit.open = true;
  named.scrollIntoView();
}
