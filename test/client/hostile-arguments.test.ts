import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { smallConnector, writeFiles } from '../../packages/cli/test/small-connector.ts';
import { createMemoryStore } from '../../src/client/memory-store.ts';
import {
  type Client,
  type Connector,
  ConnectorError,
  checkManifest,
  createEnvKeyProvider,
  createFileKeyProvider,
  expandOperation,
  loadConnector,
  openSqliteStore,
  openVault,
  type UntypedOperations,
  type Vault,
} from '../../src/index.ts';
import { secretFrom } from '../../src/node/secret-managers/index.ts';

const settings = { orgUrl: 'https://contoso.crm.dynamics.com', tenant: 'contoso.onmicrosoft.com' };
const host = { kind: 'host', getToken: () => ({ token: 'x', expiresAt: Number.MAX_SAFE_INTEGER }) } as const;
const id = '2a8f6a3e-6f0c-4b6e-9f0e-6f1f6a3e2b10';

const throwing = new Proxy(
  {},
  {
    get: () => {
      throw new Error('a trap');
    },
    ownKeys: () => {
      throw new Error('a trap');
    },
    has: () => {
      throw new Error('a trap');
    },
  },
);
const cycle: Record<string, unknown> = {};
cycle.self = cycle;
const revoked = Proxy.revocable({}, {});
revoked.revoke();

/** Values that a program without types may pass. */
const hostile: readonly unknown[] = [
  ...[undefined, null, true, 0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1n, '', ' ', 'x', '__proto__'],
  ...[
    '\u0000',
    '{{input.id}}',
    Symbol('x'),
    () => 'x',
    [],
    [null],
    {},
    { constructor: 1 },
    new Date(Number.NaN),
  ],
  ...[new Map(), new Error('x'), Promise.resolve(1), new Uint8Array(3), throwing, revoked.proxy, cycle],
  ...[
    Object.create(null),
    { signal: AbortSignal.abort() },
    { signal: {} },
    { signal: null },
    { signal: 'x' },
  ],
  ...[
    { signal: AbortSignal.abort('because') },
    // biome-ignore lint/suspicious/noThenProperty: a thenable is what is tried
    { then: () => {} },
    { kind: 'app' },
    { kind: 'user', app: {} },
  ],
];

const failVault = () => Promise.reject(new ConnectorError('STORE_FAILED', 'no store'));
const brokenVault: Vault = {
  read: failVault,
  write: failVault,
  replace: failVault,
  delete: failVault,
  rotate: failVault,
};

type Work = (value: never) => unknown;

