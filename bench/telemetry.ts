/**
 * What telemetry adds to the cost of a call: `npm run bench:telemetry`. Responses come from memory. Contenders take turns,
 * and the ratio to a call without telemetry is computed in each round, so that other work on the machine affects all.
 */
import { type Client, loadConnector, type UntypedOperations } from '../src/index.ts';
import type { Telemetry } from '../src/model/telemetry.ts';
import { openTelemetry } from '../src/node/open-telemetry.ts';
import { registerOpenTelemetry } from '../test/support/open-telemetry-sdk.ts';
import { compare } from './support/compare.ts';

const rounds = Number(process.env.ROUNDS ?? 9);
const operations = Number(process.env.OPERATIONS ?? 3000);
const id = 'a4afaa2e-bdb5-4c39-a33c-dd17b545ed66';
const bytes = new TextEncoder().encode(JSON.stringify({ incidentid: id, title: 'x' }));

const off = await open();
const on = await open(await openTelemetry());
const call = (client: Client) => () => client.run('case.get', { id });

await measure('option on, no SDK', on);
await measure('off, once more', await open());
const sdk = registerOpenTelemetry();
await measure('with the SDK, in memory', on, () => sdk.reset());
await sdk.close();

/** Prints what a call costs, compared with one without telemetry. */
async function measure(name: string, client: Client, after = () => {}): Promise<void> {
  const contenders = [
    { name, work: call(client) },
    { name: 'off', work: call(off) },
  ];
  const [measured, base] = await compare(contenders, { rounds, operations });
  after();
  if (measured === undefined || base === undefined) return;
  const { cost, ratio, spread } = measured;
  console.log(
    `${name.padEnd(26)} ${cost.cpuUs.toFixed(1).padStart(6)} us cpu   off ${base.cost.cpuUs.toFixed(1)} us   x${ratio.cpuUs.toFixed(2)} (spread ${spread.toFixed(2)})`,
  );
}

async function open(telemetry?: Telemetry): Promise<Client> {
  const connector = await loadConnector<UntypedOperations>({
    telemetry,
    send: async () => ({ status: 200, headers: { 'content-type': 'application/json' }, body: chunks() }),
    limits: { maxRequests: 1e9, maxExecutionMs: 1e12 },
  });
  return connector.connect(
    { orgUrl: 'https://contoso.crm.dynamics.com' },
    { kind: 'host', getToken: () => ({ token: 'bench', expiresAt: Number.MAX_SAFE_INTEGER }) },
  );
}

async function* chunks(): AsyncGenerator<Uint8Array> {
  yield bytes;
}
