/**
 * Keys as the editor knows them: a name with what is held down (`ctrl-a`, `meta-b`, `shift-tab`, `up`), or text. Node's own decoder
 * knows the sequences of the terminals, and what is pasted between marks.
 */
import { emitKeypressEvents, type Interface, type Key } from "node:readline";
import type { ReadStream } from "node:tty";

export interface KeyPress {
  /** "text" for all that is put into the line. */
  readonly name: string;
  readonly text: string;
}

/** So long after an Esc it is a key by itself, and not the beginning of a sequence. */
const ESCAPE_TIMEOUT_MS = 50;

const CONTROL = /[\0-\x1f\x7f]/;

/** Calls the listener for each key; returns what ends that. */
export function listenForKeys(input: ReadStream, listener: (key: KeyPress) => void): () => void {
  // Of the interface only this setting is read.
  emitKeypressEvents(input, { escapeCodeTimeout: ESCAPE_TIMEOUT_MS } as unknown as Interface);
  const onKey = (text: string | undefined, key: Key): void => listener(keyPressOf(text, key));
  input.on("keypress", onKey);
  return () => input.off("keypress", onKey);
}

function keyPressOf(text: string | undefined, { name, ctrl, meta, shift }: Key): KeyPress {
  if (text !== undefined && ctrl !== true && meta !== true && !CONTROL.test(text)) return { name: "text", text };
  if (name === "escape") return { name, text: "" };
  const isShifted = shift === true && name === "tab";
  const held = (ctrl === true ? "ctrl-" : "") + (meta === true ? "meta-" : "") + (isShifted ? "shift-" : "");
  return { name: held + (name ?? ""), text: text ?? "" };
}
