// The score sheet as a grid: saves each cell by itself, moves as a spreadsheet does, and paints what the server
// works out. Without this file the same page is a form with one save button.

const form = document.getElementById("sheet");
const threshold = Number(form.dataset.threshold);
const live = form.querySelector("[data-live]");
const saved = form.querySelector("[data-saved]");
const PAUSE = 700; // milliseconds after the last key, so that a cell is saved within a second
const RETRY = 10_000;
const THAI = "๐๑๒๓๔๕๖๗๘๙";

const arabic = (text) => text.replace(/[๐-๙]/g, (digit) => THAI.indexOf(digit));
const element = (tag, className, text) =>
  Object.assign(document.createElement(tag), { className, textContent: text });

// Signing in again in another tab makes a new token: the cookie has it, the form does not.
const token = () =>
  document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? form.elements.csrfmiddlewaretoken.value;

class Cell {
  constructor(input) {
    this.input = input;
    this.name = input.name;
    this.box = input.closest(".cell");
    this.was = this.box.querySelector("input[type=hidden]");
    this.note = this.box.querySelector(".cell-note");
    this.state = this.box.querySelector(".cell-state");
    this.tick = this.box.querySelector(".cell-tick");
    this.refused = input.hasAttribute("aria-invalid") ? this.text : null;
    this.timer = 0;
    if (this.tick) {
      this.tick.hidden = false;
      this.tick.addEventListener("change", () => {
        this.input.value = this.tick.checked ? "100" : "0";
        this.changed();
        this.saveNow();
      });
      this.paintTick();
    }
    input.addEventListener("input", () => this.changed());
    input.addEventListener("blur", () => this.saveNow());
  }

  get text() {
    return this.input.value.trim();
  }

  get version() {
    return this.was.value.split(":")[0];
  }

  get shown() {
    return this.was.value.slice(this.was.value.indexOf(":") + 1);
  }

  get dirty() {
    return arabic(this.text) !== this.shown && this.text !== this.refused;
  }

  stands(version, text) {
    this.was.value = `${version}:${text}`;
  }

  changed() {
    const number = arabic(this.text);
    const readable = /^\d{1,3}(\.\d{1,2})?$/.test(number);
    this.box.classList.toggle("is-weak", readable && Number(number) < threshold);
    this.refused = null;
    this.say("", "");
    this.paintTick();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.saveNow(), PAUSE);
  }

  saveNow() {
    clearTimeout(this.timer);
    if (this.dirty) queue(this);
  }

  paintTick() {
    if (!this.tick) return;
    this.tick.checked = Number(arabic(this.text)) === 100;
  }

  // Show a state at the cell: "saving", "saved", "refused", "waiting" or none, with a sentence where there is one.
  say(state, sentence, ...actions) {
    const words = {
      saving: ["…", "กำลังบันทึก"],
      saved: ["✓", "บันทึกแล้ว"],
      refused: ["✕", "ไม่รับ"],
      waiting: ["↻", "ยังไม่ได้บันทึก"],
    }[state];
    this.state.dataset.state = state;
    this.state.title = words ? words[1] : "";
    this.state.textContent = words ? words[0] : "";
    const wrong = state === "refused";
    this.box.classList.toggle("is-refused", wrong);
    this.input.classList.toggle("is-invalid", wrong);
    if (wrong) this.input.setAttribute("aria-invalid", "true");
    else this.input.removeAttribute("aria-invalid");
    this.note.replaceChildren(...(sentence ? [element("span", "", sentence)] : []), ...actions);
    if (words && state !== "saving") announce(sentence || `${this.input.ariaLabel} ${words[1]}`);
  }

  async save() {
    if (!this.dirty) return;
    const text = this.text;
    this.say("saving", "");
    let answer, data;
    try {
      const body = new URLSearchParams({
        cell: this.name, text, version: this.version,
        csrfmiddlewaretoken: token(),
      });
      answer = await fetch(form.dataset.cellUrl, { method: "POST", body });
      // To the page of signing in; or refused, where the cookie of the token is gone too.
      if (answer.redirected || answer.status === 403) throw new SignedOut();
      data = await answer.json();
    } catch (error) {
      this.wait(error);
      return;
    }
    if (answer.ok) this.accept(text, data);
    else this.refuse(text, data);
  }

  accept(text, data) {
    this.stands(data.version, data.text);
    paint(data);
    if (this.text === text) {
      // The page keeps what was typed (Thai digits too); the form knows that it is what stands.
      if (arabic(text) !== data.text) this.input.value = data.text;
      this.say("saved", "");
    }
    saved.textContent = `บันทึกแล้ว ${data.saved}`;
    saved.classList.remove("bad-word");
  }

  refuse(text, data) {
    if (this.text !== text) return;
    this.refused = text;
    if (!data.theirs) {
      this.say("refused", data.sentence);
      return;
    }
    const choose = (label, act) => {
      const button = element("button", "btn btn-sm btn-outline-secondary", label);
      button.type = "button";
      button.addEventListener("click", act);
      return button;
    };
    const { theirs } = data;
    paint(data);
    this.say(
      "refused",
      data.sentence,
      choose("ใช้ของเขา", () => {
        this.stands(theirs.version, theirs.text);
        this.input.value = theirs.text;
        this.changed();
        this.input.focus();
      }),
      choose("ใช้ของฉัน", () => {
        this.stands(theirs.version, theirs.text);
        this.refused = null;
        this.input.focus();
        this.saveNow();
      }),
    );
  }

  wait(error) {
    const sentence =
      error instanceof SignedOut
        ? "ออกจากระบบแล้ว จึงยังไม่ได้บันทึก: เข้าสู่ระบบในแท็บใหม่ แล้วกลับมาหน้านี้"
        : "ติดต่อระบบไม่ได้ จึงยังไม่ได้บันทึก: ระบบจะลองอีกครั้งเอง";
    this.say("waiting", sentence);
    saved.textContent = "ยังบันทึกไม่ได้";
    saved.classList.add("bad-word");
    setTimeout(retry, RETRY);
  }
}

