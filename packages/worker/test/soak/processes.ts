import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadConnector } from 'dynamics365-connector';
import { runtimeOf } from 'dynamics365-connector/host';
import type {
  ExpectedEvent,
  OrganizationCommand,
  OrganizationInfo,
  WorkerProcessOptions,
} from './messages.ts';

/** A running organization process. */
export interface OrganizationProcess {
  readonly info: OrganizationInfo;
  start(everyMs: number): void;
  /** Stops the changes and returns all expected events. */
  stop(): Promise<readonly ExpectedEvent[]>;
  end(): void;
}

export async function startOrganization(
  owners: number,
  rowsEach: number,
  script = 'organization.ts',
): Promise<OrganizationProcess> {
  const child = fork(join(import.meta.dirname, script));
  const send = (command: OrganizationCommand) => void child.send(command);
  const nextMessage = async <T>() => (await once(child, 'message'))[0] as T;
  send({ do: 'prepare', owners, rowsEach });
  const info = await nextMessage<OrganizationInfo>();
  return {
    info,
    start: (everyMs) => send({ do: 'start', everyMs }),
    async stop() {
      send({ do: 'stop' });
      return await nextMessage<readonly ExpectedEvent[]>();
    },
    end: () => void child.kill('SIGKILL'),
  };
}

/** Compiles the manifest to a file, once for all workers. */
export async function writeDefinition(file: string): Promise<void> {
  const { definition } = runtimeOf(await loadConnector());
  await writeFile(file, JSON.stringify(definition));
}

/** Starts a worker process that waits for its options. */
export async function startSpareWorker(): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, 'worker-process.ts'));
  await once(child, 'message');
  return child;
}

/** Sends the options. Resolves when the worker runs. */
export async function startWork(child: ChildProcess, options: WorkerProcessOptions): Promise<void> {
  child.send(options);
  await once(child, 'message');
}

/** Kills a process without notice, as a power failure does. Resolves when the process has ended. */
export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

export const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Repeats a check until it returns true, for at most `maxWaitMs`. */
export async function waitUntil(
  check: () => boolean | Promise<boolean>,
  { intervalMs, maxWaitMs }: { readonly intervalMs: number; readonly maxWaitMs: number },
): Promise<void> {
  for (let waitedMs = 0; !(await check()) && waitedMs < maxWaitMs; waitedMs += intervalMs)
    await sleep(intervalMs);
}
