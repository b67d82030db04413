// What the widget says, in the languages it speaks; a page may override any of it with data-strings (JSON).
export interface Strings {
  title: string;
  greeting: string;
  placeholder: string;
  open: string;
  close: string;
  send: string;
  stop: string;
  retry: string;
  copy: string;
  copied: string;
  fresh: string;
  you: string;
  source: string;
  closest: string;
  read: string;
  newTab: string;
  good: string;
  bad: string;
  comment: string;
  sendComment: string;
  thanks: string;
  searching: string;
  waiting: string;
  missing: string;
  notSaid: string;
  nothingAsked: string;
  aboutAssistant: string;
  unclear: string;
  doubtful: string;
  understood: string;
  stopped: string;
  offline: string;
  failed: string;
  limited: string;
  unavailable: string;
  left: string;
  privacy: string;
}

const en: Strings = {
  title: "Ask the newsletter",
  greeting: "Ask a question and get the newsletter's own words, with their source.",
  placeholder: "Your question",
  open: "Open the newsletter chat",
  close: "Close",
  send: "Send",
  stop: "Stop",
  retry: "Try again",
  copy: "Copy answer",
  copied: "Copied",
  fresh: "New conversation",
  you: "You asked",
  source: "Source",
  closest: "Closest passages, which may not answer the question",
  read: "Read in the issue",
  newTab: "opens in a new tab",
  good: "Good answer",
  bad: "Bad answer",
  comment: "What was right or wrong? (optional)",
  sendComment: "Send comment",
  thanks: "Thank you.",
  searching: "Searching",
  waiting: "Questions before yours: {count}",
  missing: "The newsletters don't say.",
  notSaid: "The newsletters don't say: ",
  nothingAsked: "Ask me what the newsletters say about something.",
  aboutAssistant:
    "I answer with these newsletters' own sentences and their source: ask me what they say about something, or which issues there are.",
  unclear: "Your question points back to something that was not said: please name it.",
  understood: "Understood as: {question}",
  doubtful: "This may not answer your question.",
  stopped: "Stopped.",
  offline: "You are offline. Check the connection and try again.",
  failed: "The answer could not be fetched. Try again.",
  limited: "Too many questions just now. Try again in {seconds} s.",
  unavailable: "The newsletter chat is not available on this page.",
  left: "{count} characters left",
  privacy: "Privacy",
};

const zh: Strings = {
  title: "向通讯提问",
  greeting: "提出问题，即可得到通讯原文及其出处。",
  placeholder: "您的问题",
  open: "打开通讯问答",
  close: "关闭",
  send: "发送",
  stop: "停止",
  retry: "重试",
  copy: "复制回答",
  copied: "已复制",
  fresh: "新对话",
  you: "您的提问",
  source: "出处",
  closest: "最接近的段落，未必能回答该问题",
  read: "在原文中阅读",
  newTab: "在新标签页中打开",
  good: "回答得好",
  bad: "回答不好",
  comment: "哪里对或不对？（可不填）",
  sendComment: "提交意见",
  thanks: "谢谢。",
  searching: "正在查找",
  waiting: "前面还有 {count} 个问题",
  missing: "通讯中没有提到。",
  notSaid: "通讯中没有提到：",
  nothingAsked: "请问我通讯对某件事是怎么说的。",
  aboutAssistant: "我用这些通讯的原文作答，并注明出处：请问我通讯对某件事是怎么说的，或者有哪些期。",
  unclear: "您的问题所指的内容前文没有提到，请具体说明。",
  understood: "理解为：{question}",
  doubtful: "这可能没有回答您的问题。",
  stopped: "已停止。",
  offline: "当前处于离线状态，请检查网络后重试。",
  failed: "无法取得回答，请重试。",
  limited: "提问过于频繁，请在 {seconds} 秒后重试。",
  unavailable: "此页面无法使用通讯问答。",
  left: "还可输入 {count} 个字符",
  privacy: "隐私",
};

// The server's note on an answer, in the reader's language where it is one of those it says in English.
export function noteOf({ status, note }: { status: string; note: string }, strings: Strings): string {
  if (status === "not_found") return strings.missing;
  if (status === "unclear" && note === en.aboutAssistant) return strings.aboutAssistant;
  if (status === "unclear") return note === en.nothingAsked ? strings.nothingAsked : strings.unclear;
  const [doubt = "", ...parts] = note.split(en.notSaid);
  const said = doubt.trim() === en.doubtful ? strings.doubtful : doubt.trim();
  return [said, parts.length ? strings.notSaid + parts.join(en.notSaid) : ""].join(" ").trim();
}

// How a follow-up was understood; "" where it was taken as it was typed.
export function understood(typed: string, resolved: string | undefined, strings: Strings): string {
  const plain = (text: string) => text.replace(/\s+/g, " ").trim();
  if (!resolved || plain(resolved) === plain(typed)) return "";
  return strings.understood.replace("{question}", () => resolved);
}

export function stringsFor(language: string, own: Partial<Strings>): Strings {
  return { ...(language.toLowerCase().startsWith("zh") ? zh : en), ...own };
}