class SignedOut extends Error {}

function announce(sentence) {
  live.textContent = sentence;
}

// --- saving, one cell after the other, so that figures are painted in the order of the saves ---

let chain = Promise.resolve();
const waiting = new Set();

function queue(cell) {
  for (const other of cells) {
    if (other === cell || other.state.dataset.state === "waiting") {
      if (!waiting.has(other)) {
        waiting.add(other);
        chain = chain.then(() => {
          waiting.delete(other);
          return other.save();
        });
      }
    }
  }
}

function retry() {
  const cell = cells.find((each) => each.state.dataset.state === "waiting");
  if (cell) queue(cell);
}

// --- painting what the server worked out ---

function paint({ rows, foot, missing }) {
  for (const line of form.querySelectorAll("[data-row]")) {
    const words = rows[line.dataset.row] ?? {};
    for (const place of line.querySelectorAll("[data-paint]")) {
      const word = words[place.dataset.paint] ?? "";
      if (Array.isArray(word)) {
        place.replaceChildren(...word.map((flag) => element("span", "weak-word", `● ${flag}`)));
      } else {
        place.textContent = place.dataset.paint === "warning" && word ? `▲ ${word}` : word;
      }
    }
    for (const flag of line.querySelectorAll("[data-paint=flags]:empty")) flag.textContent = "";
  }
  form.querySelector("[data-foot]").replaceChildren(
    ...foot.entries.map((entry) => footEntry(entry.name, entry.value, entry.weak ? "is-weak" : "")),
    footEntry("ระดับ", foot.level, "foot-level", foot.reason),
  );
  const note = form.querySelector("[data-missing-note]");
  note.hidden = missing === "๐";
  note.querySelector("[data-missing]").textContent = missing;
  offerClosing();
}

// Saving goes by itself here, so that closing is the one thing to do once nothing is missing.
function offerClosing() {
  const complete = form.querySelector("[data-missing-note]").hidden;
  const close = form.querySelector("[data-close]");
  close.classList.toggle("btn-primary", complete);
  close.classList.toggle("btn-outline-primary", !complete);
}

function footEntry(name, value, className, title = "") {
  const entry = element("div", `foot-entry ${className}`, "");
  entry.append(element("dt", "", name), Object.assign(element("dd", "", value || "–"), { title }));
  return entry;
}

