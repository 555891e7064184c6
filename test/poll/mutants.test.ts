import { expect } from 'chai';
import fc from 'fast-check';
import type { Change } from '../../src/model/definition.ts';
import { followLink } from '../../src/poll/follow-link.ts';
import { standardStrategy } from '../../src/poll/strategy.ts';
import { advance, windowQuery } from '../../src/poll/window.ts';
import { MINUTE } from './fixtures.ts';
import { histories } from './history.ts';
import { play, type Wrong } from './play.ts';

/** So many histories must do; always the same ones, or one build in some hundreds would be out of luck. */
const MOST_HISTORIES = 50;

const CHANGED: readonly Change[] = ['created', 'updated'];

async function isFoundOut(wrong: Wrong, changes: readonly Change[] = CHANGED): Promise<boolean> {
  const deletions = changes.includes('deleted');
  const run = await fc.check(
    fc.asyncProperty(histories({ deletions }), async (history) => {
      await play(history, changes, wrong);
    }),
    { numRuns: MOST_HISTORIES, endOnFailure: true, seed: 2026 },
  );
  return run.failed;
}

describe(`a poller that goes wrong is found out within ${MOST_HISTORIES} histories`, () => {
  it('when it asks for what is later than the last, not the same or later', async () => {
    const query: typeof windowQuery = (place, at, key) => {
      const right = windowQuery(place, at, key);
      return { ...right, filter: right.filter.replace(' ge ', ' gt ') };
    };
    expect(await isFoundOut({ strategy: { ...standardStrategy, query } })).to.equal(true);
  });

  it('when it does not look back', async () => {
    const noOverlap: typeof advance = (place, sweep) => advance(place, sweep, 0);
    expect(await isFoundOut({ strategy: { ...standardStrategy, advance: noOverlap } })).to.equal(true);
  });

  it('when it goes by its own clock, which is fast', async () => {
    const ownClock: typeof advance = (place, sweep, overlapMs) =>
      advance(place, { ...sweep, startedMs: sweep.startedMs + 20 * MINUTE }, overlapMs);
    expect(await isFoundOut({ strategy: { ...standardStrategy, advance: ownClock } })).to.equal(true);
  });

  it('when it takes every record that it does not know for a new one', async () => {
    const classify: typeof standardStrategy.classify = ({ id }, _, ledger) =>
      ledger.knows(id) ? 'updated' : 'created';
    expect(await isFoundOut({ strategy: { ...standardStrategy, classify } })).to.equal(true);
  });

  it('when the host keeps the checkpoint before it delivers', async () => {
    expect(await isFoundOut({ keepsFirst: true })).to.equal(true);
  });

  it('when it reads the first page behind a delta link only', async () => {
    const follow: typeof followLink = async (following) => {
      const firstPage = {
        ...following.reader,
        follow: async (link: string) => {
          const { nextLink: _, ...page } = await following.reader.follow(link);
          return { deltaLink: link, ...page };
        },
      };
      return await followLink({ ...following, reader: firstPage });
    };
    const strategy = { ...standardStrategy, follow };
    expect(await isFoundOut({ strategy }, [...CHANGED, 'deleted'])).to.equal(true);
  });
});
