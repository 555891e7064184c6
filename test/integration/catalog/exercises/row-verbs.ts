import { expect } from 'chai';
import type { JsonObject } from '../../../../src/index.ts';
import type { Table } from '../../../../src/model/table.ts';
import type { CatalogFixture, VerbExercise } from './fixture.ts';
import { keyOf, labelOf, sampleParties, sampleRow } from './samples.ts';
import { asStored, expectStored, rolesOf } from './stored.ts';

/** One row of any table: made, changed, completed, given away, removed. */
export const rowVerbs: Readonly<Record<string, VerbExercise>> = {
  async create(stage, table, action) {
    const input = sampleRow(stage, table);
    const parties = sampleParties(stage, table);
    const row = await stage.run(action, { ...input, ...parties });
    expectStored(stage, table, input, row.id);
    expectStored(stage, table, row, row.id);
    const roles = (table.parties ?? []).map(({ name, role }) => `${role} ${parties[name]![0]!.id}`);
    expect(rolesOf(stage, row.id)).to.deep.equal(roles);
  },

  async update(stage, table, action) {
    const { id } = stage.add(table.name, asStored(table, sampleRow(stage, table, 0)));
    const changes = sampleRow(stage, table, 1);
    const row = await stage.run(action, { ...changes, id });
    expectStored(stage, table, changes, id);
    expectStored(stage, table, row, id);
    for (const value of otherValues(stage, table)) {
      await stage.run(action, { ...value, id });
      expectStored(stage, table, value, id);
    }
  },

  async delete(stage, table, action) {
    const [gone, kept] = [stage.add(table.name).id, stage.add(table.name).id];
    await stage.run(action, { id: gone });
    expect(stage.stored(table.name, gone)).to.equal(undefined);
    expect(stage.stored(table.name, kept)).to.not.equal(undefined);
  },

  async upsert(stage, table, action) {
    const name = keyOf(stage, table);
    const matchOn = [name];
    const input = sampleRow(stage, table, 0);
    const { id } = await stage.run(action, { ...input, matchOn });
    expectStored(stage, table, input, id);
    const changes = { ...sampleRow(stage, table, 1), [name]: input[name]! };
    expect((await stage.run(action, { ...changes, matchOn })).id).to.equal(id);
    expectStored(stage, table, changes, id);
  },

  async assign(stage, table, action) {
    const { id } = stage.add(table.name);
    for (const assignee of ['team', 'user']) {
      const owner = { table: assignee, id: stage.add(assignee).id };
      await stage.run(action, { id, assignee: owner });
      expectStored(stage, table, { owner }, id);
    }
  },

  async 'set-state'(stage, table, action) {
    const column = (name: string) => table.columns.find((each) => each.name === name)!;
    for (const { value, state } of statusesOf(stage, table)) {
      const { id } = stage.add(table.name);
      const words = { state: labelOf(column('state'), state!), status: labelOf(column('status'), value) };
      await stage.run(action, { id, ...words });
      expect(stage.stored(table.name, id)).to.include({ statecode: state, statuscode: value });
    }
  },

  async complete(stage, table, action) {
    const { id } = stage.add(table.name);
    const row = await stage.run(action, { id });
    expect(stage.stored(table.name, id)).to.include({ statecode: 1 });
    expectStored(stage, table, row, id);
  },
};

/** Every lookup to each table that it may point to, and every column that may be empty without a value. */
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
  // Dataverse keeps an owner, a reason, and what its own metadata asks for.
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
