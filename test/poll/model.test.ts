import fc from 'fast-check';
import { histories } from './history.ts';
import { runHistory } from './run-history.ts';

/** `HISTORIES=2000 npm test -- test/engine/poll` plays more. */
const HISTORIES = Number(process.env.HISTORIES ?? 300);

describe('polling, over random histories', () => {
  it('loses no created or updated row, tells none twice, and knows new from old', async () => {
    await fc.assert(
      fc.asyncProperty(histories({ deletions: false }), async (history) => {
        await runHistory(history, ['created', 'updated']);
      }),
      { numRuns: HISTORIES },
    );
  }).timeout(HISTORIES * 100);

  it('loses no deletion and tells none twice, also when delta links expire', async () => {
    await fc.assert(
      fc.asyncProperty(histories({ deletions: true }), async (history) => {
        await runHistory(history, ['created', 'updated', 'deleted']);
      }),
      { numRuns: HISTORIES },
    );
  }).timeout(HISTORIES * 100);
});
