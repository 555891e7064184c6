import { loadConnector, type UntypedOperations } from '../../src/index.ts';
import { openSqliteStore } from '../../src/node/index.ts';

/*
 * Upserts accounts by their number, as one job that continues where an earlier process stopped, and writes the progress
 * and each error to the standard output: `node upsert-process.ts <origin> <token> <store> <rows>`.
 */

const [origin = '', token = '', file = '', count = ''] = process.argv.slice(2);
const store = openSqliteStore(file);
const connector = await loadConnector<UntypedOperations>({ store });
const client = connector.connect(
  { orgUrl: origin },
  { kind: 'host', getToken: () => ({ token }) },
  { allowLoopback: true },
);

function* rows() {
  for (let number = 0; number < Number(count); number++)
    yield { number: String(number), name: `Account ${number}`, city: 'Oslo' };
}

const say = (message: object) => process.stdout.write(`${JSON.stringify(message)}\n`);
for await (const { index, error } of client.writeMany({
  table: 'account',
  verb: 'upsert',
  matchOn: ['number'],
  key: 'soak',
  rows: rows(),
  onProgress: (progress) => say(progress),
}))
  if (error !== undefined) say({ index, error: error.message });
store.close();
