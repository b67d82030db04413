// Talks to the server: a session for this page, questions answered as a stream, feedback.
import type { Filters, Look } from "./config";
import type { Store } from "./store";

export interface Citation {
  number: number;
  newsletter_id: string;
  title: string;
  issue: number | null;
  date: string | null;
  section: string;
  start: number;
  end: number;
  quote: string;
  publisher: string | null;
  highlight: [number, number] | null;
}

export interface Sentence {
  text: string;
  lead: string;
  citations: number[];
}

export interface Answer {
  text: string;
  resolved_question?: string;
  status: string;
  note: string;
  sentences: Sentence[];
  citations: Citation[];
  closest: Citation[];
}

export interface Turn {
  role: "user" | "assistant";
  content: string;
}

export interface Session {
  identity?: string;
  token: string;
  pass: string;
  expires: number;
  site: Look;
  most: number;
}

export class Refused extends Error {}

export class Failed extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly wait = 0,
  ) {
    super(message);
  }
}

export class Client {
  constructor(
    readonly base: string,
    readonly site: string,
    private readonly store: Store,
    private identity = "",
  ) {}

  async session(renew = false): Promise<Session> {
    const known = this.store.session();
    const { identity } = this;
    if (known && !renew && known.expires > Date.now() && (known.identity ?? "") === identity) return known;
    const address = `${this.base}/api/v1/sites/${encodeURIComponent(this.site)}/session`;
    let response: Response;
    try {
      response = await fetch(address, {
        method: "POST",
        credentials: "omit",
        ...(identity && { headers: { "Content-Type": "application/json" }, body: JSON.stringify({ identity }) }),
      });
    } catch {
      throw (await this.reachable()) ? new Refused() : new Failed(0, "");
    }
    if (response.status === 401 && identity) {
      console.error("newsletter-chat: the identity token is not good or over; the reader is asked for as a guest.");
      this.identity = "";
      return this.session(true);
    }
    if (response.status === 403 || response.status === 404) throw new Refused();
    if (!response.ok) throw await failure(response);
    const got = await response.json();
    const session = {
      identity,
      token: got.token,
      pass: got.reading_pass ?? "",
      expires: Date.now() + (got.expires_in - 60) * 1000,
      site: got.site,
      most: got.max_question_characters,
    };
    this.store.keepSession(session);
    return session;
  }

  async ask(
    question: string,
    history: Turn[],
    filters: Filters,
    signal: AbortSignal,
    onEvent: (name: string, data: any) => void,
  ): Promise<Answer> {
    const response = await this.post("/api/v1/ask/stream", { question, history, filters }, signal);
    if (!response.body) throw new Failed(response.status, "");
    let answer: Answer | undefined;
    for await (const [name, data] of events(response.body)) {
      if (name === "error") throw new Failed(data.status, data.detail);
      if (name === "done") answer = data;
      else onEvent(name, data);
    }
    if (!answer) throw new Failed(0, "");
    return answer;
  }

  async feedback(body: unknown): Promise<void> {
    await this.post("/api/v1/feedback", body);
  }

  // Where a citation stands in its issue. The reader's own pass is left out of what they may hand on.
  readerLink(citation: Citation, own = true): string {
    const { newsletter_id: id, start, end } = citation;
    const pass = own && this.store.session()?.pass;
    const query = `start=${start}&end=${end}${pass ? `&pass=${encodeURIComponent(pass)}` : ""}`;
    return `${this.base}/read/${encodeURIComponent(id)}?${query}#c-${start}-${end}`;
  }

  private async post(path: string, body: unknown, signal?: AbortSignal, renew = false): Promise<Response> {
    const { token } = await this.session(renew);
    const response = await fetch(this.base + path, {
      method: "POST",
      credentials: "omit",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}`, "X-Site": this.site },
      body: JSON.stringify(body),
      signal,
    });
    if (response.status === 401 && !renew) return this.post(path, body, signal, true);
    if (!response.ok) throw await failure(response);
    return response;
  }

  // The widget's file may be read by every page, so it tells a server that is away from one that refuses us.
  private async reachable(): Promise<boolean> {
    try {
      return (await fetch(`${this.base}/widget.js`, { method: "GET", credentials: "omit" })).ok;
    } catch {
      return false;
    }
  }
}

async function failure(response: Response): Promise<Failed> {
  const problem = await response.json().catch(() => ({}));
  return new Failed(response.status, problem.detail ?? "", Number(response.headers.get("retry-after")) || 0);
}

async function* events(body: ReadableStream<Uint8Array>): AsyncGenerator<[string, any]> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      text += decoder.decode(value, { stream: true });
      const blocks = text.split("\n\n");
      text = blocks.pop() ?? "";
      for (const block of blocks) {
        const found = /^event: (.*)\ndata: (.*)$/.exec(block);
        if (found) yield [found[1], JSON.parse(found[2])];
      }
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}
