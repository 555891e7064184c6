import type { WorkerStoreOptions } from '../open-worker-store.ts';
import type { CommandContext } from './command-context.ts';

/** The options of `d365 worker` with any action. */
export interface WorkerCommandOptions extends WorkerStoreOptions {
  readonly config?: string;
  readonly metrics?: string;
  readonly log?: string;
  readonly watch?: boolean;
  readonly all?: boolean;
  readonly reread?: boolean;
  readonly as?: string;
}

export type WorkerCommandContext = CommandContext<WorkerCommandOptions>;
