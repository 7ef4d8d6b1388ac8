/**
 * Reads lines: keys in, one line out, with everything on the screen between the two. It knows nothing of commands: what is said about
 * the line (colours, a hint, candidates) comes from its hooks.
 *
 * Keys that are pressed while no line is read wait for the next one, but for Ctrl-C, which is told at once. A key belongs to the
 * menu or to the search while one is open; what they do not know closes them and goes on to the line.
 */
import type { Display, Span, View } from "./display.ts";
import { HistoryWalk } from "./history-walk.ts";
import type { KeyPress } from "./keys.ts";
import { LineBuffer } from "./line-buffer.ts";
import { commonBeginning, Menu, type Candidate, type Completion, type MenuStyles } from "./menu.ts";
import { ReverseSearch } from "./reverse-search.ts";

/** How reading a line ended. */
export type Reading =
  | { readonly kind: "line"; readonly text: string }
  /** Ctrl-C on an empty line, Ctrl-D on one. */
  | { readonly kind: "interrupt" | "end" };

export interface EditorStyles extends MenuStyles {
  readonly hint: string;
  readonly match: string;
}

export interface EditorHooks {
  readonly styles: EditorStyles;
  prompt(): readonly Span[];
  /** The line in its colours: spans whose text together is the line. */
  paint(line: string): readonly Span[];
  /** What is shown behind the line when the cursor is at its end. */
  hint(line: string): string;
  complete(line: string, cursor: number): Completion | Promise<Completion>;
  /** Ctrl-C while no line is read. */
  interrupt(): void;
  /** Ctrl-Z. */
  suspend(): void;
}

type Edit = (line: LineBuffer) => void;

const EDITS: Readonly<Record<string, Edit>> = {
  left: (line) => line.left(),
  "ctrl-b": (line) => line.left(),
  right: (line) => line.right(),
  "ctrl-f": (line) => line.right(),
  home: (line) => line.home(),
  "ctrl-a": (line) => line.home(),
  end: (line) => line.end(),
  "ctrl-e": (line) => line.end(),
  "meta-b": (line) => line.wordLeft(),
  "ctrl-left": (line) => line.wordLeft(),
  "meta-left": (line) => line.wordLeft(),
  "meta-f": (line) => line.wordRight(),
  "ctrl-right": (line) => line.wordRight(),
  "meta-right": (line) => line.wordRight(),
  backspace: (line) => line.deleteLeft(),
  "ctrl-h": (line) => line.deleteLeft(),
  delete: (line) => line.deleteRight(),
  "ctrl-k": (line) => line.killToEnd(),
  "ctrl-u": (line) => line.killToStart(),
  "ctrl-w": (line) => line.killArgumentLeft(),
  "meta-backspace": (line) => line.killWordLeft(),
  "ctrl-backspace": (line) => line.killWordLeft(),
  "meta-d": (line) => line.killWordRight(),
  "ctrl-y": (line) => line.yank(),
  "ctrl-t": (line) => line.transpose(),
};

export class Editor {
  private readonly display: Display;
  private readonly history: readonly string[];
  private readonly hooks: EditorHooks;
  private readonly line = new LineBuffer();
  private readonly waiting: KeyPress[] = [];
  private finishReading: ((reading: Reading) => void) | null = null;
  private walk: HistoryWalk | null = null;
  private search: ReverseSearch | null = null;
  private menu: { readonly menu: Menu; readonly before: string; readonly start: number; end: number } | null = null;
  /** The question for candidates that is not answered yet; after another key its answer is not wanted any more. */
  private question: Promise<Completion> | null = null;
  private isPasting = false;
  private pasted = "";
  private isDrawingDue = false;

  constructor(display: Display, history: readonly string[], hooks: EditorHooks) {
    this.display = display;
    this.history = history;
    this.hooks = hooks;
  }

  /** Reads a line. Not to be called again before it is there. */
  read(): Promise<Reading> {
    return new Promise((resolve) => {
      this.finishReading = resolve;
      this.line.set("");
      this.draw();
      this.pressWaiting();
    });
  }

  /** What a key does. What is pasted is text, whatever keys it would be. */
  press(key: KeyPress): void {
    if (key.name === "paste-start" || key.name === "paste-end") this.isPasting = key.name === "paste-start";
    else if (this.isPasting) return this.gather(key.text);
    this.takePasted();
    this.deliver(key);
  }

