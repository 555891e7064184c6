import { expect } from 'chai';
import type { ColumnValues } from '../../../../packages/sandbox/src/store/types.ts';
import type { JsonObject } from '../../../../src/index.ts';
import type { CatalogFixture, Exercise, Link } from './fixture.ts';

/** Actions on queue items and team members. */
export const workVerbs: Readonly<Record<string, Exercise>> = {
  async 'queue-item.pick'(fixture) {
    const user = link(fixture, 'user');
    const [{ id }, removed] = [fixture.add('queueitem'), fixture.add('queueitem')];
    await fixture.run('queue-item.pick', { id, user });
    expect(fixture.stored('queueitem', id)!.workerid).to.deep.equal({ table: 'systemuser', id: user.id });
    await fixture.run('queue-item.pick', { id: removed.id, user, remove: true });
    expect(fixture.stored('queueitem', removed.id)).to.equal(undefined);
  },

  async 'queue.pick-next'(fixture) {
    const queue = link(fixture, 'queue');
    const entered = (minute: number) => `2026-01-15T09:0${minute}:00Z`;
    const addCase = (minute: number, values: ColumnValues) =>
      addItem(fixture, queue, { table: 'incident', id: fixture.add('case', values).id }, entered(minute));
    const urgent = addCase(3, { prioritycode: 1 });
    const normal = addCase(2, { prioritycode: 2 });
    const low = addCase(1, { prioritycode: 3 });
    const task = addItem(fixture, queue, { table: 'task', id: fixture.add('task').id }, entered(0));
    const pick = async (input: JsonObject) =>
      (await fixture.run('queue.pick-next', { id: queue.id, ...input })).queueItemId;
    expect(await pick({ order: 'most-urgent' })).to.equal(urgent);
    expect(await pick({ table: 'case' })).to.equal(low);
    const user = link(fixture, 'user');
    expect(await pick({ user })).to.equal(task);
    expect(await pick({})).to.equal(normal);
    expect(await pick({})).to.equal(null);
    expect(fixture.stored('queueitem', urgent)!.workerid).to.deep.include({ id: fixture.me.id });
    expect(fixture.stored('queueitem', task)!.workerid).to.deep.include({ id: user.id });
  },

  async 'queue-item.release'(fixture) {
    const { id } = fixture.add('queueitem', { workerid: { table: 'systemuser', id: fixture.me.id } });
    await fixture.run('queue-item.release', { id });
    expect(fixture.stored('queueitem', id)!.workerid).to.equal(null);
  },

  async 'queue-item.route'(fixture) {
    const { id } = fixture.add('queueitem', { workerid: { table: 'systemuser', id: fixture.me.id } });
    const queue = link(fixture, 'queue');
    await fixture.run('queue-item.route', { id, to: queue });
    expect(fixture.stored('queueitem', id)).to.deep.include({ queueid: queue, workerid: null });
    const team = link(fixture, 'team');
    await fixture.run('queue-item.route', { id, to: team });
    expect(fixture.stored('queueitem', id)).to.deep.include({ queueid: queue, workerid: team });
  },

  async 'queue-item.remove'(fixture) {
    const { id, values } = fixture.add('queueitem');
    await fixture.run('queue-item.remove', { id });
    expect(fixture.stored('queueitem', id)).to.equal(undefined);
    expect(fixture.stored('case', (values.objectid as Link).id)).to.not.equal(undefined);
  },

  async 'team.add-members'(fixture) {
    const team = link(fixture, 'team');
    const users = [link(fixture, 'user'), link(fixture, 'user')];
    await fixture.run('team.add-members', { id: team.id, users });
    expect(fixture.linked(team, 'teammembership_association', 'user')).to.have.members(
      users.map(({ id }) => id),
    );
  },

  async 'team.remove-members'(fixture) {
    const team = link(fixture, 'team');
    const [goes, stays] = [link(fixture, 'user'), link(fixture, 'user')];
    await fixture.client.run('team.add-members', { id: team.id, users: [goes, stays] });
    await fixture.run('team.remove-members', { id: team.id, users: [goes] });
    expect(fixture.linked(team, 'teammembership_association', 'user')).to.deep.equal([stays.id]);
  },
};

function link(fixture: CatalogFixture, table: string): Link {
  return { table, id: fixture.add(table).id };
}

/** Adds a row to a queue; returns the id of the queue item. */
function addItem({ add }: CatalogFixture, queue: Link, objectid: Link, enteredon: string): string {
  return add('queueitem', { queueid: queue, objectid, enteredon }).id;
}
