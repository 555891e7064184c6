import { type Strategy, standardStrategy } from '../../src/feed/strategy.ts';
import type { Checkpoint, PollItem, PollResult } from '../../src/model/plan.ts';
import { type PollContext, type PollRequest, poll, requestOf } from './fixtures.ts';

/** Where a host dies in a round. */
export type Crash = 'none' | 'before-delivery' | 'before-checkpoint';

/** What a host has kept: a backup of it is a copy of this. */
interface SavedState {
  readonly checkpoint: Checkpoint | undefined;
  /** Ids of items that it worked through. */
  readonly delivered: ReadonlyMap<string, PollItem>;
  /** Items of the rounds that ended well, in order. */
  readonly completed: readonly PollItem[];
}

/** A host that delivers first, keeps the checkpoint then, and remembers item ids. */
export class SimulatedHost {
  saved: SavedState = { checkpoint: undefined, delivered: new Map(), completed: [] };
  readonly #backups: SavedState[] = [];
  readonly #context: PollContext;
  readonly #strategy: Strategy;
  readonly #savesBeforeDelivery: boolean;

  constructor(context: PollContext, strategy = standardStrategy, keepsFirst = false) {
    this.#context = context;
    this.#strategy = strategy;
    this.#savesBeforeDelivery = keepsFirst;
  }

  async round(request: Partial<PollRequest> = {}, crash: Crash = 'none'): Promise<PollResult> {
    const { checkpoint } = this.saved;
    const result = await poll(this.#context, requestOf({ ...request, checkpoint }), this.#strategy);
    const steps = [() => this.#deliver(result), () => this.#save(result)];
    if (this.#savesBeforeDelivery) steps.reverse();
    const done = crash === 'none' ? 2 : crash === 'before-checkpoint' ? 1 : 0;
    for (const step of steps.slice(0, done)) step();
    if (crash === 'none') this.#finishRound(result);
    return result;
  }

  /** Restores the backup from so many rounds ago. */
  fallBack(rounds: number): void {
    const index = Math.max(0, this.#backups.length - 1 - rounds);
    this.saved = this.#backups[index] ?? this.saved;
    this.#backups.length = Math.min(this.#backups.length, index + 1);
  }

  /** Backups begin now. */
  startBackups(): void {
    this.#backups.splice(0, this.#backups.length, this.saved);
  }

  #deliver({ items }: PollResult): void {
    const delivered = new Map(this.saved.delivered);
    for (const item of items) delivered.set(item.id, item);
    this.saved = { ...this.saved, delivered };
  }

  #save({ checkpoint }: PollResult): void {
    // Through JSON and back, as a host's field would take it.
    this.saved = { ...this.saved, checkpoint: JSON.parse(JSON.stringify(checkpoint)) as Checkpoint };
  }

  #finishRound({ items }: PollResult): void {
    this.saved = { ...this.saved, completed: [...this.saved.completed, ...items] };
    this.#backups.push(this.saved);
  }
}
