// A rubric's levels and comments under each design and each story of nbgrader's formgrader.
// It writes through /loopready/levels, and tells the formgrader's own models what stands there afterwards.
(function () {
  "use strict";
  const base = document.currentScript.dataset.base;

  // The cells that a hand has been at since the page was opened, before there is a panel too.
  const touched = new Set();
  for (const kind of ["input", "change", "click"])
    document.addEventListener(kind, (event) => touched.add(event.target.closest?.(".nbgrader_cell")), true);

  // MathJax comes from the network. Without it the formgrader would never listen to its keys.
  if (!window.MathJax)
    window.MathJax = { Hub: { Startup: { signal: { Interest: (heard) => setTimeout(() => heard("End")) } } } };

  async function ask(path, method, body) {
    const xsrf = (document.cookie.match(/(?:^|; )_xsrf=([^;]*)/) || [])[1] || "";
    const answer = await fetch(`${base}/${path}`, {
      method, credentials: "same-origin",
      headers: { "Content-Type": "application/json", "X-XSRFToken": decodeURIComponent(xsrf) },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const said = await answer.json().catch(() => ({}));
    return { ok: answer.ok, status: answer.status, said };
  }

  function make(name, attributes, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) element.setAttribute(key, value);
    element.append(...children);
    return element;
  }

  class Panel {
    constructor(cell, remarks) {
      this.cell = cell;
      this.remarks = remarks;
      this.queue = Promise.resolve();
      this.score = document.getElementById(cell.cell);
      this.comment = document.getElementById(`${cell.cell}-comment`);
      if (!this.score || !this.comment) return;
      this.rows = cell.rows.map((row) => this.row(row));
      this.status = make("p", { class: "status", role: "status" });
      this.bank = make("div", { class: "remarks", role: "group", "aria-label": "Comments to use again" });
      this.root = make("div", { class: "loopready-levels", role: "group", "aria-label": `Rubric of ${cell.cell}` },
        ...this.rows.map((row) => row.box), this.bank, this.status);
      this.comment.closest(".panel-footer").before(this.root);
      this.show(cell);
      this.follow();
      this.fresh(cell);
      this.root.addEventListener("keydown", (event) => this.key(event));
      this.comment.addEventListener("input", () => this.press());
      this.enter();
    }

    row(row) {
      const anchor = make("span", { class: "anchor" });
      const inputs = Object.keys(row.anchors).map((level) => {
        const input = make("input", {
          type: "radio", name: `${this.cell.cell}: ${row.name}`, value: level,
          "aria-label": `${level}: ${row.anchors[level]}`,
        });
        input.addEventListener("change", () => { this.sound(one); this.save(); });
        return input;
      });
      const choices = make("span", { class: "choices", role: "radiogroup", "aria-label": row.name },
        ...inputs.map((input) => make("label", { title: row.anchors[input.value] }, input, make("span", {}, input.value))));
      const one = { row, inputs, anchor, box: make("fieldset", {}, make("legend", {}, row.name), choices, anchor) };
      return one;
    }

    sound(one) {
      const chosen = one.inputs.find((input) => input.checked);
      one.anchor.textContent = chosen ? one.row.anchors[chosen.value] : one.row.says;
    }

    get levels() {
      const chosen = this.rows.map((one) => [one.row.name, one.inputs.find((input) => input.checked)]);
      return Object.fromEntries(chosen.filter(([, input]) => input).map(([name, input]) => [name, Number(input.value)]));
    }

    // Take over what stands in the gradebook.
    show(state) {
      this.seen = state.seen;
      this.unsettled = false;
      for (const one of this.rows) {
        for (const input of one.inputs) input.checked = state.levels[one.row.name] === Number(input.value);
        this.sound(one);
      }
      this.offer();
      this.say(this.standing(state));
    }

    standing(state) {
      const rated = Object.keys(state.levels).length;
      if (!rated) return "Levels: the keys 1 to 5. Comments: the letters. Points are given when every row has a level.";
      if (!state.agrees) return `The levels (${state.by}, ${state.at}) do not come to the ${state.points} points that stand here.`;
      return `${state.points} of ${state.out_of} points by ${state.by}, ${state.at}.`;
    }

    say(text, trouble, ...buttons) {
      this.status.classList.toggle("trouble", Boolean(trouble));
      this.status.replaceChildren(text, ...buttons.flatMap((button) => [" ", button]));
    }

    // Each save waits for the one before it, so that none is taken for somebody else's.
    save() {
      this.queue = this.queue.then(() => this.put()).catch(() => this.say("Not saved: the server does not answer.", true));
      return this.queue;
    }

    async put(seen) {
      const levels = this.levels, missing = this.rows.length - Object.keys(levels).length;
      if (missing) return this.say(`Not saved: ${missing} of ${this.rows.length} rows have no level yet.`);
      const body = { levels, comment: this.comment.value, seen: seen || this.seen };
      const { ok, status, said } = await ask(`submissions/${submission_id}/${encodeURIComponent(this.cell.cell)}`, "PUT", body);
      if (ok) return this.saved(said, body.comment);
      if (status === 409) return this.late(said);
      this.say(`Not saved: ${said.message || status}`, true);
    }

    saved(state, sent) {
      this.seen = state.seen;
      this.unsettled = false;
      this.tell(state, this.comment.value !== sent);
      this.say(this.standing(state));
    }

    late(said) {
      this.unsettled = true;
      const theirs = make("button", { type: "button" }, "Show what is there");
      const mine = make("button", { type: "button" }, "Save mine over it");
      theirs.addEventListener("click", () => { this.tell(said.now); this.show(said.now); });
      mine.addEventListener("click", () => this.put(said.now.seen));
      this.say(said.message, true, theirs, mine);
      theirs.focus();
    }

    model(models) { return models && models.find((one) => one.get("name") === this.cell.cell); }

    // The formgrader's own fields; a comment that was typed meanwhile stays, and is saved next.
    tell(state, typed) {
      const grade = this.model(formgrader.grades), comment = this.model(formgrader.comments);
      if (grade) grade.set({ manual_score: state.points, needs_manual_grade: false });
      if (comment) comment.set({ manual_comment: state.comment }, { silent: Boolean(typed) });
      this.seen_too(state);
      this.press();
    }

    // nbgrader's server may still show what it read before somebody else saved. What was typed or saved here while
    // the panel was fetched is newer than both, and stays.
    fresh(state) {
      if (touched.has(this.score.closest(".nbgrader_cell"))) return this.look();
      const grade = this.model(formgrader.grades), comment = this.model(formgrader.comments);
      if (grade && grade.get("manual_score") !== state.points) grade.set({ manual_score: state.points });
      if (comment && (comment.get("manual_comment") || "") !== state.comment) comment.set({ manual_comment: state.comment });
      this.seen_too(state);
    }

    // What the formgrader's own fields say that they had seen, when they save: see formgrader/templates/saving.js.
    seen_too(state) {
      const grade = this.model(formgrader.grades), comment = this.model(formgrader.comments);
      if (grade && grade.seen) grade.seen = { ...grade.seen, manual_score: state.points };
      if (comment && comment.seen) comment.seen = { manual_comment: state.comment };
    }

    // What is typed into the formgrader's own fields changes what stands there. Levels given while that is on its way
    // wait for it: they would be taken for a second instructor's.
    follow() {
      const grade = this.model(formgrader.grades), comment = this.model(formgrader.comments);
      for (const model of [grade, comment]) if (model) model.on("request", (_, request) => this.look(request));
    }

    look(request) {
      this.queue = this.queue.then(async () => {
        if (request) await new Promise((done) => request.always(done));
        const { ok, said } = await ask(`submissions/${submission_id}`, "GET");
        const state = ok && said.cells.find((one) => one.cell === this.cell.cell);
        // Levels of two instructors stay to be chosen from.
        if (state && state.seen !== this.seen && !this.unsettled) this.again(state);
      }).catch(() => { /* a look that failed; the next save says what it meets */ });
    }

    again(state) {
      const chosen = this.levels;
      this.show(state);
      // Rows that were chosen and wait for the others are nobody's yet, and stay.
      if (Object.keys(state.levels).length) return;
      for (const one of this.rows) {
        for (const input of one.inputs) input.checked = chosen[one.row.name] === Number(input.value);
        this.sound(one);
      }
    }

    // Comments to use again.
    offer() {
      const texts = this.remarks[this.cell.kind].slice(0, 26);
      // A button that has the focus is not made anew for nothing.
      if (this.bank.hasChildNodes() && texts.join("\n\n") === this.offered) return this.press();
      this.offered = texts.join("\n\n");
      const buttons = texts.map((text, place) => {
        const letter = String.fromCharCode(97 + place);
        const button = make("button", { type: "button", "data-text": text }, make("kbd", {}, letter), text);
        button.addEventListener("click", () => this.toggle(text));
        return button;
      });
      const keep = make("button", { type: "button" }, make("kbd", {}, "+"), "Keep the last paragraph of the comment to use again");
      keep.addEventListener("click", () => this.keep());
      this.bank.replaceChildren(...buttons, keep);
      this.press();
    }

    get paragraphs() { return this.comment.value.split(/\n\s*\n/).map((one) => one.trim()).filter(Boolean); }

    press() {
      for (const button of this.bank.querySelectorAll("[data-text]"))
        button.setAttribute("aria-pressed", String(this.paragraphs.includes(button.dataset.text)));
    }

    toggle(text) {
      const there = this.paragraphs;
      const next = there.includes(text) ? there.filter((one) => one !== text) : [...there, text];
      this.comment.value = next.join("\n\n");
      autosize.update(this.comment);
      this.press();
      if (Object.keys(this.levels).length === this.rows.length) return this.save();
      // Without all levels the comment alone is saved, as the formgrader saves it.
      $(this.comment).trigger("change");
    }

    async keep() {
      const last = this.paragraphs.at(-1) || "";
      const { ok, said } = await ask(`remarks/${this.cell.kind}`, "POST", { comment: last });
      if (!ok) return this.say(`Not kept: ${said.message || "the server does not answer"}`, true);
      for (const kind of Object.keys(said)) this.remarks[kind] = said[kind];
      for (const panel of panels) if (panel.root) panel.offer();
      this.say("Kept to use again.");
    }

    // The formgrader takes Tab, Enter and Escape of the whole page for its own fields.
    enter() {
      const last = document.getElementById(`${this.cell.cell}_extra_credit`);
      last.addEventListener("keydown", (event) => {
        if (event.key !== "Tab" || event.shiftKey) return;
        event.preventDefault();
        event.stopPropagation();
        this.focus(0);
      });
    }

    focus(place) {
      const one = this.rows[place];
      if (!one) return this.bank.querySelector("button").focus();
      (one.inputs.find((input) => input.checked) || one.inputs[0]).focus();
    }

    key(event) {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      event.stopPropagation();
      const place = this.rows.findIndex((one) => one.box.contains(event.target));
      const input = place >= 0 && this.rows[place].inputs.find((one) => one.value === event.key);
      const button = [...this.bank.querySelectorAll("button")].find((one) => one.firstChild.textContent === event.key);
      if (input) {
        event.preventDefault();
        if (!input.checked) { input.checked = true; this.sound(this.rows[place]); this.save(); }
        this.focus(place + 1);
      } else if (button) {
        event.preventDefault();
        button.click();
      }
    }
  }

  let panels = [];

  // The formgrader makes its models when the page has loaded, and fills them later.
  async function begin() {
    if (typeof formgrader === "undefined" || !formgrader.grades || !formgrader.grades.loaded || !formgrader.comments.loaded)
      return setTimeout(begin, 50);
    const { ok, said } = await ask(`submissions/${submission_id}`, "GET");
    if (ok) { panels = said.cells.map((cell) => new Panel(cell, said.remarks)); return; }
    document.querySelector("#notebook").prepend(make("p", { class: "alert alert-danger", role: "alert" },
      `No rubrics here: ${said.message || "the server does not answer"}`));
  }
  begin();
})();
