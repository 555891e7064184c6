import {
  type Client,
  type Connector,
  type JsonObject,
  loadConnector,
  openSqliteStore,
  type PollItem,
  type UntypedOperations,
} from 'dynamics365-connector';

/** A host in a few lines: schemas for forms, one function that runs actions, and one that polls a trigger. */
export async function openHost(file: string, connect: (connector: Connector) => Client) {
  const store = openSqliteStore(file); // tokens, the state of triggers, and the checkpoints of this host
  const connector = await loadConnector<UntypedOperations>({ store });
  const client = connect(connector);
  return {
    forms: connector.describe().actions, // id, title, JSON Schemas, effects
    run: (action: string, input: JsonObject, job: string) =>
      client.run(action, input, { idempotencyKey: job }),
    async poll(trigger: string, deliver: (item: PollItem) => Promise<void>): Promise<boolean> {
      const saved = await store.get(`checkpoint/${trigger}`);
      const { items, checkpoint, hasMore } = await client.poll(trigger, {}, saved && JSON.parse(saved.value));
      for (const item of items) await deliver(item); // first: after a crash, items repeat with the same id
      await store.set(`checkpoint/${trigger}`, JSON.stringify(checkpoint));
      return hasMore; // poll again at once
    },
    close: () => store.close(),
  };
}
