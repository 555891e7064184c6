import { spawnSync } from 'node:child_process';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import fc from 'fast-check';
import { Deadlines } from '../../src/node/deadlines.ts';
import '../support/fixed-seed.ts';

const soon = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('Deadlines', () => {
  it('calls each deadline that was not stopped, in the order of their times', async () => {
    const step = fc.record({ time: fc.integer({ min: 0, max: 20 }), isStopped: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
        const called: number[] = [];
        const deadlines = new Deadlines(() => 1000);
        const stops = steps.map(({ time }) => deadlines.set(time, () => called.push(time)));
        for (const [at, { isStopped }] of steps.entries()) if (isStopped) stops[at]?.();
        await soon();
        const expected = steps.filter(({ isStopped }) => !isStopped).map(({ time }) => time);
        expect(called).to.deep.equal(expected.toSorted((a, b) => a - b));
      }),
      { numRuns: 30 },
    );
  });

  it('keeps the process alive until the last deadline is over or stopped, and no longer', () => {
    const clock = new URL('../../src/node/clock.ts', import.meta.url).href;
    const run = (code: string) =>
      spawnSync(
        process.execPath,
        ['--input-type=module', '-e', `import { systemClock as clock } from '${clock}'; ${code}`],
        {
          timeout: 120_000,
          encoding: 'utf8',
        },
      );
    const stopped = run('clock.setDeadline(Date.now() + 60_000, () => {})();');
    expect(stopped.signal).to.equal(null);
    const waiting = run(
      'clock.setDeadline(Date.now() + 60_000, () => {})(); clock.setDeadline(Date.now() + 30, () => console.log("called"));',
    );
    expect(waiting.stdout).to.equal('called\n');
  });

  it('keeps nothing of later deadlines with a deadline that is over', async () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    const { held, later } = setAndStopThree();
    await soon();
    collectGarbage();
    // What holds the first one, such as V8's old generation, does not hold the calls after it.
    expect(later.map((call) => call.deref())).to.deep.equal([undefined, undefined]);
    expect(held).to.be.a('function');
  });

  it('calls a deadline that another one sets', async () => {
    const called: string[] = [];
    const deadlines = new Deadlines(() => 1000);
    deadlines.set(900, () => {
      called.push('first');
      deadlines.set(950, () => called.push('second'));
    });
    await soon();
    expect(called).to.deep.equal(['first', 'second']);
  });
});

/** The first of three deadlines that are over, and the calls that the others waited for. */
function setAndStopThree() {
  const deadlines = new Deadlines(() => 1000);
  const setFor = (call: object) => ({
    stop: deadlines.set(2000, () => void call),
    call: new WeakRef(call),
  });
  const [first, ...others] = [setFor({}), setFor({}), setFor({})];
  for (const { stop } of [first, ...others]) stop();
  return { held: first.stop, later: others.map(({ call }) => call) };
}
