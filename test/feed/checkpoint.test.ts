import { expect } from 'chai';
import fc from 'fast-check';
import { ConnectorError } from '../../src/errors/connector-error.ts';
import {
  type CheckpointContent,
  epochOf,
  readCheckpoint,
  writeCheckpoint,
} from '../../src/feed/checkpoint.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';

const held: CheckpointContent = {
  activationId: '00000000-0000-4000-9000-000000000001',
  feedKey: 'feed/00000000-0000-4000-9000-000000000002/',
  feedId: '00000000-0000-4000-9000-000000000003',
  epoch: 1,
  offset: 1_772_352_000_123,
  activatedMs: 1_772_352_000_000,
  since: {
    readFromMs: 5,
    newSinceMs: 4,
    version: 9_007_199_254_740_993n,
    watermark: undefined,
    windowRead: undefined,
  },
  isActivating: true,
  evaluatedMs: 8,
  catchUp: {
    cursor: {
      readFromMs: 3,
      newSinceMs: 3,
      version: undefined,
      watermark: undefined,
      windowRead: { startedMs: 7, at: 9_007_199_254_740_994n },
    },
    untilVersion: 9_007_199_254_740_995n,
    untilMs: 6,
    dueFromMs: 2,
    areChangesRead: true,
  },
};
const PARAMS = { priority: 'high', limits: { a: 1, b: [2] } };

function write(): JsonObject {
  return JSON.parse(JSON.stringify(writeCheckpoint('case.created', PARAMS, held)));
}

function codeOf(read: () => unknown): string {
  try {
    read();
    return 'none';
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    return `${error.code}: ${error.message}`;
  }
}

describe('writeCheckpoint and readCheckpoint', () => {
  it('return the same content after serialization as JSON', () => {
    expect(readCheckpoint('case.created', PARAMS, write())).to.deep.equal(held);
  });

  it('return recent items and a loop, and the smallest numbers and the largest time', () => {
    const first: CheckpointContent = {
      ...held,
      epoch: 0,
      offset: 0,
      activatedMs: 0,
      since: { ...held.since, readFromMs: 8.64e15 },
      recentItems: { [held.activationId]: [0, 0] },
      loop: { rowId: held.feedId, items: 0 },
    };
    const json = JSON.parse(JSON.stringify(writeCheckpoint('case.created', PARAMS, first)));
    expect(readCheckpoint('case.created', PARAMS, json)).to.deep.equal(first);
    expect([
      epochOf(json),
      epochOf(undefined),
      epochOf(writeCheckpoint('case.created', {}, held)),
    ]).to.deep.equal([0, 0, 1]);
  });

  it('return a place with nothing more, and a catch-up without versions and deadlines', () => {
    const { catchUp, evaluatedMs: _, ...place } = held;
    const { untilVersion: _version, dueFromMs: _due, ...rest } = catchUp!;
    for (const content of [
      { ...place, isActivating: false },
      { ...place, catchUp: { ...rest, areChangesRead: false } },
    ]) {
      const json = JSON.parse(JSON.stringify(writeCheckpoint('case.created', PARAMS, content)));
      const read = readCheckpoint('case.created', PARAMS, json);
      expect(JSON.parse(JSON.stringify(writeCheckpoint('case.created', PARAMS, read)))).to.deep.equal(json);
    }
  });

  it('write a small checkpoint', () => {
    expect(JSON.stringify(write()).length).to.be.below(800);
  });

  it('accept the same params in any order', () => {
    const same = { limits: { b: [2], a: 1 }, priority: 'high' };
    expect(readCheckpoint('case.created', same, write())).to.deep.equal(held);
    const other = { ...PARAMS, priority: 'low' };
    expect(codeOf(() => readCheckpoint('case.created', other, write()))).to.match(
      /^CHECKPOINT_INVALID: .*params/,
    );
  });

  it('reject a checkpoint of another trigger or of a newer version', () => {
    expect(codeOf(() => readCheckpoint('lead.created', PARAMS, write()))).to.match(
      /^CHECKPOINT_INVALID: .*another trigger/,
    );
    const newer = { ...write(), v: 3 };
    expect(codeOf(() => readCheckpoint('case.created', PARAMS, newer))).to.match(
      /^CHECKPOINT_INVALID: .*newer/,
    );
  });

  it('reject anything that is not a checkpoint', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        expect(codeOf(() => readCheckpoint('case.created', PARAMS, json))).to.match(/^CHECKPOINT_INVALID/);
      }),
    );
  });

  it('reject a checkpoint with one damaged field', () => {
    const whole = write() as JsonObject & { since: JsonObject; catchUp: JsonObject };
    const id = held.activationId;
    const damage = (recentItems: Json) => ({ ...whole, recentItems });
    const damaged: JsonObject[] = [
      ...Object.keys(whole).map((name) => ({ ...whole, [name]: '../x' })),
      ...Object.keys(whole.since).map((name) => ({ ...whole, since: { ...whole.since, [name]: '-1' } })),
      { ...whole, v: 0.5 },
      { ...whole, since: { ...whole.since, watermark: { version: '1' } } },
      { ...whole, catchUp: { ...whole.catchUp, cursor: {} } },
      { ...whole, catchUp: { ...whole.catchUp, untilMs: Number.MAX_VALUE } },
      { ...whole, catchUp: { ...whole.catchUp, untilVersion: 'x' } },
      { ...whole, catchUp: { ...whole.catchUp, dueFromMs: -1 } },
      { ...whole, epoch: -1 },
      { ...whole, offset: 0.5 },
      { ...whole, feedKey: 7 },
      { ...whole, feedKey: `${held.feedKey}more` },
      { ...whole, feedKey: `${held.feedKey}/` },
      { ...whole, feedKey: held.feedKey.replace('feed/', 'other/') },
      { ...whole, feedKey: 'feed/x/' },
      ...[{ [id]: 7 }, { [id]: {} }, { [id]: [5] }, { [id]: [5, 1, 1] }, { [id]: ['5', 1] }].map(damage),
      ...[{ [id]: [5, -1] }, { x: [5, 1] }, [], 'x'].map(damage),
      ...[{ rowId: 'x', items: 2 }, { rowId: id, items: -1 }, { items: 2 }, 7].map((loop) => ({
        ...whole,
        loop,
      })),
    ];
    for (const json of damaged) {
      expect(
        codeOf(() => readCheckpoint('case.created', PARAMS, json)),
        JSON.stringify(json),
      ).to.match(/^CHECKPOINT_INVALID/);
    }
  });
});
