import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import { type AddressInfo } from "node:net";
import { test } from "node:test";
import { Client, Failed } from "../src/client";
import { type Config, configOf, declarations, inkOn, modeOf, safeUrl } from "../src/config";
import { Store } from "../src/store";
import { noteOf, stringsFor, understood } from "../src/strings";

const page = globalThis as any;
page.document = { documentElement: { lang: "" } };
const kept = new Map<string, string>();
page.sessionStorage = { getItem: (name: string) => kept.get(name) ?? null, setItem: (name: string, value: string) => kept.set(name, value) };

const answer = { text: "It rained.", status: "answered", note: "", sentences: [], citations: [], closest: [] };

test("the site's record wins over the page's attributes, and these over the defaults", () => {
  const config = configOf({ title: "Page", greeting: "Hello" }, { title: "Site" });
  assert.equal(config.title, "Site");
  assert.equal(config.greeting, "Hello");
  assert.equal(config.placeholder, "Your question");
});

test("a colour that is none and an address that runs script are passed over", () => {
  assert.deepEqual(configOf({ accent: "red;}*{display:none" }, {}).colours, {});
  assert.deepEqual(configOf({}, { colours: { "a:b": "#fff", paper: "url(x)" } }).colours, {});
  assert.equal(safeUrl("javascript:alert(1)"), "");
  assert.equal(safeUrl("https://a.org/privacy"), "https://a.org/privacy");
});

test("the record's colours win, and an accent gets the ink that reads on it", () => {
  const config = configOf({ accent: "#ffffff" }, { accent: "#0f5132", colours: { paper: "#fafafa" }, dark_colours: { accent: "#fff" } });
  assert.deepEqual(config.colours, { "on-accent": "#fff", accent: "#0f5132", paper: "#fafafa" });
  assert.equal(declarations(config.darkColours), "--nc-on-accent:#000;--nc-accent:#fff;");
});

test("size, stacking and being open come from the record, then the page, then the default", () => {
  const chosen = ({ size, zIndex, open }: Config) => [size, zIndex, open];
  assert.deepEqual(chosen(configOf({}, {})), ["medium", 2147483000, false]);
  assert.deepEqual(chosen(configOf({ size: "small", zIndex: "7", open: "" }, {})), ["small", 7, true]);
  assert.deepEqual(chosen(configOf({ size: "huge", zIndex: "7", open: "" }, { size: "large", z_index: 9, open: false })), ["large", 9, false]);
});

test("a page narrows what is asked, and a date that is none is passed over with a message", () => {
  const said: string[] = [];
  const error = console.error;
  console.error = (text: string) => said.push(text);
  const data = { collection: "annual", publisher: "A | B, Ltd", from: "2019-04", to: "yesterday" };
  assert.deepEqual(configOf(data, {}).filters, { collection: "annual", publishers: ["A", "B, Ltd"], since: "2019-04" });
  assert.deepEqual(configOf({}, {}).filters, {});
  console.error = error;
  assert.match(said.join(), /data-to="yesterday"/);
});

test("text on a colour is black or white, whichever reads better", () => {
  assert.equal(inkOn("#ffffff"), "#000");
  assert.equal(inkOn("#0f5132"), "#fff");
  assert.equal(inkOn("#000"), "#fff");
});

test("any other mode is floating", () => {
  assert.deepEqual([modeOf({ mode: "inline" }), modeOf({ mode: "page" }), modeOf({ mode: "x" }), modeOf({})], ["inline", "page", "floating", "floating"]);
});

test("every text can be replaced by the page, and both languages have all of them", () => {
  assert.equal(stringsFor("fr", { send: "Envoyer" }).send, "Envoyer");
  assert.deepEqual(Object.keys(stringsFor("zh-CN", {})), Object.keys(stringsFor("en", {})));
  const record = { language: "fr", strings: { send: "Envoyer", open: 3 as any } };
  const { strings, language } = configOf({ strings: '{"send": "Go", "stop": "Halte", "x": {}}' }, record);
  assert.deepEqual([strings.send, strings.stop, strings.open, language], ["Envoyer", "Halte", "Open the newsletter chat", "fr"]);
});

test("what the server notes in English is said in the reader's language", () => {
  const zh = stringsFor("zh", {});
  assert.equal(noteOf({ status: "not_found", note: "The newsletters don't say." }, zh), zh.missing);
  assert.equal(noteOf({ status: "answered", note: "This may not answer your question." }, zh), zh.doubtful);
  assert.equal(noteOf({ status: "answered", note: "Stopped." }, zh), "Stopped.");
  assert.equal(noteOf({ status: "unclear", note: "Ask me what the newsletters say about something." }, zh), zh.nothingAsked);
  assert.equal(noteOf({ status: "unclear", note: "I answer with these newsletters' own sentences and their source: ask me what they say about something, or which issues there are." }, zh), zh.aboutAssistant);
  const open = "This may not answer your question. The newsletters don't say: Why?";
  assert.equal(noteOf({ status: "answered", note: open }, zh), `${zh.doubtful} 通讯中没有提到：Why?`);
});

