import { ConnectorError } from 'dynamics365-connector';
import type { TableChoice } from './plan/plan-table.ts';
import {
  fingerprintOf,
  type OpenedTable,
  type OpenTableOptions,
  openTable,
  readPlan,
} from './table/open-table.ts';
import { type MirrorStrategy, TableMirror } from './table/table-mirror.ts';
import type { TableState } from './table/table-state.ts';

/** How far a table is. */
export interface TableProgress {
  readonly table: string;
  readonly phase: TableState['phase'];
  /** The rows that the load has read, of those that Dataverse last counted. */
  readonly loaded: number;
  readonly expected?: number;
  readonly rowsPerSecond?: number;
  /** Milliseconds since the last read of changes. */
  readonly lagMs?: number;
  /** The last turn failed with this code. */
  readonly error?: string;
}

export interface MirrorLoopOptions extends OpenTableOptions {
  readonly tables: ReadonlyMap<string, TableChoice>;
  readonly everyMs: number;
  readonly strategy: MirrorStrategy;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: TableProgress) => void;
  readonly wait?: (everyMs: number, signal: AbortSignal, table: string) => Promise<void>;
}

/** A table while the loop runs. */
interface RunningTable {
  readonly name: string;
  readonly choice: TableChoice;
  opened?: OpenedTable;
  mirror?: TableMirror;
  state?: TableState;
  comparedAtMs: number;
}

const stoppedMessage = 'The mirror was stopped before it had read all changes.';

/** Runs the turns of all tables. */
export class MirrorLoop {
  readonly #options: MirrorLoopOptions;
  readonly #tables: readonly RunningTable[];

  constructor(options: MirrorLoopOptions) {
    this.#options = options;
    this.#tables = [...options.tables].map(([name, choice]) => ({ name, choice, comparedAtMs: 0 }));
  }

  /** The tables that are open. */
  get tables(): readonly RunningTable[] {
    return this.#tables;
  }

  /** A table or column that does not exist is reported before the first row is read. */
  async open(): Promise<void> {
    for (const table of this.#tables) await this.#open(table);
  }

  /** Repeats turns until the signal aborts. A failure is logged, and the turn is repeated after the interval. */
  async runUntil(signal: AbortSignal): Promise<void> {
    await Promise.all(this.#tables.map((table) => this.#repeat(table, signal)));
  }

  /** Takes turns until every table has all changes up to now. The first failure ends it, or the signal with ABORTED. */
  async runOnce(signal: AbortSignal): Promise<void> {
    for (const table of this.#tables) {
      let isFollowed = false;
      while (!isFollowed && !signal.aborted) {
        isFollowed = table.state?.phase === 'follow';
        await this.takeTurn(table);
        if (table.state?.walk !== undefined) isFollowed = false;
      }
      if (!isFollowed)
        throw new ConnectorError('ABORTED', stoppedMessage, { advice: 'Another run continues.' });
    }
    await this.#publish();
  }

  async #repeat(table: RunningTable, signal: AbortSignal): Promise<void> {
    const { clock, everyMs, wait = clock.sleep } = this.#options;
    while (!signal.aborted) {
      const failed = await this.#tryTurn(table, signal);
      const isWorking = table.state?.phase !== 'follow' || table.state.walk !== undefined;
      if (isWorking && !failed) continue;
      await this.#publish();
      const name = table.opened?.context.table.logicalName ?? table.name;
      await wait(everyMs, signal, name).catch(() => {});
    }
  }

  async #tryTurn(table: RunningTable, signal: AbortSignal): Promise<boolean> {
    try {
      await this.takeTurn(table);
      return false;
    } catch (error) {
      if (signal.aborted) return true;
      if (isLeaseLost(error)) throw error;
      // What was refused may be a column that is gone, and what the target lacks, a table that was dropped.
      table.comparedAtMs = 0;
      if (error instanceof ConnectorError && error.code === 'STORE_FAILED') table.mirror = undefined;
      this.#reportFailure(table, error);
      return true;
    }
  }

  /** One turn of a table. */
  async takeTurn(table: RunningTable): Promise<void> {
    const startMs = this.#options.clock.now();
    const mirror = await this.#open(table);
    const before = table.state;
    // A turn that fails has written how far it came.
    table.state = undefined;
    table.state = await mirror.turn(before ?? (await table.opened?.context.store.loadState()));
    this.#report(table, before, startMs);
  }

  /** Compares the columns with those of the organization, and removes old deleted rows, at most once a minute. */
  async #open(table: RunningTable): Promise<TableMirror> {
    const { clock, limits, connection, strategy } = this.#options;
    const nowMs = clock.now();
    if (table.mirror !== undefined && nowMs - table.comparedAtMs < limits.columnsEveryMs) return table.mirror;
    await connection.queryChecker.source.revalidate?.();
    const plan = await readPlan(table.name, table.choice, connection);
    if (table.mirror === undefined || fingerprintOf(plan) !== table.opened?.fingerprint) {
      table.opened = await openTable(table.name, table.choice, this.#options);
      table.state = table.opened.state;
      table.mirror = new TableMirror(table.opened.context, strategy);
    }
    const { keepDeletedMs } = table.choice;
    if (keepDeletedMs !== undefined) await table.opened?.context.store.removeDeleted(keepDeletedMs);
    table.comparedAtMs = nowMs;
    return table.mirror;
  }

  #report({ opened, state }: RunningTable, before: TableState | undefined, startMs: number): void {
    const { clock, onProgress } = this.#options;
    if (onProgress === undefined || opened === undefined || state === undefined) return;
    const { phase, loaded, expected } = state;
    const seconds = (clock.now() - startMs) / 1000;
    const read = loaded - (before?.load === state.load ? before.loaded : 0);
    onProgress({
      ...{ table: opened.context.table.logicalName, phase, loaded, expected },
      ...(phase === 'load' && seconds > 0 && { rowsPerSecond: Math.round(read / seconds) }),
      ...(phase === 'follow' && { lagMs: clock.now() - startMs }),
    });
  }

  #reportFailure(table: RunningTable, error: unknown): void {
    const { log, onProgress } = this.#options;
    const code = error instanceof ConnectorError ? error.code : 'UNEXPECTED';
    const reason = error instanceof ConnectorError ? error.message : errorPlace(error);
    log({ level: 'error', event: 'mirror.failed', fields: { table: table.name, code, reason } });
    const { phase = 'load', loaded = 0 } = table.opened?.state ?? {};
    onProgress?.({ table: table.name, phase, loaded, error: code });
  }

  async #publish(): Promise<void> {
    const { target } = this.#options;
    const names = this.#tables.flatMap(({ opened }) => opened?.context.table.logicalName ?? []);
    await target.publish?.(names);
  }
}

/** The name and the place of an unexpected error; its message can contain values of rows. */
function errorPlace(error: unknown): string {
  const { name = 'Error', stack = '' } = error as Partial<Error>;
  const place = /^ {4}at .*?([\w.-]+:\d+):\d+\)?$/m.exec(stack)?.[1];
  return `an unexpected error (${name}${place === undefined ? '' : ` at ${place}`})`;
}

function isLeaseLost(error: unknown): boolean {
  return error instanceof ConnectorError && error.code === 'SETTING_INVALID';
}
