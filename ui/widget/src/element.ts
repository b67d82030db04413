// <newsletter-chat>: the launcher, the panel and the conversation in a shadow tree.
import { AnswerView, type Doing } from "./answer";
import { type Citation, Client, Failed, Refused } from "./client";
import { type Config, configOf, declarations, type Mode, modeOf } from "./config";
import { icon, iconButton, make } from "./dom";
import { type Exchange, Store } from "./store";
import { noteOf, understood } from "./strings";
import css from "./style.css";

export class NewsletterChat extends HTMLElement {
  static base = "";

  private readonly root = this.attachShadow({ mode: "open" });
  private mode: Mode = "floating";
  private config!: Config;
  private client!: Client;
  private store!: Store;
  private most = 2000;
  private running?: AbortController;
  private started?: Promise<void>;
  private launcher!: HTMLButtonElement;
  private panel!: HTMLElement;
  private log!: HTMLElement;
  private said!: HTMLElement;
  private form!: HTMLFormElement;
  private input!: HTMLTextAreaElement;
  private button!: HTMLButtonElement;
  private left!: HTMLElement;

  connectedCallback(): void {
    this.started ??= this.start();
  }

  disconnectedCallback(): void {
    this.running?.abort();
  }

  open(): void {
    void this.started?.then(() => this.show(true));
  }

  close(): void {
    if (this.mode === "floating") this.show(false);
  }

  ask(text: string): void {
    this.open();
    void this.started?.then(() => this.config && this.answer(text));
  }

  reset(): void {
    if (!this.panel) return;
    this.running?.abort();
    this.store.clear();
    this.fillLog();
    this.input.focus();
  }

  private async start(): Promise<void> {
    const base = this.dataset.server ?? NewsletterChat.base;
    const site = this.dataset.site ?? "";
    this.mode = modeOf(this.dataset);
    this.store = new Store(base, site);
    this.client = new Client(base, site, this.store, this.dataset.identity);
    let look = {};
    try {
      const session = await this.client.session();
      look = session.site;
      this.most = session.most;
    } catch (error) {
      if (error instanceof Refused) return this.refuse(base, site);
    }
    this.config = configOf(this.dataset, look);
    this.dress();
    this.build();
    if (this.mode !== "floating" || (this.store.wasOpen() ?? this.config.open)) this.show(true, false);
    this.emit("ready");
  }

  private refuse(base: string, site: string): void {
    console.error(
      `newsletter-chat: ${base} does not answer site "${site}" on ${location.origin}. The site's owner allows this ` +
        `page with: newsletter-assistant sites add ${site || "SITE"} --origin ${location.origin}`,
    );
    this.emit("error", { reason: "origin" });
    if (this.mode !== "floating") {
      this.config = configOf(this.dataset, {});
      this.root.replaceChildren(make("p", {}, this.config.strings.unavailable));
    }
  }

  private dress(): void {
    const { colours, darkColours, zIndex, theme, position, size, language } = this.config;
    const [light, dark] = [declarations(colours), declarations(darkColours)];
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(
      `${css}\n.shell{${light}--nc-z:${zIndex}}.shell.dark{${dark}}@media (prefers-color-scheme:dark){.shell.auto{${dark}}}`,
    );
    this.root.adoptedStyleSheets = [sheet];
    this.root.replaceChildren(make("div", { class: `shell ${this.mode} ${theme} ${position} ${size}`, lang: language }));
  }

  private build(): void {
    const { strings, title, placeholder } = this.config;
    const shell = this.root.firstElementChild as HTMLElement;
    const floating = this.mode === "floating";
    this.launcher = make(
      "button",
      { type: "button", class: "launcher", "aria-label": strings.open, "aria-expanded": "false", click: () => this.show(true) },
      icon("chat"),
    );
    // The log grows word by word, which is not to be read out; `said` gets each answer once it is whole.
    this.log = make("div", { class: "log", role: "log", "aria-live": "off", "aria-label": title, tabindex: "0" });
    this.said = make("div", { class: "hidden said-aloud", role: "status", "aria-live": "polite" });
    this.input = make("textarea", { rows: "1", "aria-label": placeholder, placeholder, enterkeyhint: "send" });
    this.input.maxLength = this.most;
    this.button = make("button", { type: "submit", class: "send", "aria-label": strings.send }, icon("send"));
    this.left = make("p", { class: "left", role: "status" });
    this.form = make("form", { class: "ask" }, this.input, this.button);
    const head = make("header", {}, make("h2", { id: "title" }, title), iconButton("fresh", strings.fresh, () => this.reset()));
    if (floating) head.append(iconButton("close", strings.close, () => this.close()));
    const role = floating ? "dialog" : "region";
    this.panel = make("section", { class: "panel", role, "aria-labelledby": "title", hidden: true }, head, this.log, this.said, this.left, this.form);
    if (this.config.privacy) {
      const link = { href: this.config.privacy, target: "_blank", rel: "noopener noreferrer" };
      this.panel.append(make("p", { class: "privacy" }, make("a", link, strings.privacy)));
    }
    shell.append(this.panel);
    if (floating) shell.append(this.launcher);
    this.listen();
    this.fillLog();
  }

