import { expect } from 'chai';
import type { CatalogFixture, Exercise, Link } from './fixture.ts';

/** How work moves through queues, and who belongs to a team. */
export const workVerbs: Readonly<Record<string, Exercise>> = {
  async 'queue-item.pick'(stage) {
    const user = link(stage, 'user');
    const [{ id }, removed] = [stage.add('queueitem'), stage.add('queueitem')];
    await stage.run('queue-item.pick', { id, user });
    expect(stage.stored('queueitem', id)!.workerid).to.deep.equal({ table: 'systemuser', id: user.id });
    await stage.run('queue-item.pick', { id: removed.id, user, remove: true });
    expect(stage.stored('queueitem', removed.id)).to.equal(undefined);
  },

  async 'queue-item.release'(stage) {
    const { id } = stage.add('queueitem', { workerid: { table: 'systemuser', id: stage.me.id } });
    await stage.run('queue-item.release', { id });
    expect(stage.stored('queueitem', id)!.workerid).to.equal(null);
  },

  async 'queue-item.route'(stage) {
    const { id } = stage.add('queueitem', { workerid: { table: 'systemuser', id: stage.me.id } });
    const queue = link(stage, 'queue');
    await stage.run('queue-item.route', { id, to: queue });
    expect(stage.stored('queueitem', id)).to.deep.include({ queueid: queue, workerid: null });
    const team = link(stage, 'team');
    await stage.run('queue-item.route', { id, to: team });
    expect(stage.stored('queueitem', id)).to.deep.include({ queueid: queue, workerid: team });
  },

  async 'queue-item.remove'(stage) {
    const { id, values } = stage.add('queueitem');
    await stage.run('queue-item.remove', { id });
    expect(stage.stored('queueitem', id)).to.equal(undefined);
    expect(stage.stored('case', (values.objectid as Link).id)).to.not.equal(undefined);
  },

  async 'team.add-members'(stage) {
    const team = link(stage, 'team');
    const users = [link(stage, 'user'), link(stage, 'user')];
    await stage.run('team.add-members', { id: team.id, users });
    expect(stage.linked(team, 'teammembership_association', 'user')).to.have.members(
      users.map(({ id }) => id),
    );
  },

  async 'team.remove-members'(stage) {
    const team = link(stage, 'team');
    const [goes, stays] = [link(stage, 'user'), link(stage, 'user')];
    await stage.client.run('team.add-members', { id: team.id, users: [goes, stays] });
    await stage.run('team.remove-members', { id: team.id, users: [goes] });
    expect(stage.linked(team, 'teammembership_association', 'user')).to.deep.equal([stays.id]);
  },
};

function link(stage: CatalogFixture, table: string): Link {
  return { table, id: stage.add(table).id };
}
