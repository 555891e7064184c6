/** Claims everything, and commits it when told to: between the two, the test stops the process. */
import { openPostgresWorkerStore } from '../src/postgres/open-postgres-worker-store.ts';
import { openSqliteWorkerStore } from '../src/sqlite/open-sqlite-worker-store.ts';
import { createEvent } from './fixture.ts';

const [kind, location] = process.argv.slice(2) as ['file' | 'postgres', string];
const store =
  kind === 'file'
    ? openSqliteWorkerStore(location, { leaseMs: 500 })
    : await openPostgresWorkerStore(location);
const claims = await store.claimDuePolls({ maxClaims: 1000, maxPerConnection: 1000 });
process.once('message', async () => {
  const ends = claims.map((claim) =>
    store.commitPoll({
      claim,
      events: [createEvent('r', 'zombie')],
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
