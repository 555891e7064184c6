import { expect } from 'chai';
import type { JsonObject } from '../../../../src/index.ts';
import type { Table } from '../../../../src/model/table.ts';
import type { CatalogFixture, Link, VerbExercise } from './fixture.ts';
import { activateEntitlement, keyOf, labelOf, sampleParties, sampleRow } from './samples.ts';
import { asStored, expectStored, rolesOf } from './stored.ts';

/** Actions on one row of any table: create, update, complete, assign, delete. */
export const rowVerbs: Readonly<Record<string, VerbExercise>> = {
  async create(fixture, table, action) {
    const input = sampleRow(fixture, table);
    const parties = sampleParties(fixture, table);
    const row = await fixture.run(action, { ...input, ...parties });
    expectStored(fixture, table, input, row.id);
    expectStored(fixture, table, row, row.id);
    const roles = (table.parties ?? []).map(({ name, role }) => `${role} ${parties[name]![0]!.id}`);
    expect(rolesOf(fixture, row.id)).to.deep.equal(roles);
  },

  async update(fixture, table, action) {
    const { id } = fixture.add(table.name, asStored(table, sampleRow(fixture, table, 0)));
    const changes = sampleRow(fixture, table, 1);
    const row = await fixture.run(action, { ...changes, id });
    expectStored(fixture, table, changes, id);
    expectStored(fixture, table, row, id);
    for (const value of otherValues(fixture, table)) {
      activateEntitlement(fixture, value, fixture.stored(table.name, id)!.customerid as Link);
      await fixture.run(action, { ...value, id });
      expectStored(fixture, table, value, id);
    }
  },

  async delete(fixture, table, action) {
    const [gone, kept] = [fixture.add(table.name).id, fixture.add(table.name).id];
    await fixture.run(action, { id: gone });
    expect(fixture.stored(table.name, gone)).to.equal(undefined);
    expect(fixture.stored(table.name, kept)).to.not.equal(undefined);
  },

  async upsert(fixture, table, action) {
    const name = keyOf(fixture, table);
    const matchOn = [name];
    const input = sampleRow(fixture, table, 0);
    const { id } = await fixture.run(action, { ...input, matchOn });
    expectStored(fixture, table, input, id);
    const changes = { ...sampleRow(fixture, table, 1), [name]: input[name]! };
    expect((await fixture.run(action, { ...changes, matchOn })).id).to.equal(id);
    expectStored(fixture, table, changes, id);
  },

  async assign(fixture, table, action) {
    const { id } = fixture.add(table.name);
    for (const assignee of ['team', 'user']) {
      const owner = { table: assignee, id: fixture.add(assignee).id };
      await fixture.run(action, { id, assignee: owner });
      expectStored(fixture, table, { owner }, id);
    }
  },

  async 'set-state'(fixture, table, action) {
    const column = (name: string) => table.columns.find((each) => each.name === name)!;
    for (const { value, state } of statusesOf(fixture, table)) {
      const { id } = fixture.add(table.name);
      const words = { state: labelOf(column('state'), state!), status: labelOf(column('status'), value) };
      await fixture.run(action, { id, ...words });
      expect(fixture.stored(table.name, id)).to.include({ statecode: state, statuscode: value });
    }
  },

  async complete(fixture, table, action) {
    const { id } = fixture.add(table.name);
    const row = await fixture.run(action, { id });
    expect(fixture.stored(table.name, id)).to.include({ statecode: 1 });
    expectStored(fixture, table, row, id);
  },
};

/** Every lookup with each of its target tables, and every optional column with null. */
function otherValues(
  { add, sandbox }: CatalogFixture,
  { columns, logicalName }: Table,
): readonly JsonObject[] {
  const { model } = sandbox.organization.store;
  const there = model.table(logicalName)!;
  const written = columns.filter(({ writable }) => writable);
  const lookups = written.flatMap(({ name, targets = [] }) =>
    targets.map(({ table, logicalName: target }) => ({ [name]: { table, id: add(target).id } })),
  );
  // Dataverse does not clear the owner, the status reason, and columns that its metadata requires.
  const isKept = (column: string) =>
    /^(ownerid|statuscode)$/.test(column) || model.attribute(there, column)!.required.endsWith('Required');
  const optional = written.filter(({ required, logicalName }) => !required && !isKept(logicalName));
  return [...lookups, Object.fromEntries(optional.map(({ name }) => [name, null]))];
}

/** The status reasons of a table, each with its state. */
function statusesOf({ sandbox }: CatalogFixture, { logicalName }: Table) {
  const { model } = sandbox.organization.store;
  return model.attribute(model.table(logicalName)!, 'statuscode')!.options!;
}
