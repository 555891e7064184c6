interface PendingCall<In, Out> {
  readonly input: In;
  readonly resolve: (out: Out) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Combines calls into batches: calls that arrive while a batch runs form the next batch.
 *
 * @param work returns one result for each input, in the same order. If it rejects, all calls of the batch reject.
 */
export function batchCalls<In, Out>(
  work: (inputs: readonly In[]) => Promise<readonly Out[]>,
  maxBatchSize = 500,
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

  async function run(): Promise<void> {
    running = true;
    // Calls of the same turn of the event loop join the first batch.
    await Promise.resolve();
    while (pending.length > 0) {
      const batch = pending.slice(0, maxBatchSize);
      pending = pending.slice(maxBatchSize);
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
