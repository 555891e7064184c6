import type { Log } from 'dynamics365-connector';
import { assertOptions, type Connection, type OptionsRule } from 'dynamics365-connector/host';
import type { TableProgress } from './mirror-loop.ts';
import type { TableChoice } from './plan/plan-table.ts';
import type { MirrorLimits } from './table/table-context.ts';
import type { MirrorStrategy } from './table/table-mirror.ts';
import type { RowGuard } from './table/table-sql.ts';
import type { CommitWrite } from './table/table-store.ts';
import type { MirrorTarget } from './target/target.ts';

/** What `runMirror` needs. */
export interface MirrorOptions {
  readonly connection: Connection;
  readonly target: MirrorTarget;
  /** The tables by any of their names, with what is mirrored of them. */
  readonly tables: ReadonlyMap<string, TableChoice>;
  readonly everyMs: number;
  readonly limits?: Partial<MirrorLimits>;
  readonly log: Log;
  readonly onProgress?: (progress: TableProgress) => void;
  /** Waits until rows of a table may have changed: after the interval, or when a webhook says so. Default: the interval. */
  readonly wait?: (everyMs: number, signal: AbortSignal, table: string) => Promise<void>;
  /** Tests replace decisions. */
  readonly strategy?: MirrorStrategy;
  readonly guard?: RowGuard;
  readonly commit?: CommitWrite;
}

const optionsRule: OptionsRule<MirrorOptions> = {
  of: 'a mirror',
  types: {
    connection: 'any',
    target: 'any',
    tables: 'any',
    everyMs: 'count',
    limits: 'any',
    log: 'function',
    onProgress: 'function',
    wait: 'function',
    strategy: 'any',
    guard: 'function',
    commit: 'function',
  },
};

const limitsRule: OptionsRule<Partial<MirrorLimits>> = {
  of: 'the limits of a mirror',
  types: {
    overlapMs: 'count',
    windowEveryMs: 'count',
    checkEveryMs: 'count',
    walkEveryMs: 'count',
    columnsEveryMs: 'count',
    pageSize: 'count',
    keyPageSize: 'count',
  },
};

const choiceRule: OptionsRule<TableChoice> = {
  of: 'a table of a mirror',
  types: { columns: 'any', deletes: 'any', keepDeletedMs: 'count' },
};

/** @throws INPUT_INVALID for an unknown name: with a misspelled `deletes`, rows would be removed that should be kept */
export function assertMirrorOptions(options: MirrorOptions): void {
  const { limits, tables } = assertOptions(options, optionsRule);
  assertOptions(limits, limitsRule);
  for (const choice of tables.values()) assertOptions(choice, choiceRule);
}
