import { expect } from 'chai';
import type { ConnectorError } from '../../src/errors/connector-error.ts';
import { keep, type Memory, memoryNames, newMemory, recall } from '../../src/poll/memory.ts';
import type { PollContext } from '../../src/poll/poll-context.ts';
import { contextOf } from './fixtures.ts';
import { SimulatedOrg } from './simulated-org.ts';

const PLACE = { floorMs: 0, newSinceMs: 0 };

/** Learns of one more row, keeps that, and comes back with it. */
async function learn(context: PollContext, before: Memory, id: string): Promise<Memory> {
  before.ledger.note({ id, version: 1n, createdMs: 0, modifiedMs: 0, row: {} });
  const memory = await keep(context, before, before);
  return await recall(context, { instance: before.instance, memory, place: PLACE });
}

async function sequences(context: PollContext, { instance }: Memory): Promise<number[]> {
  const names = await memoryNames(context.world.store, instance);
  return names.map((name) => Number.parseInt(name, 10));
}

describe('the memories of a trigger', () => {
  it('are kept one for each poll with news, the older the sparser, and the first for ever', async () => {
    const context = contextOf(new SimulatedOrg().reader);
    let memory = newMemory(context, PLACE);
    for (let polls = 0; polls < 100; polls++) memory = await learn(context, memory, `row-${polls}`);
    const recent = [92, 93, 94, 95, 96, 97, 98, 99];
    expect(await sequences(context, memory)).to.deep.equal([0, 40, 48, 56, 64, 72, 80, 88, ...recent]);
  });

  it('drop a future that the host never came back with', async () => {
    const context = contextOf(new SimulatedOrg().reader);
    const first = await learn(context, newMemory(context, PLACE), 'a');
    const second = await learn(context, first, 'b');
    await learn(context, await learn(context, second, 'c'), 'd');
    const { instance, name } = second;
    const back = await recall(context, { instance, memory: name!, place: PLACE });
    const other = await learn(context, back, 'e');
    expect(await sequences(context, other)).to.deep.equal([0, 1, 2]);
    expect(other.ledger.knows('e')).to.equal(true);
    expect(other.ledger.knows('c')).to.equal(false);
  });

  it('that are damaged in the store are told as such, with the way on', async () => {
    const context = contextOf(new SimulatedOrg().reader);
    const { instance, name } = await learn(context, newMemory(context, PLACE), 'a');
    const [key] = await context.world.store.keys(`poll/${instance}/`);
    await context.world.store.set(key!, '{"ledger":[["a');
    const error = await recall(context, { instance, memory: name!, place: PLACE }).then(
      () => expect.fail('it was recalled'),
      (reason: ConnectorError) => reason,
    );
    expect(error.code).to.equal('CHECKPOINT_INVALID');
    expect(error.message).to.include(key);
    expect(error.advice).to.match(/leave the checkpoint out/);
  });
});
