import { expect } from 'chai';
import type { Checkpoint, PollItem } from '../../../src/index.ts';
import { realDefinition } from '../../manifest/support/manifests.ts';
import { type CatalogFixture, openFixture } from './exercises/fixture.ts';
import { findTriggerScenario } from './exercises/triggers.ts';

/** Polls every trigger against the sandbox before and after a change. A trigger without a scenario fails. */
describe('every trigger reports the matching change only', () => {
  const { triggers, tables } = realDefinition();
  let fixture: CatalogFixture;
  before(async () => {
    fixture = await openFixture();
  });
  after(() => fixture.close());

  for (const { id: trigger, watch } of Object.values(triggers)) {
    it(trigger, async () => {
      const {
        params = {},
        unrelatedChange,
        matchingChange,
      } = findTriggerScenario(trigger, tables)?.(fixture) ?? expect.fail('The trigger has no scenario.');
      const { checkpoint, items } = await fixture.client.poll(trigger, params);
      expect(items, 'rows before the first poll').to.deep.equal([]);
      await unrelatedChange();
      const quiet = await poll(trigger, params, checkpoint);
      expect(quiet.items, 'an unrelated change').to.deep.equal([]);
      const id = await matchingChange();
      const reported = await poll(trigger, params, quiet.checkpoint);
      expect(reported.items.map(({ row }) => row.id)).to.deep.equal([id]);
      expect(watch.changes).to.include(reported.items[0]!.change);
      expect((await poll(trigger, params, reported.checkpoint)).items, 'the same change again').to.deep.equal(
        [],
      );
    });
  }

  /** Polls until there are no more items. */
  async function poll(
    trigger: string,
    params: Parameters<CatalogFixture['client']['poll']>[1],
    from: Checkpoint,
  ): Promise<{ readonly items: readonly PollItem[]; readonly checkpoint: Checkpoint }> {
    const { items, checkpoint, hasMore } = await fixture.client.poll(trigger, params, from);
    if (!hasMore) return { items, checkpoint };
    const rest = await poll(trigger, params, checkpoint);
    return { items: [...items, ...rest.items], checkpoint: rest.checkpoint };
  }
});