/** Each public function, once for each of its arguments. */
function calls(connector: Connector, client: Client, manifest: string): Readonly<Record<string, Work>> {
  const signIn = () =>
    connector.signIn(settings, { app: { clientId: id }, vault: brokenVault, connection: 'c' });
  return {
    'loadConnector(options)': (value) => loadConnector(value as never),
    'loadConnector({ manifest: folder })': (value) => loadConnector({ manifest: value }),
    'loadConnector({ fetch })': (value) => loadConnector({ fetch: value }),
    'checkManifest(options)': (value) => checkManifest(value),
    'expandOperation(id)': (value) => expandOperation(value, { manifest }),
    'openSqliteStore(file)': (value) => openSqliteStore(typeof value === 'string' ? (null as never) : value),
    'openVault(options)': (value) => openVault(value),
    'openVault({ keys })': (value) => openVault({ store: createMemoryStore(), keys: value }),
    'createEnvKeyProvider(text)': (value) => createEnvKeyProvider(value),
    'createFileKeyProvider(options)': (value) => createFileKeyProvider(value),
    'secretFrom(address)': (value) => secretFrom(value),
    'secretFrom(options)': (value) => secretFrom('https://contoso.vault.azure.net/secrets/d365', value),
    'connect(settings)': (value) => connector.connect(value, host),
    'connect(credential)': (value) => connector.connect(settings, value),
    'connect(options)': (value) => connector.connect(settings, host, value),
    'signIn(settings)': (value) => connector.signIn(value, {} as never),
    'signIn(user)': (value) => connector.signIn(settings, value),
    'signIn.start': (value) => signIn().start(value),
    'signIn.finish': (value) => signIn().finish(value),
    'signIn.withDevice': (value) => signIn().withDevice(value),
    'organizations(settings)': (value) => connector.organizations(value, {} as never),
    'organizations(user)': (value) => connector.organizations(settings, value),
    'connector.explain(id)': (value) => connector.explain(value),
    'connector.explain(input)': (value) => connector.explain('case.get', value),
    'connector.explain(settings)': (value) => connector.explain('case.get', { id }, value),
    'check(options)': (value) => client.check(value),
    'run(id)': (value) => client.run(value as string),
    'run(input)': (value) => client.run('case.get', value as never),
    'run(input with a status reason)': (value) => client.run('case.cancel', value),
    'run(status reason)': (value) => client.run('case.cancel', { id, status: value }),
    'run(options)': (value) => client.run('case.get', { id }, value),
    'run({ idempotencyKey })': (value) =>
      client.run('account.create', { name: 'x' }, { idempotencyKey: value }),
    'run({ signal })': (value) => client.run('case.get', { id }, { signal: value }),
    'run({ asUser })': (value) => client.run('case.get', { id }, { asUser: value }),
    'run({ ifVersion })': (value) => client.run('case.update', { id }, { ifVersion: value }),
    'run({ pageSize })': (value) => client.run('case.list', {}, { pageSize: value }),
    'run({ onRows })': (value) => client.run('case.list', {}, { onRows: value }),
    'list(id)': (value) => readAll(() => client.list(value as string)),
    'list(input)': (value) => readAll(() => client.list('case.list', value)),
    'list(options)': (value) => readAll(() => client.list('case.list', {}, value)),
    'list.pages': (value) => readAll(() => client.list('case.list', value).pages()),
    'explain(id)': (value) => client.explain(value),
    'explain(input)': (value) => client.explain('case.get', value),
    'poll(id)': (value) => client.poll(value),
    'poll(params)': (value) => client.poll('case.created', value),
    'poll(checkpoint)': (value) => client.poll('case.created', {}, value),
    'poll(options)': (value) => client.poll('case.created', {}, undefined, value),
    'poll({ from })': (value) => client.poll('case.created', {}, undefined, { from: value }),
    'poll({ overlapMs })': (value) => client.poll('case.created', {}, undefined, { overlapMs: value }),
    'sample(id)': (value) => client.sample(value),
    'sample(maxItems)': (value) => client.sample('case.created', value),
    'sample(params)': (value) => client.sample('case.created', 1, value),
    'changeSet(steps)': (value) => client.changeSet(value),
    'changeSet([step])': (value) => client.changeSet([value]),
    'changeSet([{ input }])': (value) => client.changeSet([{ action: 'account.create', input: value }]),
    'changeSet([{ input: { name } }])': (value) =>
      client.changeSet([{ action: 'account.create', input: { name: value } }]),
    'changeSet([{ input: { name: [item] } }])': (value) =>
      client.changeSet([{ action: 'account.create', input: { name: [value] } }]),
    'changeSet(options)': (value) => client.changeSet([{ action: 'case.delete', input: { id } }], value),
    'writeMany(job)': (value) => readAll(() => client.writeMany(value)),
    'writeMany({ table })': (value) =>
      readAll(() => client.writeMany({ table: value, verb: 'create', rows: [{ name: 'x' }] })),
    'writeMany({ verb })': (value) =>
      readAll(() => client.writeMany({ table: 'account', verb: value, rows: [{ name: 'x' }] })),
    'writeMany({ rows })': (value) =>
      readAll(() => client.writeMany({ table: 'account', verb: 'create', rows: value })),
    'writeMany({ rows: [row] })': (value) =>
      readAll(() => client.writeMany({ table: 'account', verb: 'create', rows: [value] })),
    'uploadFile(upload)': (value) => client.uploadFile(value),
    'uploadFile({ content })': (value) =>
      client.uploadFile({ noteId: id, fileName: 'a.txt', mimeType: 'text/plain', content: value }),
    'downloadFile(id)': (value) => client.downloadFile(value),
    'downloadFile({ table })': (value) => client.downloadFile({ table: value, id, column: 'new_file' }),
    'downloadFile({ column })': (value) => client.downloadFile({ table: 'account', id, column: value }),
    'uploadFile({ column })': (value) =>
      client.uploadFile({
        table: 'account',
        id,
        column: value,
        fileName: 'a.txt',
        mimeType: 'text/plain',
        content: [],
      }),
    'downloadFile(options)': (value) => client.downloadFile(id, value),
    'checkQuery(query)': (value) => client.checkQuery(value),
    'checkQuery({ filter })': (value) => client.checkQuery({ table: 'case', filter: value }),
    'checkQuery({ select })': (value) => client.checkQuery({ table: 'case', select: value }),
    'checkQuery({ body })': (value) => client.checkQuery({ table: 'case', body: value }),
    'query(query)': (value) => readAll(() => client.query(value)),
    'query(options)': (value) => readAll(() => client.query({ table: 'case', select: ['title'] }, value)),
    'query({ table })': (value) => readAll(() => client.query({ table: value })),
    'tableSchema(table)': (value) => client.tableSchema(value),
    'tableSchema(purpose)': (value) => client.tableSchema('case', value),
    'metadata.getTable': (value) => client.metadata.getTable(value),
  };
}

