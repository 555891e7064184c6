import { expect } from 'chai';
import type { Checkpoint, PollItem } from '../../../src/index.ts';
import { compile, realFiles } from '../../manifest/support/manifests.ts';
import { type CatalogFixture, openFixture } from './exercises/fixture.ts';
import { findTriggerScenario } from './exercises/triggers.ts';

/** Every trigger there is, with what it tells of an organization; one without a scene fails here. */
describe('every trigger tells of what happens, and of nothing else', function () {
  this.timeout(20_000);
  const { triggers, tables } = compile(realFiles()).definition!;
  let stage: CatalogFixture;
  before(async () => {
    stage = await openFixture();
  });
  after(() => stage.close());

  for (const { id: trigger, watch } of Object.values(triggers)) {
    it(trigger, async () => {
      const {
        params = {},
        unrelatedChange,
        matchingChange,
      } = findTriggerScenario(trigger, tables)?.(stage) ?? expect.fail('it has no scene');
      const { checkpoint, items } = await stage.client.poll(trigger, params);
      expect(items, 'what was there before').to.deep.equal([]);
      await unrelatedChange();
      const quiet = await poll(trigger, params, checkpoint);
      expect(quiet.items, 'what it is not about').to.deep.equal([]);
      const id = await matchingChange();
      const told = await poll(trigger, params, quiet.checkpoint);
      expect(told.items.map(({ row }) => row.id)).to.deep.equal([id]);
      expect(watch.changes).to.include(told.items[0]!.change);
      expect((await poll(trigger, params, told.checkpoint)).items, 'a second time').to.deep.equal([]);
    });
  }

  /** All that a trigger tells since its place. */
  async function poll(
    trigger: string,
    params: Parameters<CatalogFixture['client']['poll']>[1],
    place: Checkpoint,
  ): Promise<{ readonly items: readonly PollItem[]; readonly checkpoint: Checkpoint }> {
    const { items, checkpoint, hasMore } = await stage.client.poll(trigger, params, place);
    if (!hasMore) return { items, checkpoint };
    const rest = await poll(trigger, params, checkpoint);
    return { items: [...items, ...rest.items], checkpoint: rest.checkpoint };
  }
});
