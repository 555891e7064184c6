import type { Sandbox } from 'dynamics365-connector-sandbox';
import { startLocalSandbox } from '../../packages/cli/src/start-local-sandbox.ts';

/*
 * Runs in its own process: `fill <file> <cases>` writes cases to the file of a sandbox and ends; `serve <file>` serves
 * the file and sends its memory usage for each message.
 */

const casesPerTransaction = 20_000;
const firstCaseAt = Date.UTC(2020, 0, 1);
const subjects = ['Parcel is late', 'Refund', 'Broken screen', 'Login fails', 'Invoice is wrong', 'Return'];
const cities = ['Lyon', 'Porto', 'Graz', 'Aarhus', 'Gent'];

const [role, file = '', cases = '0'] = process.argv.slice(2);
const clock = { ms: role === 'fill' ? firstCaseAt : Date.now() };
const sandbox = await startLocalSandbox({
  organizations: [{ name: 'contoso', data: 'empty', file }],
  limits: { maxRequests: Number.POSITIVE_INFINITY, maxExecutionMs: Number.POSITIVE_INFINITY },
  clock: role === 'fill' ? { now: () => clock.ms, sleep: async () => {} } : undefined,
});
if (role === 'fill') await fill(sandbox, Number(cases));
else serve(sandbox);

/** Writes cases that are spread evenly over the years since 2020, for 1,000 accounts. */
async function fill(
  { organization: { store, findSystemUserId }, user, close }: Sandbox,
  total: number,
): Promise<void> {
  const actor = { userId: findSystemUserId(user)! };
  const accounts = store.transaction(() =>
    Array.from({ length: 1000 }, (_, index) => {
      const values = { name: `Customer ${index}`, address1_city: cities[index % cities.length]! };
      return store.insert('account', values, actor).id;
    }),
  );
  const step = Math.floor((Date.now() - firstCaseAt) / total);
  for (let from = 0; from < total; from += casesPerTransaction) {
    store.transaction(() => {
      for (let index = from; index < Math.min(from + casesPerTransaction, total); index++) {
        clock.ms += step;
        store.insert('incident', caseOf(index, accounts[(index * 7) % accounts.length]), actor);
      }
    });
    process.send?.({ filled: Math.min(from + casesPerTransaction, total) });
  }
  await close();
  process.disconnect?.();
}

function caseOf(index: number, account = '') {
  return {
    title: `${subjects[index % subjects.length]} ${index}`,
    description: `The customer wrote for the ${1 + (index % 4)}. time.`,
    customerid: { table: 'account', id: account },
    prioritycode: 1 + (index % 3),
    caseorigincode: 1 + (index % 2),
    statecode: index % 10 === 0 ? 0 : 1,
  };
}

function serve({ organization, issueToken }: Sandbox): void {
  process.on('message', () => process.send?.({ rss: process.memoryUsage().rss }));
  process.on('disconnect', () => process.exit());
  process.send?.({ origin: organization.origin, token: issueToken() });
}
