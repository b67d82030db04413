// One exchange as elements: the question, the answer with citation chips, source cards, and what a reader can do.
import type { Answer, Citation, Client, Sentence } from "./client";
import { iconButton, make } from "./dom";
import type { Exchange } from "./store";
import { noteOf, type Strings, understood } from "./strings";

export interface Doing {
  client: Client;
  strings: Strings;
  opened: (citation: Citation) => void;
  rated: (exchange: Exchange, rating: "up" | "down", comment: string) => Promise<void>;
}

export class AnswerView {
  readonly element = make("div", { class: "answer" });
  private readonly text = make("p", { class: "text" });
  private readonly cards = make("div", { class: "cards" });
  private readonly citations = new Map<number, Citation>();
  private readonly sentences: Sentence[] = [];

  constructor(private readonly doing: Doing) {
    this.element.append(this.text, this.cards);
  }

  status(message: string): void {
    if (!this.text.querySelector(".sentence")) this.text.replaceChildren(make("span", { class: "status" }, message));
  }

  sentence(sentence: Sentence): void {
    this.sentences.push(sentence);
    this.text.querySelector(".status")?.remove();
    const chips = sentence.citations.map((number) => this.chip(number));
    this.text.append(make("span", { class: "sentence" }, sentence.lead, sentence.text, ...chips), " ");
  }

  citation(citation: Citation): void {
    this.citations.set(citation.number, citation);
  }

  // What has come of the answer so far, with the reason why no more did; undefined when nothing has.
  soFar(note: string): Answer | undefined {
    const { sentences } = this;
    if (!sentences.length) return undefined;
    const text = sentences.map(({ lead, text }) => lead + text).join(" ");
    return { text, status: "answered", note, sentences: [...sentences], citations: [...this.citations.values()], closest: [] };
  }

  finish(exchange: Exchange): void {
    const { answer } = exchange;
    this.sentences.length = 0;
    answer.citations.forEach((citation) => this.citation(citation));
    this.text.replaceChildren();
    answer.sentences.forEach((sentence) => this.sentence(sentence));
    const resolved = understood(exchange.question, answer.resolved_question, this.doing.strings);
    if (resolved) this.text.before(make("p", { class: "facts understood" }, resolved));
    const note = noteOf(answer, this.doing.strings);
    if (note) this.text.append(make("span", { class: answer.status === "not_found" ? "verdict" : "note" }, note));
    if (answer.closest.length) {
      const list = answer.closest.map((citation) => make("li", {}, this.card(citation, [citation.quote])));
      this.element.append(make("p", { class: "label" }, this.doing.strings.closest), make("ul", { class: "closest" }, ...list));
    }
    this.element.append(this.actions(exchange));
  }

  private chip(number: number): HTMLButtonElement {
    const label = `${this.doing.strings.source} ${number}`;
    const chip = make("button", { type: "button", class: "chip", "aria-label": label, "aria-expanded": "false" }, `${number}`);
    chip.addEventListener("click", () => this.toggle(number, chip));
    return chip;
  }

  private toggle(number: number, chip: HTMLButtonElement): void {
    const open = chip.getAttribute("aria-expanded") === "true";
    this.element.querySelectorAll(".chip").forEach((other) => other.setAttribute("aria-expanded", "false"));
    this.cards.replaceChildren();
    const citation = this.citations.get(number);
    if (open || !citation) return;
    chip.setAttribute("aria-expanded", "true");
    this.cards.append(this.card(citation));
    this.doing.opened(citation);
  }

  private card(citation: Citation, quote = quoted(citation)): HTMLElement {
    const { strings, client } = this.doing;
    const facts = [citation.publisher, citation.date, citation.section.split(" › ").pop()].filter(Boolean).join(" · ");
    const link = make(
      "a",
      { href: client.readerLink(citation), target: "_blank", rel: "noopener noreferrer nofollow" },
      strings.read,
      make("span", { class: "hidden" }, ` (${strings.newTab})`),
    );
    return make(
      "div",
      { class: "card" },
      make("p", { class: "title" }, citation.title),
      make("p", { class: "facts" }, facts),
      make("blockquote", {}, ...quote),
      link,
    );
  }

  private actions(exchange: Exchange): HTMLElement {
    const { strings } = this.doing;
    const said = make("span", { class: "said", role: "status" });
    const copy = iconButton("copy", strings.copy, () => {
      navigator.clipboard?.writeText(copied(exchange.answer, this.doing.client)).then(
        () => (said.textContent = strings.copied),
        () => undefined,
      );
    });
    const form = make("form", { class: "comment", hidden: true });
    const rate = (rating: "up" | "down") => () => {
      exchange.rating = rating;
      up.setAttribute("aria-pressed", `${rating === "up"}`);
      down.setAttribute("aria-pressed", `${rating === "down"}`);
      form.hidden = false;
      form.querySelector("textarea")?.focus({ preventScroll: true });
      form.scrollIntoView({ block: "nearest" });
    };
    const up = iconButton("up", strings.good, rate("up"));
    const down = iconButton("down", strings.bad, rate("down"));
    up.setAttribute("aria-pressed", `${exchange.rating === "up"}`);
    down.setAttribute("aria-pressed", `${exchange.rating === "down"}`);
    this.fillComment(form, exchange, said);
    return make("div", { class: "after" }, make("div", { class: "actions" }, copy, up, down, said), form);
  }

  private fillComment(form: HTMLFormElement, exchange: Exchange, said: HTMLElement): void {
    const { strings, rated } = this.doing;
    const box = make("textarea", { rows: "2", maxlength: "2000", "aria-label": strings.comment, placeholder: strings.comment });
    form.append(box, make("button", { type: "submit", class: "plain" }, strings.sendComment));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      rated(exchange, exchange.rating ?? "up", box.value).then(
        () => {
          form.hidden = true;
          said.textContent = strings.thanks;
        },
        () => (said.textContent = strings.failed),
      );
    });
  }
}

// The quotation, its decisive part marked; the offsets count code points.
function quoted({ quote, highlight }: Citation): (Node | string)[] {
  if (!highlight) return [make("mark", {}, quote)];
  const points = Array.from(quote);
  const [start, end] = highlight;
  const part = (from: number, to?: number) => points.slice(from, to).join("");
  return [part(0, start), make("mark", {}, part(start, end)), part(end)];
}

function copied(answer: Answer, client: Client): string {
  const marked = answer.sentences.map((s) => s.lead + s.text + s.citations.map((n) => ` [${n}]`).join("")).join(" ");
  const notes = answer.citations.map((c) => `[${c.number}] ${c.title}${c.date ? `, ${c.date}` : ""}: ${client.readerLink(c, false)}`);
  return [marked || answer.text, ...notes].join("\n");
}
