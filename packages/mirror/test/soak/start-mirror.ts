import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { mirrorProcessSettings } from '../../src/mirror-process.ts';
import type { MirrorMessage, MirrorProcessOptions } from './messages.ts';

/** A mirror in a process of its own, which is started as `d365 mirror` starts itself. */
export interface MirrorProcess {
  /** Resolves when the mirror has reported this phase, or any. */
  reach(phase?: string): Promise<void>;
  /** The highest memory above that before the first row, in MB. */
  extraMb(): number;
  /** As by a power failure. */
  kill(): Promise<void>;
}

export async function startMirror(options: MirrorProcessOptions): Promise<MirrorProcess> {
  const { flags, env } = mirrorProcessSettings;
  const child = fork(join(import.meta.dirname, 'mirror-process.ts'), {
    execArgv: [...process.execArgv, ...flags],
    env: { ...env, ...process.env },
  });
  await once(child, 'message');
  let latest: MirrorMessage | undefined;
  child.on('message', (message: MirrorMessage) => {
    latest = message;
  });
  child.send(options);
  return {
    async reach(phase) {
      while (latest === undefined || (phase !== undefined && latest.phase !== phase)) {
        if (child.exitCode !== null) throw new Error(`The mirror ended with ${child.exitCode}.`);
        await sleep(20);
      }
    },
    extraMb: () => Math.round((latest?.extraBytes ?? 0) / 1_048_576),
    async kill() {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
}