// --- moving as in a spreadsheet ---

const cells = [...form.querySelectorAll(".cell-input")].map((input) => new Cell(input));
const grid = [...form.querySelectorAll("[data-row]")]
  .map((line) => [...line.querySelectorAll(".cell-input")])
  .filter((line) => line.length);

function placeOf(input) {
  const row = grid.findIndex((line) => line.includes(input));
  return [row, grid[row].indexOf(input)];
}

function go(input) {
  if (!input) return;
  input.focus();
  input.select();
}

function move(input, rows) {
  const [row, column] = placeOf(input);
  const line = grid[row + rows];
  if (line) go(line[Math.min(column, line.length - 1)]);
}

form.addEventListener("keydown", (event) => {
  const input = event.target;
  if (!input.matches(".cell-input") || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
  const whole = input.selectionStart === 0 && input.selectionEnd === input.value.length;
  const flat = grid.flat();
  const index = flat.indexOf(input);
  if (event.key === "Enter") {
    event.preventDefault();
    cells.find((cell) => cell.input === input).saveNow();
    move(input, event.shiftKey ? -1 : 1);
  } else if (event.shiftKey) {
    return;
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    move(input, event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "ArrowLeft" && (whole || input.selectionEnd === 0)) {
    event.preventDefault();
    go(flat[index - 1]);
  } else if (event.key === "ArrowRight" && (whole || input.selectionStart === input.value.length)) {
    event.preventDefault();
    go(flat[index + 1]);
  }
});

// --- pasting several cells opens the preview ---

// A block of bare scores, as copied from a column, gets the codes of the cells on which it was pasted.
function withCodes(text, input) {
  const lines = text.replace(/[\r\n]+$/, "").split(/\r\n|\r|\n/).map((line) => line.split("\t"));
  if (!lines.flat().every((value) => /^\s*[0-9๐-๙.,]*\s*$/.test(value))) return text;
  const isBand = (line) => line[0].closest("tr").classList.contains("band");
  const [row, column] = placeOf(input);
  const below = grid.slice(row).filter((line) => isBand(line) === isBand(grid[row]));
  return lines
    .flatMap((values, index) => values.map((value, offset) => [below[index]?.[column + offset], value.trim()]))
    .filter(([, value]) => value)
    .map(([target, value]) => (target ? `${spoken(target.name)} ${value}` : value))
    .join("\n");
}

function spoken(name) {
  if (name.startsWith("indicator-")) return `ตัวชี้วัดที่ ${name.slice("indicator-".length)}`;
  if (name === "total") return "คะแนนรวม";
  return /^\d/.test(name) ? `ตัวชี้วัดย่อยที่ ${name}` : name.replace(/^([A-Z]+)\/(\d)$/, "$1 ส่วนที่ $2 =");
}

form.addEventListener("paste", (event) => {
  if (!event.target.matches(".cell-input")) return;
  const text = event.clipboardData.getData("text/plain");
  if (!/[\t\r\n]/.test(text.trim())) return;
  event.preventDefault();
  const paste = document.getElementById("paste");
  paste.elements.text.value = withCodes(text, event.target);
  chain.then(() => {
    leaving = true;
    paste.submit();
  });
});

// --- asking, leaving, coming back ---

let leaving = false;
const dialog = document.getElementById("confirm");

for (const button of form.querySelectorAll("[data-confirm]")) {
  button.addEventListener("click", (event) => {
    event.preventDefault();
    document.getElementById("confirm-text").textContent = button.dataset.confirm;
    dialog.addEventListener("close", () => dialog.returnValue === "yes" && form.requestSubmit(button), { once: true });
    dialog.returnValue = "no";
    dialog.showModal();
  });
}

form.addEventListener("submit", () => {
  leaving = true;
});
window.addEventListener("beforeunload", (event) => {
  if (!leaving && cells.some((cell) => cell.dirty)) event.preventDefault();
});
window.addEventListener("online", retry);
document.addEventListener("visibilitychange", () => document.hidden || retry());

form.querySelector("[data-save]").hidden = true;
offerClosing();
for (const help of form.querySelectorAll("[data-js]")) help.hidden = false;
document.getElementById("mistakes")?.focus();
