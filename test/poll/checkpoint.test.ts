import { expect } from 'chai';
import fc from 'fast-check';
import { ConnectorError } from '../../src/errors/connector-error.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { type CheckpointContent, readCheckpoint, writeCheckpoint } from '../../src/poll/checkpoint.ts';

const held: CheckpointContent = {
  activationId: '00000000-0000-4000-9000-000000000001',
  stateName: '0000000007-00000000-0000-4000-9000-000000000002',
  cursor: {
    readFromMs: 5,
    newSinceMs: 4,
    version: 9_007_199_254_740_993n,
    watermark: { version: 9_007_199_254_740_995n, atMs: 6 },
    windowRead: { startedMs: 7, at: 9_007_199_254_740_994n },
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

  it('write a small checkpoint', () => {
    expect(JSON.stringify(write()).length).to.be.below(600);
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
    const newer = { ...write(), v: 2 };
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
    const { place, ...rest } = write() as JsonObject & { place: JsonObject };
    const damaged: JsonObject[] = [
      ...['v', 'trigger', 'params', 'instance', 'memory'].map((name) => ({ ...rest, place, [name]: '../x' })),
      ...Object.keys(place).map((name) => ({ ...rest, place: { ...place, [name]: '-1' } })),
      { ...rest, v: 0.5, place },
      { ...rest, place: { ...place, mark: { version: '1' } } },
      { ...rest, place: { ...place, sweep: { at: '1', startedMs: Number.MAX_VALUE } } },
    ];
    for (const json of damaged) {
      expect(
        codeOf(() => readCheckpoint('case.created', PARAMS, json)),
        JSON.stringify(json),
      ).to.match(/^CHECKPOINT_INVALID/);
    }
  });
});
