import { expect } from 'chai';
import type { SandboxOrganization } from 'dynamics365-connector-sandbox';
import fc from 'fast-check';
import type { Client, Json, JsonObject } from '../../../src/index.ts';
import { openSandboxClient } from '../../support/sandbox-client.ts';
import {
  bodyOf,
  columns,
  english,
  french,
  type NamedSample,
  nameSamples,
  rowId,
  type Sample,
  toAttribute,
} from './arbitrary-columns.ts';

/** Each run has a table and at least 16 columns; reading its metadata takes most of the time. */
const numRuns = Number(process.env.ORGANIZATION_RUNS ?? 1);
const json = JSON.stringify;

describe('random tables and values', function () {
  this.timeout(Math.max(300_000, numRuns * 10_000));
  let organization: SandboxOrganization;
  let clients: Readonly<Record<number, Client>>;
  let token: string;
  let tables = 0;
  let close: () => Promise<void>;
  before(async () => {
    const opened = await openSandboxClient({
      organizations: [{ name: 'contoso', data: 'empty', languages: [french] }],
    });
    const { sandbox, connector } = opened;
    close = opened.close;
    organization = sandbox.organization;
    token = sandbox.issueToken();
    const getToken = () => ({ token: sandbox.issueToken(sandbox.users[1]) });
    const { origin } = organization;
    const ofFrenchUser = connector.connect(
      { orgUrl: origin },
      { kind: 'host', getToken },
      { allowLoopback: true },
    );
    clients = { [english]: opened.client, [french]: ofFrenchUser };
    const { userId } = await ofFrenchUser.check();
    const settings = `usersettingscollection(${userId})`;
    expect(await request('PATCH', settings, json({ uilanguageid: french }))).to.include({ ok: true });
    for (const table of ['account', 'contact']) {
      organization.store.insert(table, { [`${table}id`]: rowId }, { userId });
    }
  });
  after(() => close());

  /** Sends a request without the connector. */
  async function request(method: string, path: string, body?: string) {
    const response = await fetch(`${organization.origin}/api/data/v9.2/${path}`, {
      method,
      headers: {
        ...{ authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...{ accept: 'application/json', prefer: 'return=representation' },
      },
      body,
    });
    return { ok: response.ok, text: await response.text() };
  }

  /** The value of a column in the database. */
  const stored = (table: string, id: Json | undefined, name: string) =>
    organization.store.read(table, String(id))!.values[name] ?? null;

  /** Writes, reads and writes again through the connector; the database must have `expected` each time. */
  async function checkColumn(
    way: Way,
    language: number,
    { name, inputs, labelIn }: NamedSample,
    expected: unknown,
  ) {
    const client = clients[language]!;
    const run = async (action: string, input: JsonObject) =>
      (await client.run(action, input)).output as JsonObject;
    const label = labelIn?.(language);
    for (const value of [...inputs, ...(label === undefined ? [] : [label])]) {
      const { id } = await way.create(run, { [name]: value });
      expect(stored(way.table, id, name), `${name}: ${json(value)}`).to.deep.equal(expected);
      const read = await way.get(run, String(id), name);
      await way.update(run, String(id), { [name]: null });
      await way.update(run, String(id), { [name]: read });
      expect(stored(way.table, id, name), `${name}: ${json(read)}, as it was read`).to.deep.equal(expected);
    }
  }

  async function checkRow(samples: readonly Sample[]): Promise<void> {
    const number = tables++;
    const table = `new_t${number}`;
    const named = nameSamples(samples, `new_r${number}c`);
    const attributes = named.map(toAttribute);
    organization.store.addTable({ logicalName: table, primaryName: 'new_name', attributes });
    for (const attribute of attributes) organization.store.addColumn('account', attribute);
    for (const [at, one] of named.entries()) {
      const language = at % 2 === 0 ? english : french;
      const direct = await request('POST', `${table}s`, bodyOf(one));
      if (!direct.ok) continue;
      const expected = stored(table, JSON.parse(direct.text)[`${table}id`], one.name);
      await checkColumn(recordsOf(table), language, one, expected);
      await checkColumn(accounts, language, one, expected);
    }
  }

  it('what the organization takes directly is taken by the connector, and reads back equal', () =>
    fc.assert(fc.asyncProperty(columns, checkRow), { numRuns }));
});

type Run = (action: string, input: JsonObject) => Promise<JsonObject>;

/** Actions that write and read a column. */
interface Way {
  readonly table: string;
  create(run: Run, values: JsonObject): Promise<JsonObject>;
  update(run: Run, id: string, values: JsonObject): Promise<JsonObject>;
  get(run: Run, id: string, column: string): Promise<Json>;
}

const recordsOf = (table: string): Way => ({
  table,
  create: (run, values) => run('record.create', { table, values }),
  update: (run, id, values) => run('record.update', { table, id, values }),
  get: async (run, id, name) => (await run('record.get', { table, id, select: [name] }))[name] ?? null,
});

const accounts: Way = {
  table: 'account',
  create: (run, customColumns) => run('account.create', { name: 'A', customColumns }),
  update: (run, id, customColumns) => run('account.update', { id, customColumns }),
  async get(run, id, name) {
    const { customColumns } = await run('account.get', { id, customColumns: [name] });
    return (customColumns as JsonObject)[name] ?? null;
  },
};
