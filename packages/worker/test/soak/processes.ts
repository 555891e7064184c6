import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadConnector } from 'dynamics365-connector';
import { runtimeOf } from 'dynamics365-connector/host';
import type { ChangedRow, OrganizationCommand, OrganizationInfo, WorkerProcessOptions } from './messages.ts';

/** Returns the file of a script. */
export type ProcessScripts = (name: string) => string;

const sourceScripts: ProcessScripts = (name) => join(import.meta.dirname, `${name}.ts`);

/** A running organization process. */
export interface OrganizationProcess {
  readonly info: OrganizationInfo;
  start(everyMs: number): void;
  /** Stops the changes and returns the changed rows. */
  stop(): Promise<readonly ChangedRow[]>;
  end(): void;
}

/** The name of a script of this folder, and its bundle if there is one. */
export interface OrganizationScript {
  readonly script: 'organization' | 'stub-organization' | 'push-organization';
  readonly scripts?: ProcessScripts;
}

export async function startOrganization(
  owners: number,
  rowsEach: number,
  { script, scripts = sourceScripts }: OrganizationScript,
): Promise<OrganizationProcess> {
  const child = fork(scripts(script));
  const send = (command: OrganizationCommand) => void child.send(command);
  const nextMessage = async <T>() => (await once(child, 'message'))[0] as T;
  send({ do: 'prepare', owners, rowsEach });
  const info = await nextMessage<OrganizationInfo>();
  return {
    info,
    start: (everyMs) => send({ do: 'start', everyMs }),
    async stop() {
      send({ do: 'stop' });
      return await nextMessage<readonly ChangedRow[]>();
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
export async function startSpareWorker(scripts: ProcessScripts = sourceScripts): Promise<ChildProcess> {
  const child = fork(scripts('worker-process'));
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

const checkIntervalMs = 200;

/** Repeats a check until it returns true, for at most `maxWaitMs`. */
export async function waitUntil(
  check: () => Promise<boolean>,
  { maxWaitMs }: { readonly maxWaitMs: number },
): Promise<void> {
  const endAt = Date.now() + maxWaitMs;
  while (!(await check()) && Date.now() < endAt) await sleep(checkIntervalMs);
}
