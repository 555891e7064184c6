import type { WorkerStoreOptions } from '../open-worker-store.ts';
import type { CommandContext } from './command-context.ts';

/** Options of `d365 worker` and its actions. */
export interface WorkerCommandOptions extends WorkerStoreOptions {
  readonly config?: string;
  readonly metrics?: string;
  readonly log?: string;
  readonly watch?: boolean;
  readonly deadLetters?: boolean;
}

/** `d365 worker …` as it was typed. */
export type WorkerCommand = CommandContext<WorkerCommandOptions>;
