import { ConnectorError } from '../../errors/connector-error.ts';
import type { StateStore } from '../../model/runtime-services.ts';
import { emptyRateBudget, type RateBudget } from './rate-budget.ts';

/** A budget in a store: whoever shares the store shares the budget. */
export interface SharedBudget {
  read(): Promise<RateBudget>;
  /** Applies a step to the newest budget; the step may run again when another process was faster. */
  update<Result>(step: (budget: RateBudget) => BudgetChange<Result>): Promise<Result>;
}

/** What a step makes of a budget, and what it answers. */
export interface BudgetChange<Result> {
  readonly budget: RateBudget;
  readonly result: Result;
}

const format = 1;
const maxTries = 100;

/** The budget under a key. A row that is not ours, or of another format, reads as nothing spent. */
export function createSharedBudget(store: StateStore, key: string): SharedBudget {
  return {
    async read() {
      return parse((await store.get(key))?.value);
    },
    async update(step) {
      for (let n = 0; n < maxTries; n++) {
        const row = await store.get(key);
        const { budget, result } = step(parse(row?.value));
        if (await store.replace(key, JSON.stringify({ format, ...budget }), row?.version)) return result;
      }
      throw new ConnectorError('STORE_FAILED', `The state store refused ${maxTries} changes of ${key}.`);
    },
  };
}

function parse(value: string | undefined): RateBudget {
  if (value === undefined) return emptyRateBudget;
  try {
    const { format: found, ...budget } = JSON.parse(value) as RateBudget & { readonly format?: unknown };
    return found === format ? budget : emptyRateBudget;
  } catch {
    return emptyRateBudget;
  }
}
