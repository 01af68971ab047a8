// The texts of the plan: each box saves itself when its writer pauses; the page's one button saves all.

const PAUSE = 1000;
const form = document.querySelector("#texts");
const timers = new Map();
const blocked = new Set();
let queue = Promise.resolve(); // one save after the other: three of the texts share a version

const stateOf = (name) => document.querySelector(`#${name}-part .state`);

function tell(name, text, kind = "") {
  stateOf(name).textContent = text;
  stateOf(name).className = `state ${kind && `state-${kind}`}`;
}

form.addEventListener("input", (event) => {
  const { name } = event.target;
  if (event.target.tagName !== "TEXTAREA" || blocked.has(name)) return;
  clearTimeout(timers.get(name));
  timers.set(name, setTimeout(() => enqueue(name), PAUSE));
  tell(name, "ยังไม่ได้บันทึก");
});

function enqueue(name) {
  clearTimeout(timers.get(name));
  timers.delete(name);
  queue = queue.then(() => send(name));
  return queue;
}

async function send(name) {
  tell(name, "กำลังบันทึก…");
  const data = new FormData();
  for (const field of ["csrfmiddlewaretoken", name, `version-${name}`]) data.set(field, form.elements[field].value);
  let answer, response;
  try {
    response = await fetch(form.action, { method: "POST", body: data, headers: { Accept: "application/json" } });
    answer = await response.json();
  } catch {
    blocked.add(name);
    tell(name, "ยังไม่ได้บันทึก ข้อความยังอยู่ในช่อง กดบันทึกที่ท้ายหน้าเพื่อลองอีกครั้ง", "bad");
    return;
  }
  for (const [key, version] of Object.entries(answer.versions ?? {})) {
    // Only the box that was sent, and those that share its version, may rest on what stands now.
    const shared = ["opening", "limitations", "suggestions"];
    if (key === name || (response.ok && shared.includes(key) && shared.includes(name))) form.elements[`version-${key}`].value = version;
  }
  form.elements[name].classList.toggle("is-invalid", !response.ok);
  if (response.ok) {
    if (!timers.has(name)) tell(name, `✓ บันทึกแล้ว ${answer.at}`, "good");
    return;
  }
  blocked.add(name);
  tell(name, answer.sentence, "bad");
  if (answer.standing?.[name] !== undefined) {
    const box = Object.assign(document.createElement("div"), { className: "text-standing" });
    box.textContent = `ข้อความที่ผู้อื่นบันทึกไว้แล้ว\n${answer.standing[name] || "(ว่าง)"}`;
    stateOf(name).after(box);
  }
}

// The button waits for saves on their way, so that it does not race with them.
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  for (const name of [...timers.keys()]) enqueue(name);
  await queue;
  blocked.clear();
  form.submit();
});

document.querySelector("[data-starters]")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  for (const name of [...timers.keys()]) enqueue(name);
  await queue;
  event.target.submit();
});

window.addEventListener("beforeunload", (event) => {
  if (timers.size || blocked.size) event.preventDefault();
});
