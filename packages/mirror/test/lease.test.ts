import { spawn } from 'node:child_process';
import { hostname } from 'node:os';
import { expect } from 'chai';
import { layoutTables } from '../src/target/layout.ts';
import { takeLease } from '../src/target/lease.ts';
import type { MirrorTarget } from '../src/target/target.ts';
import { openTestTarget } from './support/open-test-target.ts';

describe('the right to write to a mirror target', () => {
  let target: MirrorTarget;
  let table: string;
  beforeEach(async () => {
    target = await openTestTarget();
    table = target.dialect.tableName(layoutTables.mirror);
    await takeLease(target, 'first');
  });
  afterEach(async () => await target.close());

  const read = async () =>
    (
      await target.query<{ left: number; owner: string }>(
        `SELECT owner, until_ms - ${target.dialect.nowMs} AS left FROM ${table}`,
      )
    )[0];
  /** What another process would have written. */
  const writeOwner = (name: string, untilMs: string) =>
    target.query(`UPDATE ${table} SET owner = 'other', owner_name = $1, until_ms = ${untilMs}`, [name]);
  const takenBy = (name: string, untilMs = `${target.dialect.nowMs} + 3600000`) =>
    writeOwner(name, untilMs)
      .then(() => takeLease(target, 'second'))
      .then(
        () => 'taken',
        (error: Error) => error.message,
      );

  it('stays with a running process, of this machine or of another one', async () => {
    expect(await takenBy('elsewhere/1')).to.contain('elsewhere/1');
    const running = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'ignore' });
    try {
      const name = `${hostname()}/${running.pid}`;
      expect(await takenBy(name)).to.contain(name);
    } finally {
      running.kill('SIGKILL');
    }
  });

  it('is free when its process has ended, or after a minute without a sign of life', async () => {
    expect(await takenBy(`${hostname()}/999999999`)).to.equal('taken');
    expect(await takenBy(`${hostname()}/${process.pid}`)).to.equal('taken');
    expect(await takenBy('elsewhere/1', '0')).to.equal('taken');
  });

  it('holds for a minute, and each sign of life begins a new one', async () => {
    expect(Number((await read())?.left)).to.be.within(0, 60_000);
    const lease = await takeLease(target, 'second');
    await target.query(`UPDATE ${table} SET until_ms = 0`);
    await lease.renew();
    expect(Number((await read())?.left)).to.be.within(0, 60_000);
  });

  it('is lost to another process: the next sign of life and the next write fail', async () => {
    const lease = await takeLease(target, 'second');
    await target.transaction((sql) => lease.check(sql));
    await writeOwner('elsewhere/1', '0');
    const message = (work: Promise<unknown>) => work.then(String, (error: Error) => error.message);
    expect(await message(lease.renew())).to.contain('is written by another process');
    expect(await message(target.transaction((sql) => lease.check(sql)))).to.contain('is written by');
  });

  it('is free as soon as it is given back', async () => {
    const lease = await takeLease(target, 'second');
    await lease.release();
    expect((await read())?.owner).to.equal(null);
  });
});
