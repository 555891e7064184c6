/** Runs tasks with a limit on how many run at the same time. */
export class WorkerPool {
  readonly #maxConcurrent: number;
  readonly #running = new Set<Promise<void>>();
  #capacityWaiters: (() => void)[] = [];

  constructor(maxConcurrent: number) {
    this.#maxConcurrent = maxConcurrent;
  }

  /** How many more tasks can start. */
  get available(): number {
    return this.#maxConcurrent - this.#running.size;
  }

  /** Starts a task, which must not reject. */
  start(work: () => Promise<void>): void {
    const task = work().finally(() => {
      this.#running.delete(task);
      for (const notify of this.#capacityWaiters.splice(0)) notify();
    });
    this.#running.add(task);
  }

  /** Resolves when a quarter of the capacity is available, so that tasks are claimed in batches. */
  async waitForCapacity(): Promise<void> {
    while (this.available * 4 < this.#maxConcurrent)
      await new Promise<void>((resolve) => this.#capacityWaiters.push(resolve));
  }

  /** Resolves when all tasks have ended. */
  async waitForIdle(): Promise<void> {
    await Promise.all(this.#running);
  }
}
