import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'chai';
import { openSandboxClient, type SandboxClient } from '../support/sandbox-client.ts';

/** Number of rows; half of them exist before. `npm run soak:bulk` writes 100,000. */
const rowCount = Number(process.env.BULK_ROWS ?? 600);

/** A line of the process that writes. */
interface Line {
  readonly written?: number;
  readonly error?: string;
}

describe('client.writeMany: upserts by alternate key whose process is killed', function () {
  this.timeout(300_000 + rowCount * 40);
  let fixture: SandboxClient;
  let folder: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'killed-upsert-'));
    fixture = await openSandboxClient();
    const { store } = fixture.sandbox.organization;
    store.addKey('account', 'account_number', ['accountnumber']);
    const actor = { userId: (await fixture.client.check()).userId };
    store.transaction(() => {
      for (let number = 0; number < rowCount; number += 2)
        store.insert('account', { name: 'Old', accountnumber: String(number), telephone1: 'kept' }, actor);
    });
  });
  after(async () => {
    await fixture.close();
    rmSync(folder, { recursive: true });
  });

  function start(): ChildProcess {
    const program = join(import.meta.dirname, 'upsert-process.ts');
    const { sandbox } = fixture;
    const args = [
      sandbox.organization.origin,
      sandbox.issueToken(),
      join(folder, 'state.db'),
      String(rowCount),
    ];
    // With the options of this process, it finds the compiled manifest.
    const options = [...process.execArgv, program, ...args];
    return spawn(process.execPath, options, { stdio: ['ignore', 'pipe', 'inherit'] });
  }

  /** Runs the process until it ends, or kills it after this many rows. Returns its errors. */
  async function run(killAfter = Number.POSITIVE_INFINITY): Promise<readonly string[]> {
    const child = start();
    const errors: string[] = [];
    const ended = once(child, 'exit');
    for await (const line of createInterface({ input: child.stdout ?? process.stdin })) {
      const { written = 0, error } = JSON.parse(line) as Line;
      if (error !== undefined) errors.push(error);
      if (written >= killAfter) child.kill('SIGKILL');
    }
    await ended;
    return errors;
  }

  it('each row is there once, new and existing ones, with the new values', async () => {
    const started = performance.now();
    expect(await run(rowCount * 0.3)).to.deep.equal([]);
    expect(await run()).to.deep.equal([]);
    const seconds = (performance.now() - started) / 1000;
    if (process.env.BULK_ROWS !== undefined)
      console.log(`      ${rowCount} rows in ${seconds.toFixed(0)} s, killed once`);
    const numbers = new Set<unknown>();
    let count = 0;
    const select = ['accountnumber', 'name', 'address1_city', 'telephone1'];
    for await (const page of fixture.client.query({ table: 'account', select }, { pageSize: 5000 }))
      for (const row of page) {
        count += 1;
        numbers.add(row.accountnumber);
        const { accountnumber: number, name, address1_city: city, telephone1: phone } = row;
        const isExisting = Number(number) % 2 === 0;
        expect([name, city, phone]).to.deep.equal([`Account ${number}`, 'Oslo', isExisting ? 'kept' : null]);
      }
    expect([count, numbers.size]).to.deep.equal([rowCount, rowCount]);
  });
});
