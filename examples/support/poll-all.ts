import type { Checkpoint, PollItem, PollResult } from 'dynamics365-connector';

/** Polls until nothing is left to report: `pollAll((from) => client.poll('case.created', {}, from), checkpoint)`. */
export async function pollAll<Row>(
  poll: (from?: Checkpoint) => Promise<PollResult<Row>>,
  from?: Checkpoint,
): Promise<{ readonly items: readonly PollItem<Row>[]; readonly checkpoint: Checkpoint }> {
  const items: PollItem<Row>[] = [];
  let result = await poll(from);
  items.push(...result.items);
  while (result.hasMore) {
    result = await poll(result.checkpoint);
    items.push(...result.items);
  }
  return { items, checkpoint: result.checkpoint };
}
