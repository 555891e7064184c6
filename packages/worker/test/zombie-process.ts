/** Claims everything, and commits it when told to: between the two, the test stops the process. */
import { openPostgresWorkerStore } from '../src/postgres/open-store.ts';
import { openSqliteWorkerStore } from '../src/sqlite/open-store.ts';
import { eventOf } from './stage.ts';

const [kind, place] = process.argv.slice(2) as ['file' | 'postgres', string];
const store =
  kind === 'file' ? openSqliteWorkerStore(place, { leaseMs: 500 }) : await openPostgresWorkerStore(place);
const claims = await store.claimDue({ most: 1000, perConnection: 1000 });
process.once('message', async () => {
  const ends = claims.map((claim) =>
    store.commitPoll({
      claim,
      events: [eventOf('r', 'zombie')],
      checkpoint: {},
      writes: new Map(),
      dueInMs: 0,
    }),
  );
  process.send!((await Promise.all(ends)).filter((kept) => !kept).length);
  await store.close();
  process.disconnect();
});
process.send!(claims.length);
