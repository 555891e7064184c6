import { expect } from 'chai';
import type { Checkpoint, Clock, JsonObject } from '../../src/index.ts';
import { systemClock } from '../../src/node/clock.ts';
import { openSandboxClient, type SandboxClient } from '../support/sandbox-client.ts';

async function readAll(rows: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of rows);
}

const second = 1000;
const minute = 60_000;
const hour = 3_600_000;

/** Triggers on the sandbox, with a clock that the tests move. */
describe('changes that triggers report, whatever their timing', () => {
  let fixture: SandboxClient;
  let customer: JsonObject;
  let now = Date.now();
  const clock: Clock = { now: () => now, sleep: systemClock.sleep };
  const wait = (ms: number) => {
    now += ms;
  };
  const checkpoints = new Map<string, Checkpoint>();
  beforeEach(() => checkpoints.clear());

  const poll = async (trigger: string, params: JsonObject = {}): Promise<readonly string[]> => {
    const result = await fixture.client.poll(trigger, params, checkpoints.get(trigger));
    checkpoints.set(trigger, result.checkpoint);
    return result.items.map(({ change, row }) => `${change} ${row.name ?? row.title}`);
  };
  const create = async (action: string, input: JsonObject) =>
    (await fixture.client.run(action, input)).output as JsonObject;
  const createCase = (input: JsonObject = {}) =>
    create('case.create', { title: 'A case', customer, ...input });

  before(async () => {
    fixture = await openSandboxClient({ clock }, { clock });
    customer = { table: 'account', id: (await create('account.create', { name: 'Fabrikam' })).id! };
  });
  after(() => fixture.close());

  for (const editedAfterMs of [3 * second, 50 * second, 15 * minute]) {
    const seconds = editedAfterMs / second;
    it(`account.created and account.updated: an edit ${seconds} s after the creation reaches one of them`, async () => {
      await poll('account.created');
      await poll('account.updated');
      wait(hour);
      const { id } = await create('account.create', { name: 'v0' });
      const seen = [...(await poll('account.created'))];
      wait(editedAfterMs);
      await fixture.client.run('account.update', { id: id!, name: 'v1' });
      for (let n = 0; n < 3; n++) {
        seen.push(...(await poll('account.updated')), ...(await poll('account.created')));
        wait(minute);
      }
      expect(seen).to.deep.equal(['created v0', 'updated v1']);
    });
  }

  for (const minutes of [2, 8, 12]) {
    it(`case.updated with a filter: reports a case that matches ${minutes} min after its creation`, async () => {
      const params = { priority: 'high' };
      await poll('case.updated', params);
      wait(hour);
      await poll('case.updated', params);
      const { id } = await createCase({ priority: 'normal' });
      for (let n = 0; n < minutes; n++) {
        wait(minute);
        expect(await poll('case.updated', params)).to.deep.equal([]);
      }
      await fixture.client.run('case.update', { id: id!, priority: 'high' });
      wait(minute);
      expect(await poll('case.updated', params)).to.deep.equal(['updated A case']);
    });
  }

  it('case.created with a filter: a case that was created before the first poll is not new when it matches', async () => {
    const params = { priority: 'high' };
    const { id } = await createCase({ priority: 'normal' });
    wait(30 * second);
    await poll('case.created', params);
    await poll('case.updated', params);
    wait(30 * second);
    await fixture.client.run('case.update', { id: id!, priority: 'high' });
    wait(minute);
    expect(await poll('case.created', params)).to.deep.equal([]);
    expect(await poll('case.updated', params)).to.deep.equal(['updated A case']);
  });

  it('reports the first escalation, assignment and change of priority of cases that are older than the trigger', async () => {
    const triggers = ['case.escalated', 'case.assigned', 'case.priority-changed'];
    const cases = [await createCase(), await createCase()];
    wait(hour);
    for (const trigger of triggers) await poll(trigger);
    wait(minute);
    const { organization, users } = fixture.sandbox;
    const owner = { table: 'systemuser', id: organization.findSystemUserId(users[1]!)! };
    for (const { id } of cases) {
      const values = { isescalated: true, prioritycode: 1, ownerid: owner };
      const actor = { userId: organization.findSystemUserId(users[0]!)! };
      organization.store.update({ table: 'incident', id: String(id), values, actor });
    }
    wait(minute);
    for (const trigger of triggers) expect(await poll(trigger), trigger).to.have.length(2);
  });

  for (const [name, read] of [
    ['account.list', () => fixture.client.run('account.list', { limit: 100 })],
    [
      'account.created from the beginning',
      () => fixture.client.poll('account.created', {}, undefined, { from: 'beginning' }),
    ],
    ['account.deleted', () => fixture.client.poll('account.deleted')],
    ['a query', () => readAll(fixture.client.query({ table: 'account', select: ['name'] }))],
  ] as const) {
    it(`${name}: ends at a next link that leads to itself`, async () => {
      const { faults, origin } = fixture.sandbox.organization;
      const link = `${origin}/api/data/v9.2/accounts?$skiptoken=same`;
      const body = { value: [], '@odata.nextLink': link };
      faults.add({ kind: 'status', status: 200, body, path: '/accounts', times: Infinity });
      const error = await read().then(
        () => expect.fail('expected an error'),
        (reason: unknown) => reason,
      );
      faults.clear();
      expect(error).to.include({ code: 'RESPONSE_INVALID' });
    });
  }
});
