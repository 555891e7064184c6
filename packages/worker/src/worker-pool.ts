/** Work under way, so much at a time at most. */
export class WorkerPool {
  readonly #maxConcurrent: number;
  readonly #running = new Set<Promise<void>>();
  #capacityWaiters: (() => void)[] = [];

  constructor(maxConcurrent: number) {
    this.#maxConcurrent = maxConcurrent;
  }

  /** How much more can be started. */
  get available(): number {
    return this.#maxConcurrent - this.#running.size;
  }

  /** Starts work, which must not reject. */
  start(work: () => Promise<void>): void {
    const task = work().finally(() => {
      this.#running.delete(task);
      for (const notify of this.#capacityWaiters.splice(0)) notify();
    });
    this.#running.add(task);
  }

  /** Resolves when a quarter of the places is free: work is fetched by the handful, not one by one. */
  async waitForCapacity(): Promise<void> {
    while (this.available * 4 < this.#maxConcurrent)
      await new Promise<void>((resolve) => this.#capacityWaiters.push(resolve));
  }

  /** Resolves when all work is done. */
  async waitForIdle(): Promise<void> {
    await Promise.all(this.#running);
  }
}