  private deliver(key: KeyPress): void {
    if (this.finishReading !== null) this.handle(key);
    else if (key.name !== "ctrl-c") this.waiting.push(key);
    else {
      this.waiting.length = 0;
      this.hooks.interrupt();
    }
  }

  /** SIGINT, which is not Ctrl-C here: gives up what is going on, but does not leave. */
  interrupted(): void {
    if (this.finishReading === null || this.line.text !== "") this.deliver({ name: "ctrl-c", text: "" });
  }

  /** Drops the keys that wait for the next line. */
  forgetWaiting(): void {
    this.waiting.length = 0;
  }

  /** Shows something above the prompt. */
  showAbove(show: () => void): void {
    if (this.finishReading === null) return show();
    this.display.erase();
    show();
    this.draw();
  }

  /** Draws anew what may have changed: the prompt, the size of the terminal. */
  refresh(): void {
    if (this.finishReading !== null) this.draw();
  }

  resized(): void {
    if (this.finishReading !== null) this.display.resized();
    this.refresh();
  }

  private pressWaiting(): void {
    while (this.finishReading !== null) {
      const key = this.waiting.shift();
      if (key === undefined) return;
      this.handle(key);
    }
  }

  private handle(key: KeyPress): void {
    if (key.name === "tab" && this.question !== null) return;
    this.question = null;
    if (!this.pressInMenu(key) && !this.pressInSearch(key)) this.pressInLine(key);
    this.scheduleDrawing();
  }

  /** Pasted text comes character by character; it is put into the line piece by piece. */
  private gather(text: string): void {
    if (this.pasted === "") queueMicrotask(() => this.takePasted());
    this.pasted += text;
  }

  /** A line end in what was pasted runs the line, as it does when it is typed. */
  private takePasted(): void {
    const lines = this.pasted.split(/\r\n|[\r\n]/);
    this.pasted = "";
    lines.forEach((text, index) => {
      if (index > 0) this.deliver({ name: "return", text: "" });
      if (text !== "") this.deliver({ name: "text", text });
    });
  }

  private pressInLine(key: KeyPress): void {
    const { line } = this;
    if (key.name === "up" || key.name === "ctrl-p") return this.walkHistory((walk) => walk.older());
    if (key.name === "down" || key.name === "ctrl-n") return this.walkHistory((walk) => walk.newer());
    this.walk = null;
    if (key.name === "text") return line.insert(key.text);
    const edit = EDITS[key.name];
    if (edit !== undefined) return edit(line);
    this.pressCommandKey(key.name);
  }

  private pressCommandKey(name: string): void {
    switch (name) {
      case "return":
      case "enter":
        return this.finish({ kind: "line", text: this.line.text });
      case "ctrl-c":
        return this.line.text === "" ? this.finish({ kind: "interrupt" }) : this.line.set("");
      case "ctrl-d":
        return this.line.text === "" ? this.finish({ kind: "end" }) : this.line.deleteRight();
      case "ctrl-l":
        return this.display.clearScreen();
      case "ctrl-r":
        this.search = new ReverseSearch(this.history);
        return;
      case "ctrl-z":
        this.display.erase();
        return this.hooks.suspend();
      case "tab":
        return this.complete();
    }
  }

  private walkHistory(step: (walk: HistoryWalk) => string | null): void {
    this.walk ??= new HistoryWalk(this.history, this.line.text);
    const text = step(this.walk);
    if (text !== null) this.line.set(text);
  }

  // The search.

  /** False when the key is not one of the search, which is over then. */
  private pressInSearch(key: KeyPress): boolean {
    const { search } = this;
    if (search === null) return false;
    if (key.name === "text") search.type(key.text);
    else if (key.name === "backspace" || key.name === "ctrl-h") search.erase();
    else if (key.name === "ctrl-r") search.older();
    else if (key.name === "ctrl-s") search.newer();
    else {
      this.leaveSearch(key.name !== "ctrl-g" && key.name !== "ctrl-c");
      if (key.name === "ctrl-c") this.line.set("");
      return ["escape", "ctrl-g", "ctrl-c"].includes(key.name);
    }
    return true;
  }

