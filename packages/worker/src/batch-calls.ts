interface PendingCall<In, Out> {
  readonly input: In;
  readonly resolve: (out: Out) => void;
  readonly reject: (error: unknown) => void;
}

/** How many calls a batch takes: up to `maxWeight` together, at least one. */
export interface BatchLimits<In> {
  readonly maxWeight: number;
  /** The weight of a call; by default, each is 1. */
  readonly weigh?: (input: In) => number;
}

/**
 * Combines calls into batches: calls that arrive while a batch runs form the next batch.
 *
 * @param work returns one result for each input, in the same order. If it rejects, all calls of the batch reject.
 */
export function batchCalls<In, Out>(
  work: (inputs: readonly In[]) => Promise<readonly Out[]>,
  { maxWeight, weigh = () => 1 }: BatchLimits<In> = { maxWeight: 500 },
): (input: In) => Promise<Out> {
  let pending: PendingCall<In, Out>[] = [];
  let running = false;

  async function runBatch(batch: readonly PendingCall<In, Out>[]): Promise<void> {
    try {
      const results = await work(batch.map(({ input }) => input));
      for (const [index, { resolve }] of batch.entries()) resolve(results[index] as Out);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  function countCalls(): number {
    let weight = 0;
    const last = pending.findIndex(({ input }, index) => {
      weight += weigh(input);
      return weight > maxWeight && index > 0;
    });
    return last === -1 ? pending.length : last;
  }

  async function run(): Promise<void> {
    running = true;
    // Calls of the same turn of the event loop join the first batch.
    await Promise.resolve();
    while (pending.length > 0) {
      const size = countCalls();
      const batch = pending.slice(0, size);
      pending = pending.slice(size);
      await runBatch(batch);
    }
    running = false;
  }

  return (input) =>
    new Promise((resolve, reject) => {
      pending.push({ input, resolve, reject });
      if (!running) void run();
    });
}
