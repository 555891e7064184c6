import fc from 'fast-check';
import { histories } from './history.ts';
import { runHistory } from './run-history.ts';

/** `npm run soak:feed` plays more. A wrong poller is found out by 50 (mutants.test.ts). */
const HISTORIES = Number(process.env.HISTORIES ?? 100);

describe('poll: random histories', () => {
  it('reports every created and updated row once, with the right kind of change', async () => {
    await fc.assert(
      fc.asyncProperty(histories({ deletions: false }), async (history) => {
        await runHistory(history, ['created', 'updated']);
      }),
      { numRuns: HISTORIES },
    );
  }).timeout(300_000 + HISTORIES * 400);

  it('reports every deletion once, also when delta links expire', async () => {
    await fc.assert(
      fc.asyncProperty(histories({ deletions: true }), async (history) => {
        await runHistory(history, ['created', 'updated', 'deleted']);
      }),
      { numRuns: HISTORIES },
    );
  }).timeout(300_000 + HISTORIES * 400);
});
