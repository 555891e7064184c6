import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
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
    maxAttempts: 5
    deliver: { stdout: true }
  with-defaults: { connection: contoso, trigger: case.created, deliver: { stdout: true } }
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
  const open = async (text: string) => {
    const file = join(folder, 'worker.yaml');
    await writeFile(file, text);
    return await openWorkerFile(file, { connector, env, stdout: new PassThrough(), savedConnections });
  };

  it('applies every option of a subscription', async () => {
    const { subscriptions } = await open(workerFile);
    expect(subscriptions.get('with-options')).to.deep.include({
      connection: 'contoso',
      trigger: 'case.created',
      from: 'beginning',
      everyMs: 30_000,
      ignoreChangesBy: 'self',
      maxAttempts: 5,
    });
  });

  it('uses the interval of the trigger and 20 attempts by default', async () => {
    const { connections, subscriptions } = await open(workerFile);
    expect([...connections.keys()]).to.deep.equal(['contoso']);
    const { everyMs, maxAttempts } = subscriptions.get('with-defaults')!;
    const { intervalMs } = runtimeOf(connector).definition.triggers['case.created']!.watch;
    expect({ everyMs, maxAttempts }).to.deep.equal({ everyMs: intervalMs, maxAttempts: 20 });
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
