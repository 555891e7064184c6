interface Deadline {
  readonly time: number;
  readonly onTime: () => void;
  before: Deadline | undefined;
  after: Deadline | undefined;
  isOver: boolean;
}

/** Node.js runs a timer at once if its delay is longer than this. */
export const maxTimerMs = 2 ** 31 - 1;

/**
 * Deadlines that share one timer, which is set again only when it fires or when an earlier deadline is added. Almost every
 * attempt ends long before its deadline, so a deadline costs two links of a list. The timer keeps the process alive only
 * while there are deadlines.
 */
export class Deadlines {
  readonly #now: () => number;
  #first: Deadline | undefined;
  #last: Deadline | undefined;
  #timer: { readonly handle: NodeJS.Timeout; readonly time: number } | undefined;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Calls `onTime` at a time in milliseconds since the epoch, unless the returned function is called before. */
  set(time: number, onTime: () => void): () => void {
    const deadline: Deadline = { time, onTime, before: undefined, after: undefined, isOver: false };
    const wasEmpty = this.#first === undefined;
    this.#add(deadline);
    if (this.#timer === undefined || time < this.#timer.time) this.#setTimer(this.#first?.time ?? time);
    else if (wasEmpty) this.#timer.handle.ref();
    return () => {
      if (deadline.isOver) return;
      this.#remove(deadline);
      if (this.#first === undefined) this.#timer?.handle.unref();
    };
  }

  #add(deadline: Deadline): void {
    // The deadlines of one connection come in order, so the place is found at once.
    let before = this.#last;
    while (before !== undefined && before.time > deadline.time) before = before.before;
    const after = before === undefined ? this.#first : before.after;
    deadline.before = before;
    deadline.after = after;
    if (before === undefined) this.#first = deadline;
    else before.after = deadline;
    if (after === undefined) this.#last = deadline;
    else after.before = deadline;
  }

  #remove(deadline: Deadline): void {
    const { before, after } = deadline;
    deadline.isOver = true;
    if (before === undefined) this.#first = after;
    else before.after = after;
    if (after === undefined) this.#last = before;
    else after.before = before;
    // A removed deadline that is old already would keep the one after it alive, and that one the next.
    deadline.before = undefined;
    deadline.after = undefined;
  }

  #setTimer(time: number): void {
    clearTimeout(this.#timer?.handle);
    const ms = Math.min(Math.max(time - this.#now(), 1), maxTimerMs);
    this.#timer = { handle: setTimeout(() => this.#fire(), ms), time };
  }

  #fire(): void {
    this.#timer = undefined;
    const time = this.#now();
    for (let due = this.#first; due !== undefined && due.time <= time; due = this.#first) {
      this.#remove(due);
      due.onTime();
    }
    // `onTime` may have set another deadline, and its timer.
    if (this.#first !== undefined && this.#timer === undefined) this.#setTimer(this.#first.time);
  }
}
