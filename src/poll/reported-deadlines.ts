/** Events remembered; the one told longest ago is forgotten first, and its row's next change tells it again. */
const maxEntries = 200_000;

/** The deadlines that were told, by the ids of their items: a later change of the row is not a new deadline. */
export class ReportedDeadlines {
  readonly #ids: Set<string>;
  #changed = false;

  constructor(ids: readonly string[] = []) {
    this.#ids = new Set(ids);
  }

  /** Something was told since it was made. */
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
