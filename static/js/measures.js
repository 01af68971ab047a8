// The plan of measures: saves while one types, moves by drag and keyboard, and draws answers in place.
// Everything here also works without it, by the same forms and addresses.

const PAUSE = 1000;
const SIGNED_OUT = "โปรดเปิดหน้านี้ใหม่ในอีกแท็บเพื่อเข้าสู่ระบบ";
const main = document.querySelector("#main");
document.documentElement.classList.add("has-js");

// --- Saving what is typed: one measure at a time, the last text wins ----------------------------------------

const timers = new Map(); // pk -> timer of a save to come
const saving = new Map(); // pk -> promise of a save on its way
const blocked = new Set(); // pks refused for somebody else's save: only a press of the button goes on

const formOf = (pk) => document.querySelector(`#edit-${pk}`);
const bodyOf = (pk) => document.querySelector(`#measure-${pk}`);

// Signing in again in another tab makes a new token: the cookie has it, the form does not.
function filled(form, submitter = null) {
  const data = new FormData(form, submitter);
  const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
  if (token) data.set("csrfmiddlewaretoken", token);
  return data;
}

function tell(pk, text, kind = "") {
  const state = bodyOf(pk)?.querySelector(".state");
  if (!state) return;
  state.textContent = text;
  state.className = `state ${kind && `state-${kind}`}`;
}

function schedule(pk) {
  if (blocked.has(pk)) return;
  clearTimeout(timers.get(pk));
  timers.set(pk, setTimeout(() => save(pk), PAUSE));
  tell(pk, "ยังไม่ได้บันทึก");
}

async function save(pk) {
  clearTimeout(timers.get(pk));
  timers.delete(pk);
  await saving.get(pk);
  if (!formOf(pk)) return;
  const work = send(pk).finally(() => saving.delete(pk));
  saving.set(pk, work);
  await work;
}

async function send(pk) {
  const form = formOf(pk);
  tell(pk, "กำลังบันทึก…");
  let answer, response;
  try {
    response = await fetch(form.action, { method: "POST", body: filled(form), headers: { Accept: "application/json" } });
    if (response.redirected) throw new Error("signed out"); // the page of signing in, which answers in JSON too
    answer = await response.json();
  } catch {
    bodyOf(pk).classList.add("is-refused");
    const reason = response ? SIGNED_OUT : "ติดต่อระบบไม่ได้";
    tell(pk, `ยังไม่ได้บันทึก: ${reason} แล้วกดบันทึกอีกครั้ง ข้อความยังอยู่ในช่อง`, "bad");
    return;
  }
  const body = bodyOf(pk);
  for (const box of body.querySelectorAll(".is-bad")) {
    box.classList.remove("is-bad");
    box.removeAttribute("aria-invalid");
  }
  body.querySelector(".standing")?.remove();
  body.classList.toggle("is-refused", !response.ok);
  if (answer.version) form.elements.version.value = answer.version;
  if (response.ok) {
    blocked.delete(pk);
    draw(body, answer);
    if (!timers.has(pk)) tell(pk, `✓ บันทึกแล้ว ${answer.at}`, "good");
    return;
  }
  tell(pk, answer.sentence, "bad");
  for (const name of Object.keys(answer.boxes ?? {})) {
    const box = body.querySelector(`[name="${name}"]`);
    (box?.closest(".units")?.querySelector("summary") ?? box)?.classList.add("is-bad");
    box?.setAttribute("aria-invalid", "true");
  }
  if (response.status === 409) {
    blocked.add(pk);
    const template = document.createElement("template");
    template.innerHTML = answer.standing ?? "";
    body.prepend(template.content);
  }
}

function draw(body, answer) {
  for (const [step, limits] of Object.entries(answer.limits)) {
    ["starts", "ends"].forEach((name, index) => {
      const box = body.querySelector(`[name="${name}-${step}"]`);
      if (box && box !== document.activeElement) box.value = limits[index];
    });
    const warning = body.querySelector(`.warning[data-step="${step}"]`);
    if (warning) warning.textContent = answer.warnings[step];
  }
}

