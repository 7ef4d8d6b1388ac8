/** For tests that compare what is pushed here and by redis-server while random commands run. */
import { ReplyParser } from "@sider/resp-protocol";

/** The pushes of RESP3 among the replies of a text, as words; a word that is an array as its words joined by commas. */
export function pushesIn(text: string): string[][] {
  const pushes: string[][] = [];
  const parser = new ReplyParser({
    onReply: () => undefined,
    onPush: (words) => pushes.push(words.map(String)),
  });
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
  parser.feed(bytes, 0, bytes.length);
  return pushes;
}

/** What these take is a matter of chance, or of an order that Redis draws: the keys would not be the same afterwards. */
const BY_CHANCE = ["spop", "zremrangebylex"];

/** Whether a command depends on chance, may wait, or lets a key expire soon, which happens when it happens. */
export function isUntimely(words: readonly string[]): boolean {
  if (BY_CHANCE.includes(words[0]) || words.includes("block") || /^b(l|r|z)/.test(words[0])) return true;
  if (/^p?(set|expire)ex$|^p?expire$/.test(words[0]) && words.some((word) => isShort(word))) return true;
  const at = words.indexOf("px");
  return at >= 0 && isShort(words[at + 1]);
}

function isShort(word: string): boolean {
  return /^[0-9]+$/.test(word) && Number(word) < 20_000;
}
