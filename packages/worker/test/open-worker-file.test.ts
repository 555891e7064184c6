import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import { type Connector, ConnectorError, loadConnector } from 'dynamics365-connector';
import { runtimeOf } from 'dynamics365-connector/host';
import { openWorkerFile } from '../src/config/open-worker-file.ts';

const workerFile = `
connections:
  contoso: { env: CONTOSO }
subscriptions:
  with-options:
    connection: contoso
    trigger: case.created
    from: beginning
    every: 30s
    ignoreChangesBy: self
    retryFor: 2d
    maxRetryDelay: 1h
    maxAttempts: 5
    maxRowItems: 100
    deliver: { stdout: true }
  with-defaults: { connection: contoso, trigger: case.created, deliver: { stdout: true } }
feeds: { retention: 2d, maxEntries: 5000, overlap: 5m }
`;

describe('worker: openWorkerFile', () => {
  let connector: Connector;
  let folder: string;
  before(async () => {
    connector = await loadConnector();
    folder = await mkdtemp(join(tmpdir(), 'd365-worker-'));
  });
  after(() => rm(folder, { recursive: true }));

  const env = { CONTOSO_ORG_URL: 'https://contoso.crm.dynamics.com', CONTOSO_ACCESS_TOKEN: 'token' };
  const savedConnections = {
    open: async () => {
      throw new ConnectorError('CONNECTION_INVALID', 'There are no saved connections.');
    },
  };
  const open = async (text: string, using: Connector = connector) => {
    const file = join(folder, 'worker.yaml');
    await writeFile(file, text);
    return await openWorkerFile(file, {
      connector: using,
      env,
      stdout: new PassThrough(),
      savedConnections,
    });
  };

  it('applies every option of a subscription', async () => {
    const { subscriptions } = await open(workerFile);
    expect(subscriptions.get('with-options')).to.deep.include({
      connection: 'contoso',
      trigger: 'case.created',
      from: 'beginning',
      everyMs: 30_000,
      ignoreChangesBy: 'self',
      target: 'stdout',
      retry: { retryForMs: 172_800_000, maxRetryDelayMs: 3_600_000, maxAttempts: 5 },
      maxRowItems: 100,
    });
  });

  it('applies the settings of feeds', async () => {
    const { feedOptions } = await open(workerFile);
    const retention = { maxAgeMs: 172_800_000, maxEntries: 5000 };
    expect(feedOptions).to.deep.equal({ overlapMs: 300_000, retention });
  });

  it('says how long delivered events are kept', async () => {
    expect((await open(workerFile)).keepDeliveredMs).to.equal(undefined);
    expect((await open(`${workerFile}\nkeepDelivered: 12h\n`)).keepDeliveredMs).to.equal(43_200_000);
    expect((await open(`${workerFile}\nkeepDelivered: 0s\n`)).keepDeliveredMs).to.equal(0);
  });

  it('says how long dead letters are kept', async () => {
    expect((await open(workerFile)).keepDeadLettersMs).to.equal(undefined);
    expect((await open(`${workerFile}\nkeepDeadLetters: 30d\n`)).keepDeadLettersMs).to.equal(2_592_000_000);
  });

  it('uses the interval of the trigger and the default schedule of retries', async () => {
    const { connections, subscriptions } = await open(workerFile);
    expect([...connections.keys()]).to.deep.equal(['contoso']);
    const { everyMs, retry } = subscriptions.get('with-defaults')!;
    const { intervalMs } = runtimeOf(connector).definition.triggers['case.created']!.watch;
    expect({ everyMs, retry }).to.deep.equal({ everyMs: intervalMs, retry: {} });
  });

  it('gives subscriptions one feed for each table, by whatever name the params call it', async () => {
    const subscription = (id: string, trigger: string, params = '{}') =>
      `  ${id}: { connection: contoso, trigger: ${trigger}, params: ${params}, deliver: { stdout: true } }\n`;
    const { subscriptions } = await open(
      'connections: { contoso: { env: CONTOSO } }\nsubscriptions:\n' +
        subscription('typed', 'case.created') +
        subscription('ours', 'record.created', '{ table: case }') +
        subscription('set', 'record.changed', '{ table: incidents }') +
        subscription('custom', 'record.created', '{ table: new_thing }'),
    );
    expect([...subscriptions.values()].map(({ feed }) => feed)).to.deep.equal([
      'contoso/incident',
      'contoso/incident',
      'contoso/incident',
      'contoso/new_thing',
    ]);
  });

  it('keeps each connection to the limits of the file', async () => {
    let active = 0;
    let most = 0;
    const send = async () => {
      most = Math.max(most, ++active);
      await setImmediate();
      active--;
      const identity = { UserId: 'u', BusinessUnitId: 'b', OrganizationId: 'o' };
      return new Response(JSON.stringify(identity), { headers: { 'content-type': 'application/json' } });
    };
    const limited = `limits: { maxConcurrentRequests: 2, maxRequests: 3000 }${workerFile}`;
    const { connections } = await open(limited, await loadConnector({ fetch: send }));
    const contoso = connections.get('contoso')!;
    const request = { operation: 'x', method: 'GET', url: `${contoso.baseUrl}/WhoAmI`, headers: {} } as const;
    const read = () => contoso.pipeline({ ...request, safety: 'repeatable', requestId: 'r' });
    await Promise.all([read(), read(), read(), read(), read()]);
    expect(most).to.equal(2);
    const error = await open(`limits: { maxRequests: 0, maxUsers: 1 }${workerFile}`).catch(
      (reason: unknown) => reason as ConnectorError,
    );
    expect((error as ConnectorError).details.diagnostics).to.have.length(2);
  });

  it('rejects an invalid file with all diagnostics', async () => {
    const text = workerFile.replaceAll('case.created', 'case.creatd');
    const error = await open(text).catch((reason: unknown) => reason as ConnectorError);
    expect(error).to.include({ code: 'SETTING_INVALID' });
    expect((error as ConnectorError).details.diagnostics?.map(({ code }) => code)).to.deep.equal([
      'W102',
      'W102',
    ]);
  });
});
