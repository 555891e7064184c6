/**
 * Calls every exported function of every entry point with hostile values, and prints what is wrong: `npm run fuzz:exports`.
 * `CALLS=20000` and `SEED=1` choose the calls, `ONLY=./host` the functions.
 */
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A call that keeps the process busy for longer never ends. */
const maxSilentMs = 60_000;

const folder = mkdtempSync(join(tmpdir(), 'd365-fuzz-'));
// In a process of its own: a call that never ends can be stopped, and files with hostile paths are in a folder of its own.
const child = fork(join(import.meta.dirname, 'call-exports.ts'), { cwd: folder });
let call = 'the fixtures';
let hasEnded = false;
const watchdog = startWatchdog();
child.on('message', (message: string) => {
  hasEnded = message === '';
  if (hasEnded) return;
  call = message;
  watchdog.refresh();
});
const [code] = await new Promise<[number | null]>((resolve) =>
  child.on('exit', (status) => resolve([status])),
);
clearTimeout(watchdog);
rmSync(folder, { recursive: true, force: true });
// 1: problems, which are printed; anything else is a crash, and an error outside of any promise is printed before.
if (!hasEnded) console.log(`${call}: ended the process`);
process.exitCode = code ?? 1;

function startWatchdog(): NodeJS.Timeout {
  return setTimeout(() => {
    console.log(`${call}: does not end`);
    child.kill('SIGKILL');
  }, maxSilentMs);
}
