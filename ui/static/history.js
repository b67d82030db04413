// The open issue stands in the page's address: Back closes it, and the address, copied or reloaded, opens it again.
const NAME = "read";
const PLACE = /^\/read\/([^/?#]{1,300})\?start=(\d{1,9})&end=(\d{1,9})/;

const withPlace = (place) => {
  const query = new URLSearchParams(location.search);
  query.delete(NAME);
  if (place) query.set(NAME, place);
  const text = query.toString();
  return text ? `?${text}` : location.pathname;
};
const placeOf = (href) => {
  const found = PLACE.exec(href);
  return found ? `${decodeURIComponent(found[1])}@${found[2]}-${found[3]}` : decodeURIComponent(/^\/read\/([^/?#]+)/.exec(href)?.[1] ?? "");
};
// The address of the reader for what the page's own address says is open; undefined where nothing is.
export const hrefInAddress = () => {
  const place = new URLSearchParams(location.search).get(NAME);
  if (!place) return undefined;
  const [, id, start, end] = /^(.{1,300}?)(?:@(\d{1,9})-(\d{1,9}))?$/.exec(place) ?? [];
  if (!id) return undefined;
  return `/read/${encodeURIComponent(id)}${start ? `?start=${start}&end=${end}#c-${start}-${end}` : ""}`;
};
export const keepOpened = (href) => {
  const address = withPlace(placeOf(href));
  if (hrefInAddress()) history.replaceState(history.state, "", address);
  else history.pushState({ opened: true }, "", address);
};
export const goBack = () => {
  if (!hrefInAddress()) return;
  if (history.state?.opened) history.back();
  else forgetOpened(); // the page came with it open: nothing of ours lies behind it
};
export const forgetOpened = () => {
  if (hrefInAddress()) history.replaceState(null, "", withPlace(""));
};
// What the filters put into the address leaves what else stands there alone.
export const naming = (query) => {
  const kept = [...new URLSearchParams(location.search)].filter(([name]) => name.startsWith("__") || name === NAME);
  const text = new URLSearchParams([...kept, ...new URLSearchParams(query)]).toString();
  history.replaceState(history.state, "", text ? `?${text}` : location.pathname);
};