async function flush() {
  await Promise.all([...timers.keys()].map(save));
  await Promise.all(saving.values());
}

function nameUnits(details) {
  const names = [...details.querySelectorAll(":checked")].map((box) => box.closest("label").textContent.trim());
  const all = details.querySelector("[value=all]").checked;
  details.querySelector("summary").textContent = (all ? "ทุกสำนัก/กอง" : names.join(", ")) || "เลือกสำนัก/กอง";
}

document.addEventListener("input", (event) => {
  const pk = event.target.getAttribute("form")?.match(/^edit-(\d+)$/)?.[1];
  if (!pk || event.target.name === "group") return;
  const units = event.target.closest(".units");
  if (units) nameUnits(units);
  schedule(pk);
});

window.addEventListener("beforeunload", (event) => {
  if (timers.size || saving.size || blocked.size || document.querySelector(".measure.is-refused")) event.preventDefault();
});

// --- Doing something: send the form, then draw the page that comes back -----------------------------------

async function perform(form, submitter, fields = null) {
  await flush();
  const url = submitter?.hasAttribute("formaction") ? submitter.formAction : form.action;
  const data = filled(form, submitter);
  for (const [name, value] of Object.entries(fields ?? {})) data.set(name, value);
  const response = await fetch(url, { method: "POST", body: data }).catch(() => null);
  const type = response?.headers.get("Content-Type") ?? "";
  if (!type.startsWith("text/html")) return notify("ติดต่อระบบไม่ได้ โปรดลองอีกครั้ง");
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  if (response.status === 403 || page.querySelector("[name=password]")) return notify(`ยังไม่ได้ทำ: ${SIGNED_OUT} แล้วกดอีกครั้ง`);
  if (!page.querySelector(".workbench")) {
    // Another page, or one that stands at the button's address and shows what was typed: a locked plan.
    if (response.redirected) location.assign(response.url);
    else main.replaceChildren(...page.querySelector("main").childNodes);
    return;
  }
  swap(page, form.id.match(/^edit-(\d+)$/)?.[1]);
}

function notify(sentence) {
  const notice = document.createElement("div");
  notice.className = "notice notice-error";
  notice.setAttribute("role", "alert");
  notice.textContent = sentence;
  toast([notice]);
}

function toast(notices) {
  let holder = document.querySelector(".toasts");
  if (!holder) document.body.append((holder = Object.assign(document.createElement("div"), { className: "toasts" })));
  for (const notice of notices) {
    holder.append(notice);
    if (!notice.matches(".notice-error")) setTimeout(() => notice.remove(), notice.matches(".undo") ? 12000 : 5000);
  }
}

function swap(page, pk) {
  const before = new Set([...document.querySelectorAll(".measure")].map((body) => body.id));
  const fresh = page.querySelector("#main");
  // A measure that is refused keeps its boxes as they were typed.
  for (const body of document.querySelectorAll(".measure.is-refused")) {
    const other = fresh.querySelector(`#${body.id}`);
    if (other && body.dataset.pk !== pk) other.replaceWith(body);
  }
  const focused = document.activeElement;
  const again = focused?.closest(".measure") && ["name", "value", "formaction"].map((name) => [name, focused.getAttribute(name)]);
  const open = document.querySelector("#weak")?.open;
  const chosen = document.querySelector("[name=show]:checked")?.id;
  const scrolled = document.querySelector("#weak")?.scrollTop;
  document.querySelector("#drawer")?.close();
  document.querySelector(".toasts")?.replaceChildren();
  main.replaceChildren(...fresh.childNodes);
  const side = document.querySelector("#weak");
  if (side) Object.assign(side, { open: open ?? true, scrollTop: scrolled ?? 0 });
  const filter = chosen && document.getElementById(chosen);
  if (filter) filter.checked = true;
  blocked.forEach((key) => bodyOf(key) || blocked.delete(key));
  toast([...main.querySelectorAll(":scope > .notice-success, :scope > .notice-info, :scope > .undo")]);
  const drawer = document.querySelector("#drawer");
  if (drawer) raise(drawer);
  sortable();
  const added = [...document.querySelectorAll(".measure")].find((body) => !before.has(body.id));
  const target = added ?? (pk && bodyOf(pk));
  if (!target || drawer) return;
  const selector = (again ?? []).filter(([, value]) => value !== null).map(([name, value]) => `[${name}="${CSS.escape(value)}"]`).join("");
  const focus = added ? target.querySelector("[name=title]") : selector && target.querySelector(selector);
  (focus || target.querySelector("[name=title]"))?.focus({ preventScroll: true });
  target.scrollIntoView({ block: "nearest" });
}

