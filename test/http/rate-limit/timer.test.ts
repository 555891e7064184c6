import { expect } from 'chai';
import { createDeadlineTimer } from '../../../src/http/rate-limit/timer.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

describe('timer of the rate limit', () => {
  function open() {
    const clock = createFakeClock(0);
    let started = 0;
    const counting = {
      ...clock,
      sleep(ms: number, signal?: AbortSignal) {
        started += 1;
        return clock.sleep(ms, signal);
      },
    };
    const times: number[] = [];
    const timer = createDeadlineTimer(counting, () => void times.push(clock.now()));
    return { clock, timer, times, started: () => started };
  }

  it('ends at the earliest of its deadlines, and only there', async () => {
    const { clock, timer, times, started } = open();
    timer.set(500);
    timer.set(200);
    timer.set(300);
    timer.set(200);
    expect(started(), 'a deadline that is not earlier starts nothing').to.equal(2);
    await clock.sleep(1_000);
    expect(times).to.deep.equal([200]);
  });

  it('can be set again, for a later time too, after it has ended', async () => {
    const { clock, timer, times } = open();
    timer.set(200);
    await clock.sleep(250);
    timer.set(300);
    await clock.sleep(250);
    expect(times).to.deep.equal([200, 300]);
  });

  it('can be set for a later time after it was canceled, and leaves no sleep', async () => {
    const { clock, timer, times } = open();
    timer.cancel();
    timer.set(200);
    timer.cancel();
    expect(clock.sleeping()).to.equal(0);
    timer.set(400);
    await clock.sleep(1_000);
    expect(times).to.deep.equal([400]);
  });
});
