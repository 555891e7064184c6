import { firstPlaces } from './share-deliveries.ts';

/** Running deliveries, counted by target. */
export class DeliveryPool {
  readonly #inFlight = new Map<string, number>();
  readonly #proved = new Map<string, number>();
  readonly #ended = new Map<string, number>();
  readonly #running = new Set<Promise<void>>();
  readonly #maxPerTarget: number;
  #hasPlaces = false;
  #notify = () => {};

  constructor(maxPerTarget: number) {
    this.#maxPerTarget = maxPerTarget;
  }

  /** How many concurrent deliveries each target has proved to take: one more with each success, half after a failure. */
  get proved(): ReadonlyMap<string, number> {
    return this.#proved;
  }

  /** The number of running deliveries by target. */
  get inFlight(): ReadonlyMap<string, number> {
    return this.#inFlight;
  }

  /** Starts a delivery, which must not reject. It resolves to whether the target took the event. */
  start(target: string, work: () => Promise<boolean>): void {
    this.#inFlight.set(target, (this.#inFlight.get(target) ?? 0) + 1);
    const task = work().then((isTaken) => {
      this.#running.delete(task);
      this.#end(target);
      this.#adjust(target, isTaken);
    });
    this.#running.add(task);
  }

  /** Starts to count the deliveries that end, for `waitForPlaces`. */
  countEnds(): void {
    this.#ended.clear();
    this.#hasPlaces = false;
  }

  /**
   * Resolves when half of the deliveries of any target have ended since `countEnds`, so that its next events are claimed
   * together and other targets that hang do not delay them. Only one caller can wait.
   */
  async waitForPlaces(): Promise<void> {
    if (this.#hasPlaces) return;
    await new Promise<void>((resolve) => {
      this.#notify = resolve;
    });
  }

  /** Resolves when all deliveries have ended. */
  async waitForIdle(): Promise<void> {
    await Promise.all(this.#running);
  }

  #end(target: string): void {
    const left = (this.#inFlight.get(target) ?? 0) - 1;
    const ended = (this.#ended.get(target) ?? 0) + 1;
    if (left > 0) this.#inFlight.set(target, left);
    else this.#inFlight.delete(target);
    this.#ended.set(target, ended);
    if (ended < left) return;
    this.#hasPlaces = true;
    this.#notify();
  }

  #adjust(target: string, isTaken: boolean): void {
    const places = this.#proved.get(target) ?? firstPlaces;
    const next = isTaken ? Math.min(places + 1, this.#maxPerTarget) : Math.max(Math.floor(places / 2), 1);
    this.#proved.set(target, next);
  }
}