document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (!main.contains(form) && !form.closest(".toasts, #drawer")) return;
  const get = form.method === "get";
  if (get && !form.matches("[data-drawer]")) return;
  event.preventDefault();
  if (get) return show(`${location.pathname}?${new URLSearchParams(new FormData(form))}`);
  const pk = form.id.match(/^edit-(\d+)$/)?.[1];
  if (pk && (!submitter || !submitter.hasAttribute("formaction"))) {
    blocked.delete(pk);
    save(pk);
  } else if (submitter?.matches(".is-danger") && /\/delete\/$/.test(submitter.formAction)) {
    clearTimeout(timers.get(pk));
    timers.delete(pk);
    blocked.delete(pk);
    bodyOf(pk)?.classList.remove("is-refused");
    perform(form, submitter);
  } else {
    perform(form, submitter);
  }
});

// --- The drawer of suggestions -------------------------------------------------------------------------------

async function show(url) {
  const response = await fetch(url).catch(() => null);
  if (!response?.ok) return notify("ติดต่อระบบไม่ได้ โปรดลองอีกครั้ง");
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const drawer = page.querySelector("#drawer");
  document.querySelector("#drawer")?.remove();
  if (!drawer) return toast([...page.querySelectorAll("#main > .notice")]);
  main.append(drawer);
  raise(drawer);
}

function raise(drawer) {
  drawer.open = false;
  drawer.showModal();
  drawer.addEventListener("close", () => drawer.remove());
  drawer.querySelector("[aria-invalid]")?.focus();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-drawer], a[data-close], a[data-reload]");
  const dialog = event.target.closest("dialog");
  if (dialog && event.target === dialog && event.offsetX < 0) dialog.close();
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (link.matches("[data-close]")) return document.querySelector("#drawer")?.close();
  if (link.matches("[data-drawer]")) return show(link.href);
  const body = link.closest(".measure");
  blocked.delete(body.dataset.pk);
  body.classList.remove("is-refused");
  location.assign(link.href);
  location.reload();
});

// --- Moving ------------------------------------------------------------------------------------------------

document.addEventListener("keydown", (event) => {
  if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
  const body = event.target.closest(".measure");
  const button = body?.querySelector(`[name=to][value=${event.key === "ArrowUp" ? "up" : "down"}]`);
  if (!button) return;
  event.preventDefault();
  formOf(body.dataset.pk).requestSubmit(button);
});

function sortable() {
  const table = document.querySelector(".measures-edit");
  if (!table || !window.Sortable) return;
  window.Sortable.create(table, {
    draggable: "tbody",
    handle: ".grip",
    animation: 120,
    // Group rows do not move, but take a measure right below themselves; a tool's row holds none.
    onMove: ({ related }) => (related.matches(".band-tool") ? false : related.matches(".band") ? 1 : true),
    onEnd: (event) => {
      if (event.oldIndex === event.newIndex) return;
      let above = event.item.previousElementSibling;
      while (above && !above.matches(".band")) above = above.previousElementSibling;
      const next = event.item.nextElementSibling;
      const form = formOf(event.item.dataset.pk);
      const move = event.item.querySelector("[name=to]");
      const before = next?.matches(".measure") ? next.dataset.pk : "";
      perform(form, move, { group: above?.dataset.group ?? "", before, to: "" });
    },
  });
}

const drawn = document.querySelector("#drawer");
if (drawn) raise(drawn);
sortable();
