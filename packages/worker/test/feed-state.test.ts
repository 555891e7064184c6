import { expect } from 'chai';
import { toFeedState } from '../src/feed-state.ts';

describe('worker: state of a feed', () => {
  const walk = { columns: ['isescalated'], done: 5000, total: 12_000 };

  it('shows the progress of the walk to subscriptions that watch its columns', () => {
    const head = { epoch: 0, baseline: { columns: [], walk } };
    const state = { kind: 'baselining', done: 5000, total: 12_000 };
    expect(toFeedState(head, { columns: ['isescalated', 'prioritycode'] })).to.deep.equal(state);
    expect(toFeedState(head, { columns: ['prioritycode'] })).to.equal(undefined);
    expect(toFeedState(head, { columns: [] })).to.equal(undefined);
  });

  it('shows a restore to all subscriptions until all rows were compared', () => {
    const head = { epoch: 1, baseline: { columns: [], walk }, rewind: { done: 5000 } };
    const state = toFeedState(head, { columns: [] });
    expect(state).to.deep.include({ kind: 'rewound' });
    expect(state).to.have.property('reason').that.includes('epoch 1');
  });

  it('shows nothing when the walk has ended', () => {
    expect(
      toFeedState({ epoch: 0, baseline: { columns: ['isescalated'] } }, { columns: ['isescalated'] }),
    ).to.equal(undefined);
  });
});
