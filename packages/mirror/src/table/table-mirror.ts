import { findRestore } from './check-restore.ts';
import { loadPage, startLoad, withSmallerPages } from './load-rows.ts';
import { isStillOlder, OlderRowsError } from './older-rows.ts';
import { readChanges } from './read-changes.ts';
import { readLateDeletions, readNewestDeletions } from './read-deletions.ts';
import { readNewest } from './read-newest.ts';
import type { TableContext } from './table-context.ts';
import type { TableState } from './table-state.ts';
import { walkPage } from './walk-keys.ts';

/** Decisions that keep a mirror right. A test shows that each of them is needed. */
export interface MirrorStrategy {
  /** Whether a walk over the keys follows the load. */
  readonly compare: typeof walkPage;
}

export const standardStrategy: MirrorStrategy = { compare: walkPage };

/** A turn works so long on pages before it looks for changes again. */
const maxWalkMs = 5000;
/** The read of the whole window takes at most this part of the time. */
const maxWindowShare = 0.1;

/** Keeps one table of the target equal to the organization, turn by turn. */
export class TableMirror {
  readonly #context: TableContext;
  readonly #strategy: MirrorStrategy;
  #windowDueMs = 0;

  constructor(context: TableContext, strategy: MirrorStrategy = standardStrategy) {
    this.#context = context;
    this.#strategy = strategy;
  }

  /**
   * One turn: a part of the load or of the first walk, else the changes and deletions since the last turn.
   *
   * @param state that of the last turn; undefined for a new table
   */
  async turn(state: TableState | undefined): Promise<TableState> {
    const context = this.#context;
    if (state === undefined) return await this.#save(await startLoad(context, undefined, 'first'));
    try {
      switch (state.phase) {
        case 'load':
          return await this.#repeat(state, (current) => loadPage(context, current), 'load');
        case 'compare':
          return await this.#repeat(state, (current) => this.#strategy.compare(context, current), 'compare');
        case 'follow':
          return await this.#follow(state);
      }
    } catch (error) {
      if (context.pages.reduce(error)) return await this.#shrinkPages(state);
      if (!(error instanceof OlderRowsError)) throw error;
      return await this.#onOlderRows(state, error);
    }
  }

  async #follow(before: TableState): Promise<TableState> {
    const context = this.#context;
    const { limits, clock } = context;
    let state = await readNewest(context, before);
    state = await readNewestDeletions(context, state);
    if (clock.now() >= this.#windowDueMs) state = await this.#readWindow(state);
    if (state.readAtMs - state.checkedAtMs >= limits.checkEveryMs) {
      if (await findRestore(context, state)) return await this.#restart(state);
      state = { ...state, checkedAtMs: state.readAtMs };
    }
    if (state.walk !== undefined || state.readAtMs >= (state.nextWalkAtMs ?? 0))
      state = await this.#repeat(state, (current) => walkPage(context, current), 'follow');
    return await this.#save(state);
  }

  async #readWindow(before: TableState): Promise<TableState> {
    const { clock, limits } = this.#context;
    const startedMs = clock.now();
    const state = await readLateDeletions(this.#context, await readChanges(this.#context, before));
    const tookMs = clock.now() - startedMs;
    this.#windowDueMs = clock.now() + Math.max(limits.windowEveryMs, tookMs / maxWindowShare);
    return state;
  }

  /** Repeats a step until the phase changes, a walk has ended, or some seconds have passed. */
  async #repeat(
    before: TableState,
    step: (state: TableState) => Promise<TableState>,
    phase: TableState['phase'],
  ): Promise<TableState> {
    const { clock, signal } = this.#context;
    const endMs = clock.now() + maxWalkMs;
    let state = before;
    do state = await step(state);
    while (
      state.phase === phase &&
      (phase !== 'follow' || state.walk !== undefined) &&
      clock.now() < endMs &&
      signal?.aborted !== true
    );
    return state;
  }

  /** The turn begins again where it was written to be. */
  async #shrinkPages(before: TableState): Promise<TableState> {
    const { store, pages } = this.#context;
    return await this.#save(withSmallerPages((await store.loadState()) ?? before, pages.rows));
  }

  async #onOlderRows(state: TableState, { known }: OlderRowsError): Promise<TableState> {
    return (await isStillOlder(this.#context, known)) ? await this.#restart(state) : state;
  }

  async #restart(state: TableState): Promise<TableState> {
    const { log, table } = this.#context;
    log({ level: 'warn', event: 'mirror.restored', fields: { table: table.logicalName } });
    return await this.#save(await startLoad(this.#context, state, 'restored'));
  }

  async #save(state: TableState): Promise<TableState> {
    await this.#context.store.write({ state });
    return state;
  }
}
