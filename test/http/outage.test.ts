import { expect } from 'chai';
import type { ApiResponse } from '../../src/http/api-request.ts';
import { createHttpFixture, describeBothWays } from './fixture.ts';

const second = 1_000;
const minute = 60 * second;

describeBothWays('pipeline: an outage of ten minutes', () => {
  const perSecond = 5;
  let sentInOutage = 0;
  let callsAfterOutage: {
    readonly startedAt: number;
    readonly endedAt: number;
    readonly response: ApiResponse;
  }[];
  let end: number;
  before(async () => {
    const fixture = createHttpFixture([
      () => (fixture.clock.now() < end ? { status: 503 } : { status: 200, body: { done: true } }),
    ]);
    const start = fixture.clock.now();
    end = start + 10 * minute;
    callsAfterOutage = [];
    const call = async (startedAt: number) => {
      await fixture.clock.sleep(startedAt - fixture.clock.now());
      const response = await fixture.send();
      if (startedAt >= end) callsAfterOutage.push({ startedAt, endedAt: fixture.clock.now(), response });
    };
    const calls = Array.from({ length: 12 * 60 * perSecond }, (_, n) =>
      call(start + (n * second) / perSecond),
    );
    void fixture.clock.sleep(10 * minute - 1).then(() => {
      sentInOutage = fixture.sent.length;
    });
    await Promise.all(calls);
  });

  it('sends at most 10 % more requests during the outage', () => {
    const calls = 10 * 60 * perSecond;
    expect(sentInOutage).to.be.within(calls, calls * 1.1);
  });

  it('sends every call without delay, one minute after the outage', () => {
    const later = callsAfterOutage.filter(({ startedAt }) => startedAt >= end + minute);
    expect(later).to.have.length(60 * perSecond);
    for (const { startedAt, endedAt, response } of later) {
      expect(response).to.include({ status: 200, attempts: 1 });
      expect(endedAt - startedAt).to.equal(0);
    }
  });
});
