import type { Clock } from 'dynamics365-connector';

/** Work that waits in the organization's database. */
export interface JobQueue {
  /** Marks a job as started and returns its work; undefined when none is ready. The work does not reject. */
  readonly claim: () => (() => Promise<void>) | undefined;
  /** When the next job becomes ready, in milliseconds since the epoch; undefined when none waits. */
  readonly nextDueMs: () => number | undefined;
}

/** Executes the jobs of an organization after the requests that created them, as Dataverse's asynchronous service does. */
export interface JobRunner {
  /** Stops starting jobs: they stay ready, as when the asynchronous service is busy. */
  pause(): void;
  resume(): void;
  /** Resolves when no job is ready or in progress. Paused jobs and jobs that start later do not count. */
  idle(): Promise<void>;
  /** Looks for ready jobs. */
  notify(): void;
  /** Number of calls of `notify`. */
  readonly notified: number;
  /** Stops. Jobs in progress are not waited for. */
  close(): void;
}

const maxConcurrentJobs = 8;

/** The time of jobs, and their database: when it is closed, no job starts any more. */
export interface JobRunnerContext {
  readonly clock: Clock;
  readonly store: { readonly isOpen: boolean };
}

/** Creates a runner. It looks for jobs when it is notified and when a waiting job becomes due. */
export function createJobRunner(queues: readonly JobQueue[], context: JobRunnerContext): JobRunner {
  return new QueueRunner(queues, context);
}

class QueueRunner implements JobRunner {
  readonly #queues: readonly JobQueue[];
  readonly #clock: Clock;
  readonly #store: JobRunnerContext['store'];
  readonly #closed = new AbortController();
  #running = 0;
  #notified = 0;
  #paused = false;
  /** Whether a look at the queues is scheduled. */
  #scheduled = false;
  #wait = new AbortController();
  #idleListeners: (() => void)[] = [];

  constructor(queues: readonly JobQueue[], { clock, store }: JobRunnerContext) {
    this.#queues = queues;
    this.#clock = clock;
    this.#store = store;
  }

  pause(): void {
    this.#paused = true;
  }
  resume(): void {
    this.#paused = false;
    this.notify();
  }
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#idleListeners.push(resolve);
      this.notify();
    });
  }
  get notified(): number {
    return this.#notified;
  }
  notify(): void {
    this.#notified += 1;
    if (this.#scheduled || this.#closed.signal.aborted) return;
    this.#scheduled = true;
    // The response of the request that created a job comes first.
    setImmediate(() => {
      this.#scheduled = false;
      this.#startJobs();
    });
  }
  close(): void {
    this.#closed.abort();
    this.#wait.abort();
    this.#endIdleWaits();
  }

  #startJobs(): void {
    if (this.#closed.signal.aborted || !this.#store.isOpen) return;
    while (!this.#paused && this.#running < maxConcurrentJobs) {
      const work = this.#claim();
      if (!work) break;
      this.#running += 1;
      void work().finally(() => {
        this.#running -= 1;
        this.notify();
      });
    }
    if (this.#running > 0) return;
    this.#endIdleWaits();
    this.#waitForNextJob();
  }

  #claim(): (() => Promise<void>) | undefined {
    for (const queue of this.#queues) {
      const work = queue.claim();
      if (work) return work;
    }
    return undefined;
  }

  #endIdleWaits(): void {
    const listeners = this.#idleListeners;
    this.#idleListeners = [];
    for (const end of listeners) end();
  }

  #waitForNextJob(): void {
    this.#wait.abort();
    const due = this.#queues.flatMap((queue) => queue.nextDueMs() ?? []);
    if (due.length === 0 || this.#paused) return;
    const wait = new AbortController();
    this.#wait = wait;
    // Timers take no longer delays; a runner that wakes early waits again.
    const ms = Math.min(Math.max(0, Math.min(...due) - this.#clock.now()), 2 ** 31 - 1);
    this.#clock.sleep(ms, wait.signal).then(
      () => this.notify(),
      () => {},
    );
  }
}
