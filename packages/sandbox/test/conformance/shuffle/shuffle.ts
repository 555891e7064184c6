import type { Model } from '../../../src/model/types.ts';
import { createSeededRandom, type Random } from '../../../src/random.ts';
import type { Exchange } from '../exchange.ts';
import { shuffleIds } from './shuffle-ids.ts';
import { shuffleValues } from './shuffle-values.ts';

/**
 * Replaces ids, versions, numbers, names and texts of each exchange by random ones of the same type, the same value
 * always by the same one, and changes the order of the exchanges. A sandbox that answers by its rules, and not by
 * known examples, gets the same score. The same seed gives the same exchanges.
 */
export function shuffleExchanges(
  exchanges: readonly Exchange[],
  model: Model,
  seed: number,
): readonly Exchange[] {
  const random = createSeededRandom(seed);
  const changed = exchanges.map((exchange) =>
    exchange.problem === undefined ? shuffleIds(shuffleValues(exchange, model, random), random) : exchange,
  );
  return shuffleOrder(changed, random);
}

/** A copy in random order (Fisher-Yates). */
function shuffleOrder<T>(items: readonly T[], random: Random): readonly T[] {
  const shuffled = [...items];
  for (let last = shuffled.length - 1; last > 0; last--) {
    const other = Math.floor(random.next() * (last + 1));
    [shuffled[last], shuffled[other]] = [shuffled[other] as T, shuffled[last] as T];
  }
  return shuffled;
}
