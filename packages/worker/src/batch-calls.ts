/**
 * Does in one go what many ask for at the same time: calls made while a batch is under way form the next one.
 * `work` answers one result for each input, in order; when it fails, all of its callers fail.
 */
export function batchCalls<In, Out>(
  work: (inputs: readonly In[]) => Promise<readonly Out[]>,
  maxBatchSize = 500,
): (input: In) => Promise<Out> {
  interface Waiting {
    readonly input: In;
    readonly resolve: (out: Out) => void;
    readonly reject: (error: unknown) => void;
  }
  let waiting: Waiting[] = [];
  let running = false;

  async function run(): Promise<void> {
    running = true;
    // Whoever asks in this same turn comes along.
    await Promise.resolve();
    while (waiting.length > 0) {
      const batch = waiting.slice(0, maxBatchSize);
      waiting = waiting.slice(maxBatchSize);
      try {
        const results = await work(batch.map(({ input }) => input));
        batch.forEach(({ resolve }, index) => {
          resolve(results[index]!);
        });
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    running = false;
  }

  return (input) =>
    new Promise((resolve, reject) => {
      waiting.push({ input, resolve, reject });
      if (!running) void run();
    });
}
