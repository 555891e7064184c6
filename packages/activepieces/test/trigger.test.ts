import { expect } from 'chai';
import type { JsonObject } from 'dynamics365-connector';
import type { FlowStore, TriggerContext } from '../src/piece-types.ts';
import { deleteState, loadState, saveState } from '../src/trigger-state.ts';
import { createFlowStore, openPiece, type PieceFixture, triggerContext } from './fixture.ts';

describe('Activepieces trigger', () => {
  let fixture: PieceFixture;
  let customer: string;
  before(async () => {
    fixture = await openPiece();
    const account = (await fixture.run('account_create', { name: 'Fabrikam' })) as JsonObject;
    customer = `account/${account.id}`;
  });
  after(() => fixture.close());

  const createCase = async (title: string) =>
    (await fixture.run('case_create', { title, customer })) as JsonObject;
  const created = () => fixture.piece.getTrigger('case_created')!;
  const titles = (items: readonly unknown[]) => items.map((item) => (item as JsonObject).title);

  it('reports each event once, from the time when the flow was published', async () => {
    await createCase('Before');
    const context = triggerContext(fixture, createFlowStore());
    await created().onEnable(context);
    expect(await created().run(context)).to.deep.equal([]);
    await createCase('First');
    await createCase('Second');
    expect(titles(await created().run(context))).to.have.members(['First', 'Second']);
    expect(await created().run(context)).to.deep.equal([]);
  });

  it('gives the row, the event and the key by which the platform drops a repeated event', async () => {
    const context = triggerContext(fixture, createFlowStore());
    await created().onEnable(context);
    const { id } = await createCase('Shown');
    const [item] = (await created().run(context)) as JsonObject[];
    expect(item).to.include({ id, title: 'Shown' });
    const { dynamics365: event } = item as { dynamics365: JsonObject };
    expect(event).to.include({ change: 'created' });
    expect(item).to.have.property('_dedupe_key', event.id);
  });

  it('continues in another process, with what the flow has stored', async () => {
    const entries = new Map<string, string>();
    await created().onEnable(triggerContext(fixture, createFlowStore(entries)));
    await createCase('While stopped');
    const restarted = triggerContext(fixture, createFlowStore(new Map(entries)));
    expect(titles(await created().run(restarted))).to.deep.equal(['While stopped']);
  });

  it('reports the same events again when a poll fails before it is saved', async () => {
    const store = createFlowStore();
    const context = triggerContext(fixture, store);
    await created().onEnable(context);
    const { id } = await createCase('Not lost');
    const failing: FlowStore = { ...store, put: () => Promise.reject(new Error('The platform is down.')) };
    const error = await created()
      .run({ ...context, store: failing })
      .catch((thrown: Error) => thrown);
    expect(error).to.be.an('error').with.property('message', 'The platform is down.');
    expect((await created().run(context)).map((item) => (item as JsonObject).id)).to.deep.equal([id]);
  });

  it('starts from an earlier time, and over when its filter changes', async () => {
    const startFrom = new Date(fixture.sandbox.clock.now() - 3_600_000).toISOString();
    await createCase('Earlier');
    const context = triggerContext(fixture, createFlowStore(), { startFrom });
    await created().onEnable(context);
    expect(titles(await created().run(context))).to.include('Earlier');
    expect(await created().run(context)).to.deep.equal([]);
    const filtered = { ...context, propsValue: { startFrom, priority: 'high' } };
    expect(await created().run(filtered)).to.deep.equal([]);
    expect(titles(await created().run(context))).to.include('Earlier');
  });

  it('keeps its position when the flow is published again, and forgets it when the flow is turned off', async () => {
    const entries = new Map<string, string>();
    const context: TriggerContext = {
      ...triggerContext(fixture, createFlowStore(entries)),
      isRepublish: true,
    };
    await created().onEnable({ ...context, isRepublish: false });
    await createCase('Between');
    await created().onDisable(context);
    await created().onEnable(context);
    expect(titles(await created().run(context))).to.deep.equal(['Between']);
    await created().onDisable({ ...context, isRepublish: false });
    expect([...entries.keys()]).to.deep.equal([]);
  });

  it('ignores what the user of the connection changed last, unless it is told not to', async () => {
    const context = triggerContext(fixture, createFlowStore(), { ignoreOwnChanges: true });
    await created().onEnable(context);
    await createCase('Own');
    expect(await created().run(context)).to.deep.equal([]);
  });

  it('shows rows of the organization as samples', async () => {
    await createCase('Sample');
    const samples = await created().test(triggerContext(fixture, createFlowStore()));
    expect(samples).to.have.length.above(0);
    expect(samples[0]).to.have.property('title');
  });

  it('says why it cannot start, with the next step', async () => {
    const { props } = fixture.auth as { props: JsonObject };
    const auth = { type: 'CUSTOM_AUTH', props: { ...props, clientSecret: 'wrong' } };
    const error = await created()
      .onEnable({ ...triggerContext(fixture, createFlowStore()), auth })
      .catch((thrown: Error) => thrown);
    expect((error as Error).message).to.match(/secret[\s\S]*\nNext: /);
  });
});

describe('Activepieces state of a trigger', () => {
  const stateOf = (size: number) => ({
    activationKey: 'key',
    content: [['feed', '\u20ac'.repeat(size)] as const],
  });

  it('is split into values that the platform takes, and read as it was saved', async () => {
    const entries = new Map<string, string>();
    const store = createFlowStore(entries);
    for (const size of [1, 500_000, 10]) {
      await saveState(store, stateOf(size));
      expect(await loadState(store)).to.deep.equal(stateOf(size));
    }
    expect(entries.size).to.equal(2);
    await deleteState(store);
    expect(entries.size).to.equal(0);
    expect(await loadState(store)).to.equal(undefined);
  });

  it('is the previous one as a whole when saving stops at any point', async () => {
    for (let writes = 0; writes < 4; writes++) {
      const store = createFlowStore();
      await saveState(store, stateOf(200_000));
      let left = writes;
      const stopping: FlowStore = {
        ...store,
        put: async (key, value) => {
          if (left-- === 0) throw new Error('stopped');
          return await store.put(key, value);
        },
      };
      const failed = await saveState(stopping, stateOf(400_000)).catch((error: Error) => error);
      expect(failed).to.be.an('error');
      expect(await loadState(store)).to.deep.equal(stateOf(200_000));
      await saveState(store, stateOf(3));
      expect(await loadState(store)).to.deep.equal(stateOf(3));
    }
  });

  it('fails with STORE_FAILED and the next step when it is too large', async () => {
    const error = await saveState(createFlowStore(), stateOf(16_000_001)).catch((thrown) => thrown);
    expect(error).to.include({ code: 'STORE_FAILED' });
    expect(error.advice).to.include('worker');
  });
});
