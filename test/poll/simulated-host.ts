import type { Checkpoint, PollItem, PollResult } from '../../src/model/plan.ts';
import type { PollContext, PollRequest } from '../../src/poll/poll-context.ts';
import { pollTrigger } from '../../src/poll/poll-trigger.ts';
import { type Strategy, standardStrategy } from '../../src/poll/strategy.ts';
import { requestOf } from './fixtures.ts';

/** Where a host dies in a round. */
export type Crash = 'none' | 'before-delivery' | 'before-checkpoint';

/** What a host has kept: a backup of it is a copy of this. */
interface Kept {
  readonly checkpoint: Checkpoint | undefined;
  /** Ids of items that it worked through. */
  readonly delivered: ReadonlyMap<string, PollItem>;
  /** Items of the rounds that ended well, in order. */
  readonly settled: readonly PollItem[];
}

/** A host that delivers first, keeps the checkpoint then, and remembers item ids. */
export class SimulatedHost {
  kept: Kept = { checkpoint: undefined, delivered: new Map(), settled: [] };
  readonly #backups: Kept[] = [];
  readonly #context: PollContext;
  readonly #strategy: Strategy;
  readonly #keepsFirst: boolean;

  constructor(context: PollContext, strategy = standardStrategy, keepsFirst = false) {
    this.#context = context;
    this.#strategy = strategy;
    this.#keepsFirst = keepsFirst;
  }

  async round(request: Partial<PollRequest> = {}, crash: Crash = 'none'): Promise<PollResult> {
    const { checkpoint } = this.kept;
    const given = { ...request, ...(checkpoint === undefined ? {} : { checkpoint }) };
    const result = await pollTrigger(this.#context, requestOf(given), this.#strategy);
    const steps = [() => this.#deliver(result), () => this.#keep(result)];
    if (this.#keepsFirst) steps.reverse();
    const done = crash === 'none' ? 2 : crash === 'before-checkpoint' ? 1 : 0;
    for (const step of steps.slice(0, done)) step();
    if (crash === 'none') this.#settle(result);
    return result;
  }

  /** Restores the backup from so many rounds ago. */
  fallBack(rounds: number): void {
    const index = Math.max(0, this.#backups.length - 1 - rounds);
    this.kept = this.#backups[index] ?? this.kept;
    this.#backups.length = Math.min(this.#backups.length, index + 1);
  }

  /** Backups begin now. */
  startBackups(): void {
    this.#backups.splice(0, this.#backups.length, this.kept);
  }

  #deliver({ items }: PollResult): void {
    const delivered = new Map(this.kept.delivered);
    for (const item of items) delivered.set(item.id, item);
    this.kept = { ...this.kept, delivered };
  }

  #keep({ checkpoint }: PollResult): void {
    // Through JSON and back, as a host's field would take it.
    this.kept = { ...this.kept, checkpoint: JSON.parse(JSON.stringify(checkpoint)) as Checkpoint };
  }

  #settle({ items }: PollResult): void {
    this.kept = { ...this.kept, settled: [...this.kept.settled, ...items] };
    this.#backups.push(this.kept);
  }
}
