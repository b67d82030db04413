// The conversation and the session, kept for this tab only (sessionStorage) and dropped on request.
import type { Answer, Session, Turn } from "./client";

export interface Exchange {
  question: string;
  answer: Answer;
  rating?: "up" | "down";
}

interface Kept {
  exchanges: Exchange[];
  open?: boolean;
  session?: Session;
}

const MOST = 30;

export class Store {
  private readonly name: string;
  private kept: Kept = { exchanges: [] };

  constructor(base: string, site: string) {
    this.name = `newsletter-chat ${base} ${site}`;
    try {
      const found = JSON.parse(sessionStorage.getItem(this.name) ?? "null");
      if (found && Array.isArray(found.exchanges)) this.kept = found;
    } catch {
      // Storage is refused or damaged: the conversation lasts as long as the page.
    }
  }

  exchanges(): readonly Exchange[] {
    return this.kept.exchanges;
  }

  history(): Turn[] {
    return this.kept.exchanges.slice(-6).flatMap(({ question, answer }) => [
      { role: "user" as const, content: question },
      { role: "assistant" as const, content: answer.text },
    ]);
  }

  add(exchange: Exchange): void {
    this.change({ exchanges: [...this.kept.exchanges, exchange].slice(-MOST) });
  }

  drop(exchange: Exchange): void {
    this.change({ exchanges: this.kept.exchanges.filter((kept) => kept !== exchange) });
  }

  save(): void {
    this.change({});
  }

  clear(): void {
    this.change({ exchanges: [] });
  }

  // Whether the reader left it open or closed; undefined before they did either.
  wasOpen(): boolean | undefined {
    return this.kept.open;
  }

  keepOpen(open: boolean): void {
    this.change({ open });
  }

  session(): Session | undefined {
    return this.kept.session;
  }

  keepSession(session: Session): void {
    this.change({ session });
  }

  private change(part: Partial<Kept>): void {
    this.kept = { ...this.kept, ...part };
    try {
      sessionStorage.setItem(this.name, JSON.stringify(this.kept));
    } catch {
      // As above.
    }
  }
}