async function readAll(open: () => AsyncIterable<unknown>): Promise<void> {
  for await (const _ of open());
}

describe('public functions with hostile arguments', () => {
  const rejections: unknown[] = [];
  const recordRejection = (reason: unknown) => void rejections.push(reason);
  let works: Readonly<Record<string, Work>>;
  // A small manifest: an operation is expanded from YAML, and ours has two hundred files.
  const folder = writeFiles(smallConnector);
  before(async () => {
    process.on('unhandledRejection', recordRejection);
    const connector = await loadConnector<UntypedOperations>({
      // Nobody answers, so that every call ends soon.
      send: () => Promise.reject(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })),
      clock: { now: () => Date.now(), sleep: async () => {} },
    });
    works = calls(connector, connector.connect(settings, host), join(folder, 'base'));
  });
  after(() => {
    process.off('unhandledRejection', recordRejection);
    rmSync(folder, { recursive: true });
  });

  it('throw or reject with a ConnectorError only', async () => {
    const wrong: string[] = [];
    let count = 0;
    for (const [name, work] of Object.entries(works)) {
      for (const [index, value] of hostile.entries()) {
        count += 1;
        const where = `${name} with value ${index} (${typeof value})`;
        try {
          const outcome = await Promise.race([
            Promise.resolve().then(() => work(value as never)),
            new Promise((resolve) => setTimeout(resolve, 60_000, 'hangs').unref()),
          ]);
          if (outcome === 'hangs') wrong.push(`${where}: hangs`);
        } catch (error) {
          if (!(error instanceof ConnectorError))
            wrong.push(`${where}: ${String((error as Error).stack).slice(0, 300)}`);
          else if (error.message.includes('unexpected')) wrong.push(`${where}: ${error.message}`);
        }
      }
    }
    expect(wrong, `${wrong.length} of ${count}`).to.deep.equal([]);
    expect(rejections).to.deep.equal([]);
  });

  it('refuse half a character in every text of a query, a job and an upload', async () => {
    const half = 'name eq \ud800';
    const connector = await loadConnector<UntypedOperations>();
    const client = connector.connect(settings, host);
    const readAll = async (pages: AsyncIterable<unknown>) => {
      for await (const _ of pages);
    };
    const rows = [{ name: 'A' }];
    const refused: readonly (() => Promise<unknown>)[] = [
      () => readAll(client.query({ table: 'account', filter: half })),
      () => readAll(client.query({ table: half })),
      () => readAll(client.query({ table: 'account', select: ['name', half] })),
      () => readAll(client.query({ table: 'account', orderBy: half })),
      () => readAll(client.writeMany({ table: 'account', verb: 'create', rows, key: half })),
      () => client.uploadFile({ noteId: half, fileName: 'a', mimeType: 'text/plain', content: [] }),
      () => client.run('request.send', { method: 'GET', path: `/${half}` }),
    ];
    for (const work of refused) {
      const error = await work().catch((reason: unknown) => reason);
      expect(error, String(work)).to.have.property('code', 'INPUT_INVALID');
    }
  });

  it('refuse what only looks like an AbortSignal', async () => {
    const client = (await loadConnector<UntypedOperations>()).connect(settings, host);
    const signal = { aborted: false, addEventListener: () => {} } as unknown as AbortSignal;
    const error = await client.check({ signal }).catch((reason: unknown) => reason);
    expect(error).to.have.property('code', 'INPUT_INVALID');
  });

  it('do not pollute prototypes', () => {
    expect(({} as Record<string, unknown>).polluted).to.equal(undefined);
    expect(Object.keys(Object.prototype)).to.deep.equal([]);
  });
});