  private listen(): void {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.running) this.running.abort();
      else void this.answer(this.input.value);
    });
    this.input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      if (!this.running) void this.answer(this.input.value);
    });
    this.input.addEventListener("input", () => {
      const count = this.most - this.input.value.length;
      this.left.textContent = count <= this.most / 10 ? this.config.strings.left.replace("{count}", `${count}`) : "";
    });
    this.panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
  }

  private show(open: boolean, focus = true): void {
    if (!this.panel || this.panel.hidden !== open) return;
    this.panel.hidden = !open;
    this.launcher.hidden = open;
    this.launcher.setAttribute("aria-expanded", `${open}`);
    if (this.mode === "floating") this.store.keepOpen(open);
    if (focus) (open ? this.input : this.launcher).focus();
    this.log.scrollTop = this.log.scrollHeight;
    this.emit(open ? "open" : "close");
  }

  private fillLog(): void {
    const { greeting, suggestions } = this.config;
    const buttons = suggestions.map((text) =>
      make("li", {}, make("button", { type: "button", class: "suggestion", click: () => void this.answer(text) }, text)),
    );
    this.log.replaceChildren(make("p", { class: "greeting" }, greeting));
    const exchanges = this.store.exchanges();
    if (!exchanges.length && buttons.length) this.log.append(make("ul", { class: "suggestions" }, ...buttons));
    for (const exchange of exchanges) {
      const view = new AnswerView(this.doing());
      this.log.append(this.question(exchange.question), view.element);
      view.finish(exchange);
    }
  }

  private question(text: string): HTMLElement {
    return make("p", { class: "question" }, make("span", { class: "hidden" }, `${this.config.strings.you}: `), text);
  }

  private async answer(typed: string): Promise<void> {
    const question = typed.trim().slice(0, this.most);
    if (!question || this.running) return;
    this.log.querySelector(".suggestions")?.remove();
    this.input.value = "";
    this.left.textContent = "";
    const view = new AnswerView(this.doing());
    const asked = this.question(question);
    this.log.append(asked, view.element);
    const running = this.begin();
    this.emit("question", { question });
    try {
      view.status(`${this.config.strings.searching} …`);
      const history = this.store.history();
      const answer = await this.client.ask(question, history, this.config.filters, running.signal, (name, data) => {
        if (name === "sentence") view.sentence(data);
        else if (name === "citation") view.citation(data);
        else if (data.queue) view.status(this.config.strings.waiting.replace("{count}", data.queue));
        else view.status(`${this.config.strings.searching} …`);
        this.showAt(asked);
      });
      this.keep(view, { question, answer });
      this.emit("answer", { question, answer });
    } catch (error) {
      const why = this.reason(error, running.signal);
      const answer = view.soFar(why);
      const exchange = answer && { question, answer };
      const again = () => {
        if (exchange) this.store.drop(exchange);
        asked.remove();
        view.element.remove();
        void this.answer(question);
      };
      const retry = make("button", { type: "button", class: "plain retry", click: again }, this.config.strings.retry);
      if (exchange) {
        this.keep(view, exchange);
        view.element.append(retry);
      } else {
        view.element.replaceChildren(make("div", { class: "trouble" }, make("p", {}, why), retry));
        this.said.textContent = why;
      }
      if (!running.signal.aborted) this.emit("error", { reason: why });
    } finally {
      this.end();
      this.showAt(asked);
    }
  }

  private keep(view: AnswerView, exchange: Exchange): void {
    this.store.add(exchange);
    view.finish(exchange);
    const { text, sentences } = exchange.answer;
    const note = noteOf(exchange.answer, this.config.strings);
    const resolved = understood(exchange.question, exchange.answer.resolved_question, this.config.strings);
    this.said.textContent = [resolved, sentences.length || !note ? text : "", note].join(" ").trim();
  }

  private begin(): AbortController {
    this.said.textContent = "";
    this.running = new AbortController();
    this.log.setAttribute("aria-busy", "true");
    this.button.replaceChildren(icon("stop"));
    this.button.setAttribute("aria-label", this.config.strings.stop);
    return this.running;
  }

  private end(): void {
    this.running = undefined;
    this.log.setAttribute("aria-busy", "false");
    this.button.replaceChildren(icon("send"));
    this.button.setAttribute("aria-label", this.config.strings.send);
  }

  // As far down as there is something, but never past the question: an answer is read from its start.
  private showAt(asked: HTMLElement): void {
    this.log.scrollTop += asked.getBoundingClientRect().top - this.log.getBoundingClientRect().top - 8;
  }

  private reason(error: unknown, signal: AbortSignal): string {
    const { strings } = this.config;
    if (signal.aborted) return strings.stopped;
    if (!navigator.onLine) return strings.offline;
    if (error instanceof Refused) return strings.unavailable;
    if (error instanceof Failed && error.status === 429) return strings.limited.replace("{seconds}", `${error.wait}`);
    return error instanceof Failed && error.status === 422 && error.message ? error.message : strings.failed;
  }

  private doing(): Doing {
    return {
      client: this.client,
      strings: this.config.strings,
      opened: (citation: Citation) => this.emit("citation-click", { citation }),
      rated: async (exchange, rating, comment) => {
        this.store.save();
        const { question, answer } = exchange;
        const newsletters = [...new Set(answer.citations.map((c) => c.newsletter_id))];
        const quotes = answer.citations.map((c) => c.quote);
        await this.client.feedback({ question, rating, comment, status: answer.status, quotes, newsletters });
      },
    };
  }

  // An error event must not reach the window, where pages take it for a fault of a script.
  private emit(name: string, detail: object = {}): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: name !== "error", composed: true }));
  }
}
