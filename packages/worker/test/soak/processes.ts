import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadConnector } from 'dynamics365-connector';
import type { OrganisationFacts, OrganisationOrder, Truth, WorkerOrder } from './messages.ts';

/** The organisation, seen from the soak. */
export interface OrganisationProcess {
  readonly facts: OrganisationFacts;
  start(everyMs: number): void;
  /** Everything that happened. */
  stop(): Promise<readonly Truth[]>;
  end(): void;
}

export async function startOrganisation(
  owners: number,
  rowsEach: number,
  script = 'organisation.ts',
): Promise<OrganisationProcess> {
  const child = fork(join(import.meta.dirname, script));
  const say = (order: OrganisationOrder) => void child.send(order);
  const hear = async <T>() => (await once(child, 'message'))[0] as T;
  say({ do: 'prepare', owners, rowsEach });
  const facts = await hear<OrganisationFacts>();
  return {
    facts,
    start: (everyMs) => say({ do: 'start', everyMs }),
    async stop() {
      say({ do: 'stop' });
      return await hear<readonly Truth[]>();
    },
    end: () => void child.kill('SIGKILL'),
  };
}

/** Compiles the manifest into a file, once for all workers. */
export async function writeDefinition(file: string): Promise<void> {
  const { definition } = await loadConnector();
  await writeFile(file, JSON.stringify(definition));
}

/** A worker process that waits for its order. */
export async function spareWorker(): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, 'worker-process.ts'));
  await once(child, 'message');
  return child;
}

/** Gives the order; resolves when the worker runs. */
export async function send(child: ChildProcess, order: WorkerOrder): Promise<void> {
  child.send(order);
  await once(child, 'message');
}

/** Kills as a power cut does; resolves when the process is gone. */
export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
