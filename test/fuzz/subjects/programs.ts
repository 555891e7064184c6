import * as base from '../../../src/base.ts';
import * as programs from '../../../src/index.ts';
import { whole } from '../hostile-values.ts';
import type { Fixtures } from './fixtures.ts';
import { type Recipe, type Subjects, subjectsOf } from './subject.ts';

const id = '2a8f6a3e-6f0c-4b6e-9f0e-6f1f6a3e2b10';

/** The entry points of programs, and the methods of what they return. */
export function programSubjects(fixtures: Fixtures): readonly Subjects[] {
  const { client, connector, connections, manifest, vault, store, keys, settings, credential, folder } =
    fixtures;
  const local = { allowLoopback: true };
  const user = { app: { clientId: id }, vault: whole(vault), connection: 'main' };
  const key = { connection: 'main', field: 'tokens' };
  const secret = new programs.Secret('x');
  return [
    subjectsOf('.', programs, {
      checkManifest: [{ manifest }],
      createEnvKeyProvider: [{ D365_VAULT_KEYS: 'x' }],
      createFileKeyProvider: [{ file: '/tmp/none/vault.key', dataFolder: folder }],
      expandOperation: ['visit.create', { manifest }],
      loadConnector: [{ manifest, store, random: Math.random }],
      openSqliteStore: [`${folder}/public.db`],
      openVault: [{ store, keys }],
    }),
    subjectsOf('./base', base, {
      assertOptions: [{ a: 1 }, { of: 'it', types: { a: 'count' } }],
      guardFunctions: [{}],
      isJsonObject: [{}],
      isLoopbackHost: ['localhost'],
      omitUndefined: [{ a: undefined }],
      suggest: ['tilte', ['title', 'name'], 2],
      toJsonPointer: ['a', 1],
    }),
    subjectsOf('connector', connector, {
      describe: [],
      connect: [settings, credential, local],
      signIn: [settings, user, local],
      organizations: [settings, user, local],
      explain: ['case.get', { id }, settings],
      explainSteps: ['case.get', { id }, settings],
    }),
    subjectsOf('client', client, {
      check: [{ signal: AbortSignal.timeout(600_000) }],
      run: ['case.create', { title: 'x', description: 'x' }, { idempotencyKey: id, bypassLogic: [] }],
      writeMany: [{ table: 'account', verb: 'create', rows: [{ name: 'x' }], key: 'k', concurrency: 2 }],
      uploadFile: [{ noteId: id, fileName: 'a.txt', mimeType: 'text/plain', content: [new Uint8Array(3)] }],
      downloadFile: [{ table: 'account', id, column: 'new_file' }, {}],
      changeSet: [[{ action: 'case.create', input: { title: 'x' }, name: 'a' }], { idempotencyKey: id }],
      list: ['case.list', { filter: "title eq 'a'", limit: 3 }, { pageSize: 2 }],
      checkQuery: [{ table: 'case', filter: "title eq 'a'", select: ['title'], orderBy: ['title'], top: 3 }],
      query: [{ table: 'case', filter: "title eq 'a'", select: ['title'] }, { pageSize: 3 }],
      tableSchema: ['case', 'create'],
      explain: ['case.create', { title: 'x' }],
      explainSteps: ['case.create', { title: 'x' }],
      poll: [
        'case.created',
        {},
        undefined,
        { from: 'beginning', maxRowItems: 3, retention: { maxAgeMs: 100 } },
      ],
      sample: ['case.created', 2, {}],
    }),
    subjectsOf('client.metadata', client.metadata, {
      getTable: ['incident'],
      listTables: [],
      getOperations: [],
      revalidate: [],
    }),
    subjectsOf('signIn', connector.signIn(settings, user, local), {
      start: [{ redirectUri: 'http://127.0.0.1:1/callback', loginHint: 'a@b.example' }],
      finish: ['http://127.0.0.1:1/callback?code=a&state=b'],
      withDevice: [() => {}, {}],
      forget: [],
    }),
    subjectsOf('vault', vault, {
      read: [key],
      write: [key, secret],
      replace: [key, { secret, note: { expires: 1 } }, 1],
      delete: [key],
      rotate: [],
    }),
    ...['memory store', 'SQLite store'].map((name, index) =>
      subjectsOf(name, index === 0 ? store : programs.openSqliteStore(`${folder}/state.db`), storeRecipes),
    ),
    subjectsOf('connections', connections, {
      list: [],
      find: ['main'],
      version: ['main'],
      open: ['main'],
      defaultName: [],
      setDefault: ['main'],
      secrets: ['main'],
      save: [{ name: 'main', kind: 'app', settings, clientId: id }, { secret }],
      remove: ['main'],
      close: 'not called',
    }),
  ];
}

const storeRecipes: Readonly<Record<string, Recipe>> = {
  get: ['a'],
  getMany: [['a', 'b']],
  set: ['a', 'x'],
  replace: ['a', 'x', 1],
  writeMany: [new Map([['a', 'x']]), { key: 'a', version: 1 }],
  delete: ['a'],
  list: ['a', { after: 'a', maxCount: 3 }],
  keys: ['a'],
  close: 'not called',
};
