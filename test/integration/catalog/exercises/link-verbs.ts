import { expect } from 'chai';
import type { JsonSchema } from '../../../../src/index.ts';
import type { Table } from '../../../../src/model/table.ts';
import type { CatalogFixture, Link, VerbExercise } from './fixture.ts';
import { expectStored } from './stored.ts';

/** A row of any table and another one: linked, shared, queued, remarked upon, merged. */
export const linkVerbs: Readonly<Record<string, VerbExercise>> = {
  async associate(stage, table, action) {
    const { from, relationship, target } = pairOf(stage, action, table);
    await stage.run(action, { id: from.id, relationship, target });
    expect(stage.linked(from, relationship, target.table)).to.deep.equal([target.id]);
  },

  async disassociate(stage, table, action) {
    const { from, relationship, target } = pairOf(stage, action, table);
    await stage.client.run(action.replace('disassociate', 'associate'), {
      id: from.id,
      relationship,
      target,
    });
    expect(stage.linked(from, relationship, target.table)).to.deep.equal([target.id]);
    await stage.run(action, { id: from.id, relationship, target });
    expect(stage.linked(from, relationship, target.table)).to.deep.equal([]);
    for (const { table, id } of [from, target]) expect(stage.stored(table, id)).to.not.equal(undefined);
  },

  async share(stage, table, action) {
    const { id } = stage.add(table.name);
    const team = stage.add('team').id;
    const rights = ['ReadAccess', 'WriteAccess'];
    await stage.run(action, { id, with: { table: 'team', id: team }, rights });
    expect(rightsOf(stage, table, { id, principal: team })).to.deep.equal(rights);
  },

  async unshare(stage, table, action) {
    const { id } = stage.add(table.name);
    const principal = stage.add('systemuser').id;
    const who = { id, with: { table: 'user', id: principal } };
    await stage.client.run(`${table.name}.share`, who);
    expect(rightsOf(stage, table, { id, principal })).to.deep.equal(['ReadAccess']);
    await stage.run(action, who);
    expect(rightsOf(stage, table, { id, principal })).to.deep.equal([]);
  },

  async 'add-note'(stage, table, action) {
    const { id } = stage.add(table.name);
    const words = { subject: stage.text(), text: stage.text() };
    const note = await stage.run(action, { id, ...words });
    const wanted = { ...words, regarding: { table: table.name, id } };
    expectStored(stage, stage.definition.tables.note!, wanted, note.id);
  },

  async 'add-to-queue'(stage, table, action) {
    const { id } = stage.add(table.name);
    const [first, second] = [stage.add('queue').id, stage.add('queue').id];
    for (const queueId of [first, second]) {
      const { queueItemId } = await stage.run(action, { id, queueId });
      const items = stage.rowsWith('queueitem', { objectid: id });
      expect(items.map((item) => [item.id, item.values.queueid])).to.deep.equal([
        [queueItemId, { table: 'queue', id: queueId }],
      ]);
    }
  },

  async merge(stage, table, action) {
    const [kept, other] = [stage.add(table.name).id, stage.add(table.name).id];
    const note = stage.add('note', { objectid: { table: table.logicalName, id: other } });
    await stage.run(action, { id: kept, otherId: other });
    const target = { table: table.logicalName, id: kept };
    expect(stage.stored('note', note.id)?.objectid).to.deep.equal(target);
    const closed = stage.stored(table.name, other)!;
    expect([closed.masterid, closed.statecode === 0]).to.deep.equal([target, false]);
    expect(stage.stored(table.name, kept)?.statecode).to.equal(0);
  },
};

/** Two rows that a relationship can join, and its name: many with many where there is one. */
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

/** What of a row is shared with somebody, as the organization keeps it. */
function rightsOf(
  { sandbox }: CatalogFixture,
  { logicalName }: Table,
  { id, principal }: { readonly id: string; readonly principal: string },
): readonly string[] {
  const kept = sandbox.organization.store.blobs.get('share', `${logicalName} ${id} ${principal}`);
  return kept?.text.split(' ') ?? [];
}
