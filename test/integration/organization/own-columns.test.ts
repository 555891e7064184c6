import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { createSandbox, type Sandbox } from 'dynamics365-connector-sandbox';
import { type Client, type JsonObject, loadConnector, type UntypedOperations } from '../../../src/index.ts';
import { column, options } from './fixture.ts';

const files = {
  'connector.yaml': `manifestVersion: 1
id: own
version: 1.0.0
title: Own
description: Cases with the columns of the organization.
extends: dynamics365-connector
`,
  'schemas/tables/case.yaml': `properties:
  tier: { title: Tier, x-column: new_tier, x-choices: { gold: 100000000, silver: 100000001 }, x-filter: true }
  code: { title: Code, type: string, maxLength: 5, x-column: new_code, x-search: true }
  weight: { title: Weight, type: number, x-column: new_weight }
  agreed: { title: Agreed, type: boolean, x-column: new_agreed }
  visitOn: { title: Visit on, type: string, format: date-time, x-column: new_visiton }
`,
};

/** Columns that an organization added, as typed properties of a table file that extends ours. */
describe('columns of the organization in a table file', () => {
  let folder: string;
  let sandbox: Sandbox;
  let client: Client;
  let customer: JsonObject;
  const own = { tier: 'gold', code: 'A1', weight: 2.5, agreed: true, visitOn: '2026-12-30T09:00:00Z' };
  const run = async (action: string, input: JsonObject) =>
    (await client.run(action, input)).output as JsonObject;
  const stored = (id: unknown) => sandbox.organization.store.read('incident', String(id))?.values;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'own-columns-'));
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    sandbox = await createSandbox({ organizations: [{ name: 'contoso', data: 'empty' }] });
    const { store, origin } = sandbox.organization;
    const columns = [
      column('new_tier', 'Picklist', { options: options('Gold', 'Silver') }),
      column('new_code', 'String', { maxLength: 5 }),
      column('new_weight', 'Decimal', { precision: 2 }),
      column('new_agreed', 'Boolean'),
      column('new_visiton', 'DateTime'),
    ];
    for (const each of columns) store.addColumn('incident', each);
    const connector = await loadConnector<UntypedOperations>({ manifest: folder });
    const getToken = () => ({ token: sandbox.issueToken() });
    client = connector.connect({ orgUrl: origin }, { kind: 'host', getToken }, { allowLoopback: true });
    customer = { table: 'account', id: (await run('account.create', { name: 'A' })).id! };
  });
  after(async () => {
    await sandbox?.close();
    rmSync(folder, { recursive: true });
  });

  it('are written and returned by create, update and upsert', async () => {
    const created = await run('case.create', { title: 'x', customer, ...own });
    expect(created).to.include(own);
    expect(stored(created.id)).to.include({ new_tier: 100_000_000, new_code: 'A1', new_agreed: true });
    const updated = await run('case.update', { id: created.id!, tier: 'silver', code: null });
    expect(updated).to.include({ ...own, tier: 'silver', code: null });
    const upserted = await run('case.upsert', { id: created.id!, matchOn: ['id'], weight: '3.25' });
    expect(Number(upserted.weight)).to.equal(3.25);
    expect(await run('case.get', { id: created.id! })).to.include({ tier: 'silver', agreed: true });
  });

  it('can be filtered, searched and chosen in a list', async () => {
    const { id } = await run('case.create', { title: 'y', customer, ...own, code: 'B7' });
    const ids = async (action: string, input: JsonObject) =>
      ((await client.run(action, input)).output as readonly JsonObject[]).map((row) => row.id);
    expect(await ids('case.list', { filter: "new_code eq 'B7' and new_tier eq 100000000" })).to.deep.equal([
      id,
    ]);
    expect(await ids('case.search', { text: 'B7' })).to.deep.equal([id]);
    const [row] = (await client.run('case.list', { filter: `incidentid eq ${id}`, columns: ['tier'] }))
      .output as readonly JsonObject[];
    expect(row).to.deep.equal({ id, tier: 'gold' });
  });

  it('are written in bulk, each row for itself', async () => {
    const rows = ['silver', 'gold'].map((tier, at) => ({ title: `bulk ${at}`, customer, ...own, tier }));
    expect(await run('case.create-many', { rows })).to.deep.equal({ written: 2, failed: [] });
    const [first] = (await client.run('case.search', { text: 'bulk 0' })).output as readonly JsonObject[];
    expect(first).to.include({ tier: 'silver', code: 'A1' });
    const wrong = { title: 'bulk 2', customer, code: 'too long' };
    const { failed } = await run('case.create-many', { rows: [wrong] });
    expect(failed).to.have.nested.property('0.code', 'INPUT_INVALID');
  });

  it('are in the rows of triggers', async () => {
    const { checkpoint } = await client.poll('case.created');
    const { id } = await run('case.create', { title: 'z', customer, ...own });
    const { items } = await client.poll('case.created', {}, checkpoint);
    expect(items.map(({ row }) => row)).to.have.length(1);
    expect(items[0]!.row).to.include({ id, ...own });
    const updates = await client.poll('case.updated');
    await run('case.update', { id: id!, tier: 'silver' });
    const { items: changed } = await client.poll('case.updated', {}, updates.checkpoint);
    expect(changed.map(({ row }) => row.tier)).to.deep.equal(['silver']);
  });

  it('a value that does not fit is refused before anything is sent', async () => {
    for (const [wrong, path] of [
      [{ tier: 'bronze' }, '/tier'],
      [{ code: 'too long' }, '/code'],
      [{ agreed: 'yes' }, '/agreed'],
    ] as const) {
      const error = await client.run('case.create', { title: 'x', customer, ...wrong }).then(
        () => undefined,
        (thrown: { details: { issues?: readonly { path: string }[] } }) => thrown,
      );
      expect(error?.details.issues?.map((issue) => issue.path)).to.include(path);
    }
  });
});
