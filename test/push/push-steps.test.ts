import { expect } from 'chai';
import type { ResolvedWatch } from '../../src/feed/feed.ts';
import { type PushedSubscription, pushStepsOf } from '../../src/push/push-steps.ts';
import { caseTable } from '../feed/fixtures.ts';

function watching(watch: Partial<ResolvedWatch>, logicalName = 'incident'): PushedSubscription {
  const base = { changes: [], where: [], columns: [], intervalMs: 60_000 };
  return { trigger: { id: 'x', watch: { ...base, ...watch } }, table: { ...caseTable, logicalName } };
}

describe('the steps that subscriptions need', () => {
  it('are the single messages of their tables, each once', () => {
    const steps = pushStepsOf([
      watching({ changes: ['created'] }, 'task'),
      watching({ changes: ['created', 'updated'] }),
      watching({ changes: ['created', 'deleted'] }),
    ]);
    expect(steps).to.deep.equal([
      { table: 'incident', message: 'Create' },
      { table: 'incident', message: 'Update' },
      { table: 'incident', message: 'Delete' },
      { table: 'task', message: 'Create' },
    ]);
  });

  it('send updates of the watched columns only, by their logical names', () => {
    const steps = pushStepsOf([
      watching({ changes: ['updated'], columns: ['queue', 'priority'] }),
      watching({ changes: ['updated'], columns: ['priority', 'title'] }),
    ]);
    expect(steps).to.deep.equal([
      { table: 'incident', message: 'Update', columns: ['prioritycode', 'queueid', 'title'] },
    ]);
  });

  it('send all updates if a subscription reports any change, or rows that leave its filter', () => {
    const columns = ['priority'];
    const narrow = watching({ changes: ['updated'], columns });
    for (const wide of [
      watching({ changes: ['updated'] }),
      watching({ changes: ['updated', 'left'], columns }),
      { ...narrow, isReevaluated: true },
    ])
      expect(pushStepsOf([narrow, wide])).to.deep.equal([{ table: 'incident', message: 'Update' }]);
  });
});
