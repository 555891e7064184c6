/** Work under way, so much at a time at most. */
export class Crew {
  readonly #most: number;
  readonly #busy = new Set<Promise<void>>();
  #onFree: (() => void)[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  /** How much more can be started. */
  get free(): number {
    return this.#most - this.#busy.size;
  }

  /** Starts work, which must not reject. */
  start(work: () => Promise<void>): void {
    const task = work().finally(() => {
      this.#busy.delete(task);
      for (const tell of this.#onFree.splice(0)) tell();
    });
    this.#busy.add(task);
  }

  /** Resolves when a quarter of the places is free: work is fetched by the handful, not one by one. */
  async room(): Promise<void> {
    while (this.free * 4 < this.#most) await new Promise<void>((resolve) => this.#onFree.push(resolve));
  }

  /** Resolves when all work is done. */
  async idle(): Promise<void> {
    await Promise.all(this.#busy);
  }
}
