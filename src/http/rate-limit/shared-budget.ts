import { ConnectorError } from '../../errors/connector-error.ts';
import { isNumber, listOf, mapOf, objectOf, tupleOf } from '../../model/json-shape.ts';
import type { StateStore } from '../../model/runtime-services.ts';
import { emptyRateBudget, type RateBudget } from './rate-budget.ts';

/** A budget in a store. All processes that share the store share the budget. */
export interface SharedBudget {
  read(): Promise<RateBudget>;
  /** Applies `step` to the current budget. The step runs again if another process wrote at the same time. */
  update<Result>(step: (budget: RateBudget) => BudgetChange<Result>): Promise<Result>;
}

/** The new budget, and the result of the step. */
export interface BudgetChange<Result> {
  readonly budget: RateBudget;
  readonly result: Result;
}

const format = 1;
const maxTries = 100;

/**
 * Opens the budget that is stored under `key`. A value in another format counts as an empty budget. `update` throws
 * STORE_FAILED after 100 conflicts.
 */
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
      throw new ConnectorError('STORE_FAILED', `The state store rejected ${maxTries} changes of ${key}.`);
    },
  };
}

const isEntry = tupleOf(isNumber, isNumber, isNumber);
const isBudget = objectOf({
  blockedUntil: isNumber,
  nextAt: isNumber,
  spent: listOf(isEntry),
  leased: mapOf(isEntry),
});

function parse(value: string | undefined): RateBudget {
  if (value === undefined) return emptyRateBudget;
  try {
    const { format: found, ...budget } = JSON.parse(value) as RateBudget & { readonly format?: unknown };
    return found === format && isBudget(budget) ? budget : emptyRateBudget;
  } catch {
    return emptyRateBudget;
  }
}
