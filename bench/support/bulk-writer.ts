import { DynamicsWebApi } from 'dynamics-web-api';
import { readCsv } from '../../examples/support/csv.ts';
import {
  type Client,
  type JsonObject,
  loadConnector,
  openSqliteStore,
  type UntypedOperations,
} from '../../src/index.ts';
import { createNodeFetchSender } from '../../src/node/node-fetch-sender.ts';

/* A process of its own: `<how> <origin> <token> <csv> <rows> [store]` writes contacts and tells what it took. */
const [how, origin = '', token = '', file = '', maxRows = '0', storeFile] = process.argv.slice(2);
const counts = { requests: 0, throttled: 0 };

async function* contacts(): AsyncGenerator<JsonObject> {
  let count = 0;
  for await (const row of readCsv(file)) {
    if (count++ >= Number(maxRows)) return;
    yield row;
  }
}

const started = performance.now();
if (how === 'ours') await writeMany();
if (how === 'one-by-one') await writeOneByOne();
if (how === 'dynamics-web-api') await writeWithDynamicsWebApi();
process.send?.({ seconds: (performance.now() - started) / 1000, ...counts });
process.disconnect?.();

async function connect(): Promise<Client> {
  const sender = createNodeFetchSender();
  const connector = await loadConnector<UntypedOperations>({
    ...(storeFile === undefined ? {} : { store: await openSqliteStore(storeFile) }),
    async send(request) {
      const response = await sender(request);
      counts.requests += 1;
      if (response.status === 429) counts.throttled += 1;
      return response;
    },
  });
  const credential = { kind: 'host', getToken: () => ({ token }) } as const;
  return connector.connect({ orgUrl: origin }, credential, { allowLoopback: true });
}

async function writeMany(): Promise<void> {
  const client = await connect();
  const job = {
    table: 'contact',
    verb: 'upsert',
    matchOn: ['email'],
    key: 'import',
    rows: contacts(),
  } as const;
  const onProgress = (progress: object) => process.send?.({ progress });
  for await (const { index, error } of client.writeMany({ ...job, onProgress }))
    if (error !== undefined) throw new Error(`row ${index}: ${error.message}`);
}

async function writeOneByOne(): Promise<void> {
  const client = await connect();
  for await (const row of contacts()) await client.run('contact.upsert', { ...row, matchOn: ['email'] });
}

/** The batch of another client for Dataverse, 1,000 requests each. */
async function writeWithDynamicsWebApi(): Promise<void> {
  const otherClient = new DynamicsWebApi({
    serverUrl: origin,
    dataApi: { version: '9.2' },
    onTokenRefresh: async () => token,
  });
  let open = 0;
  const send = async () => {
    counts.requests += 1;
    await otherClient.executeBatch();
    open = 0;
  };
  for await (const { email, lastName, firstName } of contacts()) {
    if (open === 0) otherClient.startBatch();
    const key = `emailaddress1='${email}'`;
    void otherClient.upsert({
      collection: 'contacts',
      key,
      data: { lastname: lastName, firstname: firstName },
    });
    if (++open === 1000) await send();
  }
  if (open > 0) await send();
}