test("a follow-up says how it was understood, a question taken as typed says nothing", () => {
  const en = stringsFor("en", {});
  const roof = "And when? (Who repaired the roof?)";
  assert.equal(understood("And when?", roof, en), `Understood as: ${roof}`);
  assert.equal(understood("Who  repaired the roof?", "Who repaired the roof?", en), "");
  assert.equal(understood("Who?", undefined, en), "");
});

test("strings that are not JSON are passed over with a message to the owner", () => {
  const said: string[] = [];
  const error = console.error;
  console.error = (text: string) => said.push(text);
  assert.equal(configOf({ strings: "{" }, {}).strings.send, "Send");
  console.error = error;
  assert.equal(said.length, 1);
});

test("a conversation is kept for the tab, at most thirty exchanges, and dropped on request", () => {
  const store = new Store("https://a.org", "s");
  for (let i = 0; i < 40; i++) store.add({ question: `${i}`, answer });
  const again = new Store("https://a.org", "s");
  assert.equal(again.exchanges().length, 30);
  assert.equal(again.history().length, 12);
  again.clear();
  assert.equal(new Store("https://a.org", "s").exchanges().length, 0);
});

test("an answer that was cut off can be asked again in place of itself", () => {
  const store = new Store("https://c.org", "s");
  const cut = { question: "1", answer };
  store.add({ question: "0", answer });
  store.add(cut);
  store.drop(cut);
  assert.deepEqual(store.exchanges().map(({ question }) => question), ["0"]);
  assert.equal(store.wasOpen(), undefined);
});

test("damaged storage is an empty conversation", () => {
  kept.set("newsletter-chat https://b.org s", "{");
  assert.equal(new Store("https://b.org", "s").exchanges().length, 0);
});

test("a stream in any pieces gives its events, and a lost session is renewed once", async () => {
  const seen: string[] = [];
  let sessions = 0;
  const server = createServer((request, response) => {
    if (request.url!.endsWith("/session")) {
      response.setHeader("Content-Type", "application/json");
      response.end(JSON.stringify({ token: `t${++sessions}`, expires_in: 3600, site: {}, max_question_characters: 100 }));
    } else if (request.headers.authorization !== "Bearer t2") {
      response.statusCode = 401;
      response.end("{}");
    } else {
      const text = `: waiting\n\nevent: sentence\ndata: {"text":"Ä rained."}\n\nevent: done\ndata: ${JSON.stringify(answer)}\n\n`;
      const bytes = Buffer.from(text);
      for (let at = 0; at < bytes.length; at += 7) response.write(bytes.subarray(at, at + 7));
      response.end();
    }
  });
  const address = await listening(server);
  const client = new Client(address, "s", new Store(address, "s"));
  const got = await client.ask("?", [], {}, new AbortController().signal, (name, data) => seen.push(`${name} ${data.text}`));
  server.close();
  assert.deepEqual(seen, ["sentence Ä rained."]);
  assert.equal(got.text, "It rained.");
});

test("a limit tells how long to wait, and an error event is an error", async () => {
  const server = createServer((request, response) => {
    if (request.url!.endsWith("/session")) response.end(JSON.stringify({ token: "t", expires_in: 3600, site: {}, max_question_characters: 1 }));
    else if (request.url!.endsWith("/stream")) response.end('event: error\ndata: {"status":503,"detail":"busy"}\n\n');
    else response.writeHead(429, { "Retry-After": "9" }).end('{"detail":"slow"}');
  });
  const address = await listening(server);
  const client = new Client(address, "s", new Store(address, "s"));
  const failed = async (doing: Promise<unknown>) => doing.then(() => assert.fail(), (error: Failed) => [error.status, error.message, error.wait]);
  assert.deepEqual(await failed(client.feedback({})), [429, "slow", 9]);
  assert.deepEqual(await failed(client.ask("?", [], {}, new AbortController().signal, () => undefined)), [503, "busy", 0]);
  server.close();
});

test("a citation's link names its span, with the id escaped", () => {
  const client = new Client("https://a.org", "s", new Store("https://a.org", "s"));
  const citation = { newsletter_id: "a/b?", start: 3, end: 9 } as any;
  assert.equal(client.readerLink(citation), "https://a.org/read/a%2Fb%3F?start=3&end=9#c-3-9");
});

test("a reader's own links carry the pass that opens their issues, and what they copy does not", () => {
  const store = new Store("https://p.org", "s");
  store.keepSession({ token: "t", pass: "s~p", expires: 0, site: {}, most: 1 });
  const client = new Client("https://p.org", "s", store);
  const citation = { newsletter_id: "a", start: 3, end: 9 } as any;
  assert.equal(client.readerLink(citation), "https://p.org/read/a?start=3&end=9&pass=s~p#c-3-9");
  assert.equal(client.readerLink(citation, false), "https://p.org/read/a?start=3&end=9#c-3-9");
});

async function listening(server: Server): Promise<string> {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
