import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { ConnectorError } from '../../src/index.ts';
import { type FuzzedFunction, fuzzFunctions } from './fuzz-functions.ts';

const run = promisify(execFile);

describe('exported functions with hostile values', () => {
  it('of all entry points answer or throw a ConnectorError, and leave nothing behind (npm run fuzz:exports)', async () => {
    const flags = ['--conditions=development', '--disable-warning=ExperimentalWarning'];
    const env = { ...process.env, CALLS: '550', MAX_BUSY_MS: '60000', NODE_OPTIONS: '' };
    const script = join(import.meta.dirname, 'run-exports.ts');
    const { stdout } = await run(process.execPath, [...flags, script], { env }).catch((error) => error);
    expect(stdout).to.match(/^550 calls of \d+ functions: 0 problems\./);
  });
});

describe('the fuzz of exported functions', () => {
  const options = {
    ...{ calls: 60, seed: 1, maxBusyMs: () => 60_000, maxWaitMs: 60_000 },
    isExpected: (error: unknown) => error instanceof ConnectorError,
  };
  const problemsOf = async (call: FuzzedFunction['call'], changed = {}) => {
    const functions = [{ name: 'f', call, good: [{ id: 'x' }] }];
    const found = await fuzzFunctions(functions, { ...options, ...changed });
    return found.map(({ problem }) => problem).join('\n');
  };

  it('finds nothing wrong with a function that rejects what it cannot use', async () => {
    const careful = (value: unknown) => {
      if (typeof value !== 'string') throw new ConnectorError('INPUT_INVALID', 'no text');
    };
    expect(await problemsOf(careful)).to.equal('');
  });

  it('finds another error', async () => {
    expect(await problemsOf((value: { id: string }) => value.id.trim())).to.include('TypeError');
  });

  it('finds a rejection that nobody waits for', async () => {
    const careless = (value: unknown) => {
      if (value === null) void Promise.reject(new Error('lost'));
    };
    expect(await problemsOf(careless, { calls: 200 })).to.include('unhandled rejection: Error: lost');
  });

  it('finds a changed prototype', async () => {
    const polluting = () => {
      (Object.prototype as Record<string, unknown>).polluted = true;
    };
    try {
      expect(await problemsOf(polluting, { calls: 1 })).to.include('changed the prototype: Object');
    } finally {
      delete (Object.prototype as Record<string, unknown>).polluted;
    }
  });

  it('finds a promise that never ends, and a call that keeps the process busy', async () => {
    const waiting = await problemsOf(() => new Promise(() => {}), { calls: 1, maxWaitMs: 10 });
    expect(waiting).to.include('does not end');
    const busy = await problemsOf(() => JSON.stringify(new Array(100_000).fill('a')), {
      ...{ calls: 1, maxBusyMs: () => 0 },
    });
    expect(busy).to.include('of processor time');
  });
});
