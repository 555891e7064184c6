import type { Model } from '../../../src/model/types.ts';
import type { Exchange } from '../exchange.ts';

export function shuffleExchanges(
  exchanges: readonly Exchange[],
  _model: Model,
  _seed: number,
): readonly Exchange[] {
  return exchanges;
}
