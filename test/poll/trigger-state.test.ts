import { expect } from 'chai';
import type { ConnectorError } from '../../src/errors/connector-error.ts';
import type { PollContext } from '../../src/poll/poll-context.ts';
import {
  createTriggerState,
  listStateNames,
  loadState,
  saveState,
  type TriggerState,
} from '../../src/poll/trigger-state.ts';
import { contextOf } from './fixtures.ts';
import { SimulatedOrg } from './simulated-org.ts';

const place = { readFromMs: 0, newSinceMs: 0 };

/** Learns of one more row, keeps that, and comes back with it. */
async function learn(context: PollContext, before: TriggerState, id: string): Promise<TriggerState> {
  before.seenVersions.add({ id, version: 1n, createdMs: 0, modifiedMs: 0, row: {} });
  const memory = await saveState(context, before, before);
  return await loadState(context, { activationId: before.activationId, stateName: memory, cursor: place });
}

async function sequences(context: PollContext, { activationId }: TriggerState): Promise<number[]> {
  const names = await listStateNames(context.services.store, activationId);
  return names.map((name) => Number.parseInt(name, 10));
}

describe('saveState and loadState', () => {
  it('keep one state for each poll with changes, fewer old ones, and always the first', async () => {
    const context = contextOf(new SimulatedOrg().reader);
    let memory = createTriggerState(context, place);
    for (let polls = 0; polls < 100; polls++) memory = await learn(context, memory, `row-${polls}`);
    const recent = [92, 93, 94, 95, 96, 97, 98, 99];
    expect(await sequences(context, memory)).to.deep.equal([0, 40, 48, 56, 64, 72, 80, 88, ...recent]);
  });

  it('delete states of polls whose checkpoint the host did not save', async () => {
    const context = contextOf(new SimulatedOrg().reader);
    const first = await learn(context, createTriggerState(context, place), 'a');
    const second = await learn(context, first, 'b');
    await learn(context, await learn(context, second, 'c'), 'd');
    const { activationId, name } = second;
    const back = await loadState(context, { activationId, stateName: name!, cursor: place });
    const other = await learn(context, back, 'e');
    expect(await sequences(context, other)).to.deep.equal([0, 1, 2]);
    expect(other.seenVersions.hasId('e')).to.equal(true);
    expect(other.seenVersions.hasId('c')).to.equal(false);
  });

  it('report a damaged state with the next step', async () => {
    const context = contextOf(new SimulatedOrg().reader);
    const { activationId, name } = await learn(context, createTriggerState(context, place), 'a');
    const [key] = await context.services.store.keys(`poll/${activationId}/`);
    await context.services.store.set(key!, '{"ledger":[["a');
    const error = await loadState(context, { activationId, stateName: name!, cursor: place }).then(
      () => expect.fail('it was recalled'),
      (reason: ConnectorError) => reason,
    );
    expect(error.code).to.equal('CHECKPOINT_INVALID');
    expect(error.message).to.include(key);
    expect(error.advice).to.match(/poll without a checkpoint/);
  });
});
