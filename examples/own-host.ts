import {
  type Client,
  type JsonObject,
  loadConnector,
  openSqliteStore,
  type PollItem,
} from 'dynamics365-connector';

/** A host in a few lines: a form for each operation, one place to run actions, and a loop for a trigger. */
export async function openHost(
  file: string,
  connect: (to: Awaited<ReturnType<typeof loadConnector>>) => Client,
) {
  const store = openSqliteStore(file); // tokens' and triggers' memory, and our own checkpoints
  const connector = await loadConnector({ services: { store } });
  const client = connect(connector);
  return {
    forms: connector.describe().actions as readonly JsonObject[], // id, title, JSON Schemas, effects
    run: (action: string, input: JsonObject, job: string) =>
      client.run(action, input, { idempotencyKey: job }),
    async poll(trigger: string, deliver: (item: PollItem) => Promise<void>): Promise<boolean> {
      const saved = await store.get(`place/${trigger}`);
      const { items, checkpoint, hasMore } = await client.poll(trigger, {}, saved && JSON.parse(saved.value));
      for (const item of items) await deliver(item); // first: a crash repeats items, with the same id
      await store.set(`place/${trigger}`, JSON.stringify(checkpoint));
      return hasMore; // poll again at once
    },
    close: () => store.close(),
  };
}
