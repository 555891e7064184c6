import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { createSandbox, type Sandbox } from '../../src/index.ts';
import { testClock } from './harness.ts';

// biome-ignore lint/suspicious/noExplicitAny: tests read JSON of any shape
type Json = any;

describe('/__sandbox', () => {
  const folder = mkdtempSync(join(tmpdir(), 'control-routes-'));
  after(() => rmSync(folder, { recursive: true }));

  for (const [kind, file] of [
    ['in memory', undefined],
    ['in a file', join(folder, 'org.sqlite')],
  ] as const) {
    describe(kind, () => {
      let sandbox: Sandbox;
      let origin: string;
      before(async () => {
        sandbox = await createSandbox({ organizations: [{ name: 'contoso', data: 'empty', file }] });
        origin = sandbox.organization.origin;
      });
      after(() => sandbox.close());

      const control = async (path: string, body?: unknown): Promise<{ status: number; json: Json }> => {
        const response = await fetch(`${origin}/__sandbox/${path}`, {
          method: 'POST',
          body: typeof body === 'string' ? body : JSON.stringify(body),
        });
        const text = await response.text();
        return { status: response.status, json: text === '' ? undefined : JSON.parse(text) };
      };
      const get = async (path: string, headers = {}): Promise<{ status: number; json: Json }> => {
        const url = path.startsWith('http') ? path : `${origin}/api/data/v9.2/${path}`;
        const authorization = `Bearer ${sandbox.issueToken()}`;
        const response = await fetch(url, { headers: { authorization, ...headers } });
        return { status: response.status, json: await response.json() };
      };
      const names = async (set = 'accounts') =>
        (await get(set)).json.value.map(({ name }: { name: string }) => name);

      it('seed creates rows that reference each other and returns their ids', async () => {
        await control('reset');
        const accountid = '11111111-1111-4111-8111-111111111111';
        const { status, json } = await control('seed', {
          rows: {
            accounts: [{ accountid, name: 'Contoso' }, { name: 'Fabrikam' }],
            contacts: [
              { lastname: 'Lind', 'parentcustomerid_account@odata.bind': `/accounts(${accountid})` },
            ],
          },
        });
        expect(status, JSON.stringify(json)).to.equal(200);
        expect(json.ids.accounts[0]).to.equal(accountid);
        const contact = (await get(`contacts(${json.ids.contacts[0]})`)).json;
        expect(contact).to.include({ lastname: 'Lind', _parentcustomerid_value: accountid });
        expect(await names()).to.have.members(['Contoso', 'Fabrikam']);
      });

      it('seed creates no row when one is refused, and names its place', async () => {
        await control('reset');
        for (const [rows, path, message] of [
          [{ accounts: [{ name: 'A' }, { nonsense: 1 }] }, '/rows/accounts/1', 'nonsense'],
          [{ accounts: [{ name: 'A' }, 7] }, '/rows/accounts/1', 'must be an object'],
          [{ accounts: [{ name: 'A' }], acounts: [] }, '/rows/acounts', 'no entity set "acounts"'],
          [{ accounts: {} }, '/rows/accounts', 'must be a list'],
          [{ 'a/b': [] }, '/rows/a~1b', 'no entity set'],
        ] as const) {
          const { status, json } = await control('seed', { rows });
          expect([status, json.error.path], JSON.stringify(json)).to.deep.equal([400, path]);
          expect(json.error.message).to.contain(message);
          expect(json.error.advice).to.be.a('string').and.not.equal('');
          expect(await names()).to.deep.equal([]);
        }
      });

      it('seed loads the sample rows, and reset makes them go', async () => {
        await control('reset');
        expect((await control('seed', { sample: true })).status).to.equal(200);
        expect((await control('seed', { sample: true })).status).to.equal(200);
        expect(await names()).to.have.length.above(5);
        expect((await control('reset')).status).to.equal(204);
        expect(await names()).to.deep.equal([]);
        expect((await get('WhoAmI')).json).to.include({
          OrganizationId: sandbox.organization.organizationId,
        });
      });

      it('a restore brings rows and row versions back, so old delta links miss the new changes', async () => {
        await control('reset');
        await control('seed', { rows: { accounts: [{ name: 'Before' }] } });
        const { json } = await control('snapshots');
        await control('seed', { rows: { accounts: [{ name: 'Lost' }, { name: 'Lost too' }] } });
        const tracked = await get('accounts?$select=name', { prefer: 'odata.track-changes' });
        expect((await control(`snapshots/${json.id}/restore`)).status).to.equal(204);
        expect(await names()).to.deep.equal(['Before']);
        await control('seed', { rows: { accounts: [{ name: 'New' }] } });
        const changes = await get(tracked.json['@odata.deltaLink']);
        expect(changes.status).to.equal(200);
        expect(changes.json.value).to.deep.equal([]);
        expect(await names()).to.deep.equal(['Before', 'New']);
      });

      it('clock moves the time of rows and of tokens', async () => {
        await control('reset');
        const before = sandbox.clock.now();
        const token = sandbox.issueToken();
        const { json } = await control('clock', { advanceMs: 7_200_000 });
        expect(Date.parse(json.now)).to.be.within(before + 7_200_000, before + 7_260_000);
        const { json: seeded } = await control('seed', { rows: { accounts: [{ name: 'Later' }] } });
        const row = (await get(`accounts(${seeded.ids.accounts[0]})`)).json;
        expect(Date.parse(row.createdon)).to.be.within(before + 7_199_000, before + 7_260_000);
        const expired = await fetch(`${origin}/api/data/v9.2/WhoAmI`, {
          headers: { authorization: `Bearer ${token}` },
        });
        expect(expired.status).to.equal(401);
      });

      it('faults injects a fault, of the organization and of the authority', async () => {
        expect((await control('faults', { kind: 'status', status: 503 })).status).to.equal(204);
        expect((await get('accounts')).status).to.equal(503);
        expect((await get('accounts')).status).to.equal(200);
        await fetch(`${sandbox.authority.url}/__sandbox/faults`, {
          method: 'POST',
          body: '{"kind":"status","status":500}',
        });
        expect((await fetch(`${sandbox.authority.url}/common/v2.0/nothing`)).status).to.equal(500);
      });

      it('answers bad bodies with the place and the next step', async () => {
        const fault = { kind: 'status', status: 503 };
        for (const [path, body, place] of [
          ['reset', 'not json', ''],
          ['reset', '[]', ''],
          ['reset', 'null', ''],
          ['reset', { rows: {} }, '/rows'],
          ['seed', {}, ''],
          ['seed', { rows: [] }, '/rows'],
          ['seed', { sample: 'yes' }, '/sample'],
          ['seed', { tables: {} }, '/tables'],
          ['snapshots', { id: 'x' }, '/id'],
          ['snapshots/none/restore', {}, undefined],
          ['snapshots/%00/restore', {}, undefined],
          ['clock', {}, '/advanceMs'],
          ['clock', { advanceMs: '1' }, '/advanceMs'],
          ['clock', { advanceMs: -1 }, '/advanceMs'],
          ['clock', '{"advanceMs": 1e400}', '/advanceMs'],
          ['clock', { advanceMs: 1e16 }, '/advanceMs'],
          ['faults', {}, '/kind'],
          ['faults', { kind: 'toString' }, '/kind'],
          ['faults', { ...fault, status: 99 }, '/status'],
          ['faults', { ...fault, status: 503.5 }, '/status'],
          ['faults', { ...fault, times: 'some' }, '/times'],
          ['faults', { ...fault, path: 7 }, '/path'],
          ['faults', { ...fault, body: 'x' }, '/body'],
          ['faults', { ...fault, ms: 5 }, '/ms'],
          ['faults', { kind: 'delay' }, '/ms'],
          ['faults', { kind: 'trickle', bytesPerSecond: 0 }, '/bytesPerSecond'],
          ['faults', '{"kind":"html","__proto__":{}}', '/__proto__'],
          ['set-limits', { nonsense: 1 }, '/nonsense'],
        ] as const) {
          const { status, json } = await control(path, body);
          const text = `${path} ${JSON.stringify(body)}: ${JSON.stringify(json)}`;
          expect([status, json.error.path], text).to.deep.equal([400, place]);
          expect(json.error.message, text).to.be.a('string').and.not.equal('');
          expect(json.error.advice, text).to.be.a('string').and.not.equal('');
        }
        expect((await get('accounts')).status).to.equal(200);
      });
    });
  }

  describe('hostile bodies', () => {
    let sandbox: Sandbox;
    before(async () => {
      sandbox = await createSandbox({ organizations: [{ name: 'contoso', data: 'empty' }] });
    });
    after(() => sandbox.close());
    const post = async (path: string, body: string) => {
      const response = await fetch(`${sandbox.organization.origin}/__sandbox/${path}`, {
        method: 'POST',
        body,
      });
      return { status: response.status, text: await response.text() };
    };

    it('never give 500', async () => {
      const routes = ['reset', 'seed', 'snapshots', 'snapshots/snapshot-1/restore', 'clock', 'faults'];
      const key = fc.constantFrom(
        'rows',
        'sample',
        'advanceMs',
        'kind',
        'status',
        'times',
        'accounts',
        'name',
      );
      const value = fc.oneof(
        fc.jsonValue({ maxDepth: 2 }),
        fc.dictionary(key, fc.jsonValue({ maxDepth: 3 })),
      );
      const body = fc.oneof(
        fc.string(),
        fc.jsonValue().map((json) => JSON.stringify(json)),
        fc.dictionary(key, value).map((json) => JSON.stringify(json)),
        fc.array(value).map((rows) => JSON.stringify({ rows: { accounts: rows } })),
      );
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...routes), body, async (route, text) => {
          const { status, text: answer } = await post(route, text);
          expect(status, `${route} ${text} ${answer}`).to.be.oneOf([200, 204, 400]);
        }),
        { numRuns: 100 },
      );
    });

    it('name the row that is nested too deeply', async () => {
      const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
      const { status, text } = await post('seed', `{"rows":{"accounts":[{"name":${deep}}]}}`);
      expect(status, text.slice(0, 300)).to.equal(400);
      expect(text).to.contain('/rows/accounts/0');
    });

    it('name the conflict when the sample rows do not fit', async () => {
      sandbox.organization.reset();
      sandbox.organization.store.addKey('account', 'one_currency', ['statecode']);
      const { status, text } = await post('seed', '{"sample":true}');
      expect([status, JSON.parse(text).error.advice]).to.deep.equal([
        400,
        'Reset the organization first, or send rows of your own.',
      ]);
    });
  });

  it('the README’s example for curl creates its rows', async () => {
    const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
    const [, path = '', body] =
      /curl -X POST http:\/\/127\.0\.0\.1:8082(\S+) [^\n]* -d '([^']*)'/.exec(readme) ?? [];
    const sandbox = await createSandbox({ organizations: [{ name: 'contoso', data: 'empty' }] });
    const response = await fetch(sandbox.organization.origin + path, { method: 'POST', body });
    expect([response.status, Object.keys(((await response.json()) as Json).ids)]).to.deep.equal([
      200,
      ['accounts', 'contacts'],
    ]);
    await sandbox.close();
  });

  describe('access', () => {
    let sandbox: Sandbox;
    let url: string;
    before(async () => {
      sandbox = await createSandbox({ organizations: [{ name: 'contoso', data: 'empty' }] });
      url = `${sandbox.organization.origin}/__sandbox/clear-faults`;
    });
    after(() => sandbox.close());
    const post = (headers: Record<string, string>) => fetch(url, { method: 'POST', headers });

    it('allows programs on this machine, and the control key', async () => {
      expect((await post({})).status).to.equal(204);
      const authorization = `Bearer ${sandbox.adminSecret}`;
      expect((await post({ authorization })).status).to.equal(204);
      expect((await post({ authorization, origin: 'https://app.example' })).status).to.equal(204);
    });

    it('refuses web pages without the key, and a wrong key', async () => {
      const refused: Record<string, string>[] = [
        { origin: 'https://app.example' },
        { origin: sandbox.organization.origin },
        { 'sec-fetch-site': 'cross-site' },
        { authorization: 'Bearer wrong' },
        { authorization: `Bearer ${sandbox.issueToken()}` },
      ];
      for (const headers of refused) {
        const response = await post(headers);
        expect(response.status, JSON.stringify(headers)).to.equal(401);
        expect(((await response.json()) as Json).error.advice).to.contain('Authorization: Bearer');
      }
    });

    it('lists the routes for an unknown one, and allows only POST', async () => {
      const unknown = await fetch(`${sandbox.organization.origin}/__sandbox/nothing`, { method: 'POST' });
      expect(unknown.status).to.equal(404);
      expect(((await unknown.json()) as Json).commands).to.include.members(['reset', 'snapshots/*/restore']);
      expect((await fetch(url)).status).to.equal(405);
    });

    it('is no part of the Web API', async () => {
      const authorization = `Bearer ${sandbox.issueToken()}`;
      const response = await fetch(`${sandbox.organization.origin}/api/data/v9.2/__sandbox/reset`, {
        method: 'POST',
        headers: { authorization },
      });
      expect(response.status).to.equal(404);
    });
  });

  it('reset gives the same rows with the same ids again', async () => {
    const sandbox = await createSandbox({ clock: testClock() });
    const { organization } = sandbox;
    const actor = { userId: '' };
    const tables = [...organization.store.model.tables.values()].filter(({ view }) => !view);
    const read = () =>
      tables.map(({ logicalName }) => [logicalName, organization.store.query(logicalName, { actor }).rows]);
    const before = read();
    organization.store.insert('account', { name: 'More' }, actor);
    organization.store.addTable({ logicalName: 'new_parcel' });
    organization.faults.add({ kind: 'reset-before' });
    organization.reset();
    expect(read()).to.deep.equal(before);
    expect(organization.store.model.table('new_parcel')).to.equal(undefined);
    expect(organization.faults.take({ method: 'GET', target: '/' })).to.equal(undefined);
    await sandbox.close();
  });

  it('clock.advance ends waits that are over', async () => {
    const sandbox = await createSandbox({ organizations: [{ name: 'contoso', data: 'empty' }] });
    sandbox.organization.faults.add({ kind: 'delay', ms: 3_600_000 });
    const headers = { authorization: `Bearer ${sandbox.issueToken()}` };
    const pending = fetch(`${sandbox.organization.origin}/api/data/v9.2/WhoAmI`, { headers });
    let isOver = false;
    void pending.finally(() => {
      isOver = true;
    });
    // The request may arrive after the first of them.
    while (!isOver) {
      sandbox.clock.advance(3_599_000);
      sandbox.clock.advance(1000);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    // The token expired while the request waited.
    expect((await pending).status).to.equal(401);
    await sandbox.close();
  });
});