  private leaveSearch(isAccepted: boolean): void {
    const found = this.search?.found ?? null;
    if (isAccepted && found !== null) {
      this.line.set(found.line);
      this.line.cursor = Math.max(0, found.start);
    }
    this.search = null;
  }

  // The menu.

  private complete(): void {
    const { line, hooks } = this;
    const completion = hooks.complete(line.text, line.cursor);
    if (!(completion instanceof Promise)) return this.offer(completion);
    this.question = completion;
    void completion.then((late) => {
      if (this.question !== completion) return;
      this.question = null;
      this.offer(late);
      this.scheduleDrawing();
    });
  }

  private offer({ start, end, candidates }: Completion): void {
    const [only] = candidates;
    if (only === undefined) return;
    if (candidates.length === 1) return this.put(start, end, only);
    const before = this.line.text;
    const common = commonBeginning(candidates);
    const isLonger = common.length > end - start;
    if (isLonger) this.line.replace(start, end, common);
    this.menu = { menu: new Menu(candidates), before, start, end: isLonger ? start + common.length : end };
  }

  /** Puts a candidate into the line, with a blank behind it where the line goes on. */
  private put(start: number, end: number, candidate: Candidate): void {
    const isFollowed = this.line.text.charAt(end) === " ";
    this.line.replace(start, end, candidate.text + (candidate.isOpen === true || isFollowed ? "" : " "));
  }

  /** False when the key is not one of the menu, which is closed then. */
  private pressInMenu(key: KeyPress): boolean {
    if (this.menu === null) return false;
    const { menu, before } = this.menu;
    const isChosen = menu.chosen !== undefined;
    if (key.name === "tab" || (isChosen && key.name === "right")) return this.choose(() => menu.move(1));
    if (key.name === "shift-tab" || (isChosen && key.name === "left")) return this.choose(() => menu.move(-1));
    if (key.name === "down") return this.choose(() => menu.moveRow(1, this.display.columns));
    if (key.name === "up" && isChosen) return this.choose(() => menu.moveRow(-1, this.display.columns));
    const chosen = menu.chosen;
    const { start, end } = this.menu;
    this.menu = null;
    if (key.name === "escape" || key.name === "ctrl-g") {
      this.line.set(before);
      return true;
    }
    if (key.name !== "return" || chosen === undefined) return false;
    this.put(start, end, chosen);
    return true;
  }

  private choose(move: () => void): true {
    if (this.menu === null) return true;
    move();
    const text = this.menu.menu.chosen?.text ?? "";
    this.line.replace(this.menu.start, this.menu.end, text);
    this.menu.end = this.menu.start + text.length;
    return true;
  }

  // The screen.

  private finish(reading: Reading): void {
    const resolve = this.finishReading;
    this.finishReading = null;
    this.question = null;
    this.walk = null;
    this.display.finish(this.lineView());
    resolve?.(reading);
  }

  /** Once for all keys that came together. */
  private scheduleDrawing(): void {
    if (this.isDrawingDue) return;
    this.isDrawingDue = true;
    queueMicrotask(() => {
      this.isDrawingDue = false;
      this.refresh();
    });
  }

  private draw(): void {
    this.display.draw(this.search === null ? this.lineView() : this.searchView(this.search));
  }

  private lineView(): View {
    const { line, menu } = this;
    const { styles } = this.hooks;
    const prompt = this.hooks.prompt();
    const hint = line.isCursorAtEnd && menu === null ? this.hooks.hint(line.text) : "";
    return {
      spans: [...prompt, ...this.hooks.paint(line.text)],
      cursor: lengthOf(prompt) + line.cursor,
      hint: { text: hint, style: styles.hint },
      below: menu?.menu.rows(this.display.columns, styles) ?? [],
    };
  }

  private searchView(search: ReverseSearch): View {
    const { found, prompt, query } = search;
    const line = found?.line ?? this.line.text;
    const start = found === null ? line.length : Math.max(0, found.start);
    const end = found === null ? start : start + query.length;
    const spans = [
      { text: prompt, style: "" },
      { text: line.slice(0, start), style: "" },
      { text: line.slice(start, end), style: this.hooks.styles.match },
      { text: line.slice(end), style: "" },
    ];
    return { spans, cursor: prompt.length + start, hint: { text: "", style: "" }, below: [] };
  }
}

function lengthOf(spans: readonly Span[]): number {
  return spans.reduce((length, { text }) => length + text.length, 0);
}
