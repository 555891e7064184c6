import type { Sandbox } from 'dynamics365-connector-sandbox';
import { startLocalSandbox } from '../../packages/cli/src/start-local-sandbox.ts';

/*
 * A process of its own: `fill <file> <cases>` writes cases into the file of an organization and ends;
 * `serve <file>` opens the file and serves it, and tells its memory whenever it is asked.
 */

/** How many cases one transaction writes. */
const chunk = 20_000;
const started = Date.UTC(2020, 0, 1);
const subjects = ['Parcel is late', 'Refund', 'Broken screen', 'Login fails', 'Invoice is wrong', 'Return'];
const cities = ['Lyon', 'Porto', 'Graz', 'Aarhus', 'Gent'];

const [role, file, cases = '0'] = process.argv.slice(2);
const clock = { ms: role === 'fill' ? started : Date.now() };
const sandbox = await startLocalSandbox({
  organizations: [{ name: 'contoso', data: 'empty', file: file! }],
  limits: { maxRequests: Number.POSITIVE_INFINITY, maxExecutionMs: Number.POSITIVE_INFINITY },
  ...(role === 'fill' && { clock: { now: () => clock.ms, sleep: async () => {} } }),
});
if (role === 'fill') await fill(sandbox, Number(cases));
else serve(sandbox);

/** Cases of six years, evenly spread; about a thousand accounts have them. */
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
  const step = Math.floor((Date.now() - started) / total);
  for (let from = 0; from < total; from += chunk) {
    store.transaction(() => {
      for (let index = from; index < Math.min(from + chunk, total); index++) {
        clock.ms += step;
        store.insert('incident', caseOf(index, accounts[(index * 7) % accounts.length]!), actor);
      }
    });
    process.send?.({ filled: Math.min(from + chunk, total) });
  }
  await close();
  process.disconnect?.();
}

function caseOf(index: number, account: string) {
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
