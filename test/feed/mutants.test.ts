import { expect } from 'chai';
import fc from 'fast-check';
import { advanceCursor, windowQuery } from '../../src/feed/cursor.ts';
import { followDeltaLink } from '../../src/feed/follow-delta-link.ts';
import { standardStrategy } from '../../src/feed/strategy.ts';
import type { ChangeType } from '../../src/model/definition.ts';
import { minute } from './fixtures.ts';
import { histories } from './history.ts';
import { type Mutation, runHistory } from './run-history.ts';

/** So many histories must do; always the same ones, or one build in some hundreds would be out of luck. */
const maxHistories = 50;

const changed: readonly ChangeType[] = ['created', 'updated'];

async function isFoundOut(wrong: Mutation, changes: readonly ChangeType[] = changed): Promise<boolean> {
  const deletions = changes.includes('deleted');
  const run = await fc.check(
    fc.asyncProperty(histories({ deletions }), async (history) => {
      await runHistory(history, changes, wrong);
    }),
    { numRuns: maxHistories, endOnFailure: true, seed: 2026 },
  );
  return run.failed;
}

describe(`mutants of polling fail within ${maxHistories} histories`, () => {
  it('reading later times only, not equal ones', async () => {
    const query: typeof windowQuery = (place, at, key) => {
      const right = windowQuery(place, at, key);
      return { ...right, filter: right.filter.replace(' ge ', ' gt ') };
    };
    expect(await isFoundOut({ strategy: { ...standardStrategy, query } })).to.equal(true);
  });

  it('reading without an overlap', async () => {
    const noOverlap: typeof advanceCursor = (place, sweep) => advanceCursor(place, sweep, 0);
    expect(await isFoundOut({ strategy: { ...standardStrategy, advance: noOverlap } })).to.equal(true);
  });

  it('using its own clock, which is fast', async () => {
    const ownClock: typeof advanceCursor = (place, sweep, overlapMs) =>
      advanceCursor(place, { ...sweep, startedMs: sweep.startedMs + 20 * minute }, overlapMs);
    expect(await isFoundOut({ strategy: { ...standardStrategy, advance: ownClock } })).to.equal(true);
  });

  it('classifying every unknown row as created', async () => {
    const isNew: typeof standardStrategy.isNew = (_, __, record) => record === undefined;
    expect(await isFoundOut({ strategy: { ...standardStrategy, isNew } })).to.equal(true);
  });

  it('saving the checkpoint before the delivery', async () => {
    expect(await isFoundOut({ savesBeforeDelivery: true })).to.equal(true);
  });

  it('reading only the first page of a delta link', async () => {
    const follow: typeof followDeltaLink = async (following) => {
      const firstPage = {
        ...following.reader,
        follow: async (link: string) => {
          const { nextLink: _, ...page } = await following.reader.follow(link);
          return { deltaLink: link, ...page };
        },
      };
      return await followDeltaLink({ ...following, reader: firstPage });
    };
    const strategy = { ...standardStrategy, follow };
    expect(await isFoundOut({ strategy }, [...changed, 'deleted'])).to.equal(true);
  });
});
