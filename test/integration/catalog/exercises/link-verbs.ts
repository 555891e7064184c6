import { expect } from 'chai';
import type { JsonSchema } from '../../../../src/index.ts';
import type { Table } from '../../../../src/model/table.ts';
import type { CatalogFixture, Link, VerbExercise } from './fixture.ts';
import { expectStored } from './stored.ts';

/** Actions that relate a row of any table to another row: link, share, queue, note, merge. */
export const linkVerbs: Readonly<Record<string, VerbExercise>> = {
  async associate(fixture, table, action) {
    const { from, relationship, target } = pairOf(fixture, action, table);
    await fixture.run(action, { id: from.id, relationship, target });
    expect(fixture.linked(from, relationship, target.table)).to.deep.equal([target.id]);
  },

  async disassociate(fixture, table, action) {
    const { from, relationship, target } = pairOf(fixture, action, table);
    await fixture.client.run(action.replace('disassociate', 'associate'), {
      id: from.id,
      relationship,
      target,
    });
    expect(fixture.linked(from, relationship, target.table)).to.deep.equal([target.id]);
    await fixture.run(action, { id: from.id, relationship, target });
    expect(fixture.linked(from, relationship, target.table)).to.deep.equal([]);
    for (const { table, id } of [from, target]) expect(fixture.stored(table, id)).to.not.equal(undefined);
  },

  async share(fixture, table, action) {
    const { id } = fixture.add(table.name);
    const team = fixture.add('team').id;
    const rights = ['ReadAccess', 'WriteAccess'];
    await fixture.run(action, { id, with: { table: 'team', id: team }, rights });
    expect(rightsOf(fixture, { id, principal: team })).to.deep.equal(rights);
  },

  async unshare(fixture, table, action) {
    const { id } = fixture.add(table.name);
    const principal = fixture.add('systemuser').id;
    const who = { id, with: { table: 'user', id: principal } };
    await fixture.client.run(`${table.name}.share`, who);
    expect(rightsOf(fixture, { id, principal })).to.deep.equal(['ReadAccess']);
    await fixture.run(action, who);
    expect(rightsOf(fixture, { id, principal })).to.deep.equal([]);
  },

  async 'add-note'(fixture, table, action) {
    const { id } = fixture.add(table.name);
    const words = { subject: fixture.text(), text: fixture.text() };
    const note = await fixture.run(action, { id, ...words });
    const expected = { ...words, regarding: { table: table.name, id } };
    expectStored(fixture, fixture.definition.tables.note!, expected, note.id);
  },

  async 'add-to-queue'(fixture, table, action) {
    const { id } = fixture.add(table.name);
    const [first, second] = [fixture.add('queue').id, fixture.add('queue').id];
    for (const queueId of [first, second]) {
      const { queueItemId } = await fixture.run(action, { id, queueId });
      const items = fixture.rowsWith('queueitem', { objectid: id });
      expect(items.map((item) => [item.id, item.values.queueid])).to.deep.equal([
        [queueItemId, { table: 'queue', id: queueId }],
      ]);
    }
  },

  async merge(fixture, table, action) {
    const [kept, other] = [fixture.add(table.name).id, fixture.add(table.name).id];
    const note = fixture.add('note', { objectid: { table: table.logicalName, id: other } });
    await fixture.run(action, { id: kept, otherId: other });
    const target = { table: table.logicalName, id: kept };
    expect(fixture.stored('note', note.id)?.objectid).to.deep.equal(target);
    const closed = fixture.stored(table.name, other)!;
    expect([closed.masterid, closed.statecode === 0]).to.deep.equal([target, false]);
    expect(fixture.stored(table.name, kept)?.statecode).to.equal(0);
  },
};

/** Two rows that a relationship can link, and its name; a many-to-many relationship if there is one. */
function pairOf({ definition, sandbox, add }: CatalogFixture, action: string, table: Table) {
  const { model } = sandbox.organization.store;
  const { properties } = definition.actions[action]!.input as unknown as {
    properties: { target: { properties: { table: JsonSchema } } };
  };
  const names = properties.target.properties.table.enum as readonly string[];
  const ours = new Map(names.map((name) => [definition.tables[name]!.logicalName, name]));
  const collections = model
    .navigations(model.table(table.logicalName)!)
    .filter(({ kind, target }) => kind !== 'lookup' && ours.has(target));
  const chosen = collections.find(({ kind }) => kind === 'manyToMany') ?? collections[0]!;
  const from: Link = { table: table.name, id: add(table.name).id };
  const target: Link = { table: ours.get(chosen.target)!, id: add(chosen.target).id };
  return { from, relationship: chosen.name, target };
}

/** The access rights to a row that a user or team has by sharing, as the sandbox stores them. */
function rightsOf(
  { sandbox }: CatalogFixture,
  { id, principal }: { readonly id: string; readonly principal: string },
): readonly string[] {
  const { store } = sandbox.organization;
  const shares = store.query('principalobjectaccess', { actor: { userId: '' } }).rows;
  const share = shares.find(({ values }) => values.objectid === id && values.principalid === principal);
  const bits = { ReadAccess: 1, WriteAccess: 2 };
  const mask = Number(share?.values.accessrightsmask ?? 0);
  return Object.entries(bits).flatMap(([right, bit]) => ((mask & bit) === 0 ? [] : [right]));
}
