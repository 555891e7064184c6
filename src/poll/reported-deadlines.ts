/** Maximum number of ids. The oldest is removed first; the next change of its row reports the deadline again. */
const maxEntries = 200_000;

/** The reported deadlines, by the ids of their items: a later change of the row does not report them again. */
export class ReportedDeadlines {
  readonly #ids: Set<string>;
  #changed = false;

  constructor(ids: readonly string[] = []) {
    this.#ids = new Set(ids);
  }

  /** Whether an id was added. */
  get changed(): boolean {
    return this.#changed;
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  add(id: string): void {
    this.#ids.add(id);
    this.#changed = true;
    if (this.#ids.size > maxEntries) this.#ids.delete(this.#ids.values().next().value!);
  }

  ids(): string[] {
    return [...this.#ids];
  }
}
