import { make } from "./dom.js";
import { put, pathOf } from "./api.js";

// Edits the tags, the note and the hidden flag of a run. Changes are saved as they are made.
export class NotesPanel {
  constructor(id, annotations) {
    this.id = id;
    this.annotations = annotations;
    this.tags = make("span");
    this.status = make("span", { class: "soft", role: "status" });
    this.input = make("input", { type: "text", placeholder: "Add a tag", "aria-label": "Add a tag", maxlength: 64, onkeydown: (event) => {
      if (event.key !== "Enter" || !this.input.value.trim()) return;
      const tag = this.input.value.trim();
      this.change(({ tags }) => ({ tags: [...tags, tag] }));
      this.input.value = "";
    } });
    this.note = make("textarea", { "aria-label": "Note", placeholder: "What did you learn from this run?", oninput: () => {
      clearTimeout(this.waiting);
      this.waiting = setTimeout(() => this.saveNote(), 800);
    }, onchange: () => this.saveNote() });
    this.note.value = annotations.note;
    this.hidden = make("input", { type: "checkbox", onchange: () => this.change(() => ({ hidden: this.hidden.checked })) });
    this.hidden.checked = annotations.hidden;
    this.element = make("div", { class: "panel" }, make("h3", { text: "Tags and notes" }), make("div", { class: "controls" }, this.tags, this.input, make("label", {}, this.hidden, "Hide from the run list"), this.status), this.note);
    this.render();
  }

  render() {
    this.tags.replaceChildren(...this.annotations.tags.map((tag) => make("span", { class: "tag" }, tag,
      make("button", { type: "button", text: "×", "aria-label": `Remove tag ${tag}`, onclick: () => this.change(({ tags }) => ({ tags: tags.filter((other) => other !== tag) })) }))));
  }

  saveNote() {
    clearTimeout(this.waiting);
    const text = this.note.value;
    this.change(() => ({ note: text }));
  }

  // Saves changes one after another, each based on the result of the previous one.
  change(edit) {
    this.saving = (this.saving ?? Promise.resolve()).then(() => this.save(edit));
  }

  async save(edit) {
    this.status.textContent = "Saving…";
    try {
      this.annotations = await put(`${pathOf(this.id)}/annotations`, { ...this.annotations, ...edit(this.annotations) });
      this.status.textContent = "Saved";
      setTimeout(() => { this.status.textContent = ""; }, 1500);
    } catch (error) { this.status.textContent = error.message; }
    this.render();
  }
}
