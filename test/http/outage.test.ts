import { expect } from 'chai';
import type { ApiResponse } from '../../src/http/api-request.ts';
import { createHttpFixture } from './fixture.ts';

const second = 1_000;
const minute = 60 * second;

describe('http: an outage of ten minutes', () => {
  const perSecond = 5;
  let sentInOutage = 0;
  let after: { readonly startedAt: number; readonly endedAt: number; readonly answer: ApiResponse }[];
  let end: number;
  before(async () => {
    const stage = createHttpFixture([
      () => (stage.clock.now() < end ? { status: 503 } : { status: 200, body: { done: true } }),
    ]);
    const start = stage.clock.now();
    end = start + 10 * minute;
    after = [];
    const call = async (startedAt: number) => {
      await stage.clock.sleep(startedAt - stage.clock.now());
      const answer = await stage.send();
      if (startedAt >= end) after.push({ startedAt, endedAt: stage.clock.now(), answer });
    };
    const calls = Array.from({ length: 12 * 60 * perSecond }, (_, n) =>
      call(start + (n * second) / perSecond),
    );
    void stage.clock.sleep(10 * minute - 1).then(() => {
      sentInOutage = stage.sent.length;
    });
    await Promise.all(calls);
  });

  it('adds at most ten per cent load while it lasts', () => {
    const calls = 10 * 60 * perSecond;
    expect(sentInOutage).to.be.within(calls, calls * 1.1);
  });

  it('is over for every call that starts a minute later, at the full rate', () => {
    const later = after.filter(({ startedAt }) => startedAt >= end + minute);
    expect(later).to.have.length(60 * perSecond);
    for (const { startedAt, endedAt, answer } of later) {
      expect(answer).to.include({ status: 200, attempts: 1 });
      expect(endedAt - startedAt).to.equal(0);
    }
  });
});
