/** Claims all due polls, and commits them when it receives a message. The test stops the process in between. */
import { openPostgresWorkerStore } from '../src/postgres/open-postgres-worker-store.ts';
import { openSqliteWorkerStore } from '../src/sqlite/open-sqlite-worker-store.ts';
import { createEvent, endPoll } from './fixture.ts';

const [kind, location] = process.argv.slice(2) as ['file' | 'postgres', string];
const store =
  kind === 'file'
    ? openSqliteWorkerStore(location, { leaseMs: 500 })
    : await openPostgresWorkerStore(location);
const claims = await store.claimDuePolls({ maxClaims: 1000, maxPerConnection: 1000 });
process.once('message', async () => {
  const commits = claims.map((claim) =>
    endPoll(store, {
      claim,
      events: [createEvent('r', 'zombie')],
      checkpoint: {},
      writes: new Map(),
      dueInMs: 0,
    }),
  );
  process.send!((await Promise.all(commits)).filter((accepted) => !accepted).length);
  await store.close();
  process.disconnect();
});
process.send!(claims.length);
