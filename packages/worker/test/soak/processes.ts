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

/** The organization, seen from the soak. */
export interface OrganizationProcess {
  readonly info: OrganizationInfo;
  start(everyMs: number): void;
  /** Everything that happened. */
  stop(): Promise<readonly ExpectedEvent[]>;
  end(): void;
}

export async function startOrganization(
  owners: number,
  rowsEach: number,
  script = 'organization.ts',
): Promise<OrganizationProcess> {
  const child = fork(join(import.meta.dirname, script));
  const report = (options: OrganizationCommand) => void child.send(options);
  const nextMessage = async <T>() => (await once(child, 'message'))[0] as T;
  report({ do: 'prepare', owners, rowsEach });
  const facts = await nextMessage<OrganizationInfo>();
  return {
    info: facts,
    start: (everyMs) => report({ do: 'start', everyMs }),
    async stop() {
      report({ do: 'stop' });
      return await nextMessage<readonly ExpectedEvent[]>();
    },
    end: () => void child.kill('SIGKILL'),
  };
}

/** Compiles the manifest into a file, once for all workers. */
export async function writeDefinition(file: string): Promise<void> {
  const { definition } = runtimeOf(await loadConnector());
  await writeFile(file, JSON.stringify(definition));
}

/** A worker process that waits for its order. */
export async function startSpareWorker(): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, 'worker-process.ts'));
  await once(child, 'message');
  return child;
}

/** Gives the order; resolves when the worker runs. */
export async function startWork(child: ChildProcess, options: WorkerProcessOptions): Promise<void> {
  child.send(options);
  await once(child, 'message');
}

/** Kills as a power cut does; resolves when the process is gone. */
export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

export const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
