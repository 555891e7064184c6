import { expect } from 'chai';
import { bundleScripts } from './bundle-scripts.ts';
import type { ProcessScripts } from './processes.ts';
import { runSoak, type SoakOptions } from './soak.ts';

const noProblems = { lost: 0, unexpected: 0, undelivered: 0, duplicated: 0, damaged: 0, rescheduled: 0 };

describe('worker soak', () => {
  let scripts: ProcessScripts;
  before(async () => {
    scripts = await bundleScripts();
  });
  const expectEqualCopies = async (soak: Omit<SoakOptions, 'scripts'>) => {
    const { changed, events, ...problems } = await runSoak({ ...soak, scripts });
    expect(problems).to.deep.equal(noProblems);
    expect(Math.min(changed, events)).to.be.greaterThan(20);
  };

  it('SQLite: copies equal the organization after workers were killed and one was suspended', async () => {
    await expectEqualCopies({
      store: 'sqlite',
      organization: 'sandbox',
      workers: 2,
      consumers: 5,
      everyMs: 500,
      changeEveryMs: 40,
      disturbances: ['kill', 'stop', 'kill'],
      maxPauseMs: 300,
    });
  });

  it('push: copies equal the organization after lost, doubled and late webhooks, and a killed receiver', async () => {
    await expectEqualCopies({
      store: 'sqlite',
      organization: 'push',
      workers: 2,
      consumers: 3,
      everyMs: 500,
      changeEveryMs: 5,
      disturbances: ['kill', 'kill'],
      maxPauseMs: 1000,
    });
  });

  it('PostgreSQL: copies equal the organization after a worker was killed and the database restarted', async () => {
    await expectEqualCopies({
      store: 'postgres',
      organization: 'stub',
      workers: 2,
      consumers: 30,
      everyMs: 500,
      changeEveryMs: 20,
      disturbances: ['kill', 'restart', 'expireLeases'],
      maxPauseMs: 500,
    });
  });
});
