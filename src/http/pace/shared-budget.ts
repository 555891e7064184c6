import { ConnectorError } from '../../errors/connector-error.ts';
import type { StateStore } from '../../model/world.ts';
import { type Budget, emptyBudget } from './budget.ts';

/** A budget in a store: whoever shares the store shares the budget. */
export interface SharedBudget {
  read(): Promise<Budget>;
  /** Applies a step to the newest budget; the step may run again when another process was faster. */
  change<Result>(step: (budget: Budget) => Changed<Result>): Promise<Result>;
}

/** What a step makes of a budget, and what it answers. */
export interface Changed<Result> {
  readonly budget: Budget;
  readonly result: Result;
}

const format = 1;
const mostTries = 100;

/** The budget under a key. A row that is not ours, or of another format, reads as nothing spent. */
export function createSharedBudget(store: StateStore, key: string): SharedBudget {
  return {
    async read() {
      return parse((await store.get(key))?.value);
    },
    async change(step) {
      for (let n = 0; n < mostTries; n++) {
        const row = await store.get(key);
        const { budget, result } = step(parse(row?.value));
        if (await store.replace(key, JSON.stringify({ format, ...budget }), row?.version)) return result;
      }
      throw new ConnectorError('STORE_FAILED', `The state store refused ${mostTries} changes of ${key}.`);
    },
  };
}

function parse(value: string | undefined): Budget {
  if (value === undefined) return emptyBudget;
  try {
    const { format: found, ...budget } = JSON.parse(value) as Budget & { readonly format?: unknown };
    return found === format ? budget : emptyBudget;
  } catch {
    return emptyBudget;
  }
}
