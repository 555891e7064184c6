import type { Model } from '../../src/model/types.ts';
import { compareAnswer } from './compare/compare.ts';
import { dropContradictions } from './compare/contradictions.ts';
import type { Difference } from './compare/difference.ts';
import { explainDifferences } from './compare/explain.ts';
import type { Exchange } from './exchange.ts';
import { type Replay, replayExchange } from './replay-exchange.ts';
import { findSkipReason } from './skip-reason.ts';

/** The result of one exchange. */
export type Judgement =
  | { readonly exchange: Exchange; readonly outcome: 'left out'; readonly reason: string }
  | { readonly exchange: Exchange; readonly outcome: 'error'; readonly reason: string }
  | {
      readonly exchange: Exchange;
      readonly outcome: 'compared';
      readonly differences: readonly Difference[];
      /** Presumed rows that could not be created. */
      readonly problems: readonly string[];
      /** What the recorded organization decided, and how the replay follows it. */
      readonly notes: readonly string[];
    };

/**
 * Replays exchanges and compares the answers. An exchange whose replay fails is reported as an error; the others go on.
 * `replay` replaces the sandbox in tests.
 */
export async function* judge(
  exchanges: readonly Exchange[],
  model: Model,
  replay: (exchange: Exchange) => Promise<Replay> = replayExchange,
): AsyncGenerator<Judgement> {
  for (const exchange of exchanges) {
    try {
      const reason = findSkipReason(exchange, model);
      if (reason !== undefined) {
        yield { exchange, outcome: 'left out', reason };
        continue;
      }
      const { answer, problems, notes } = await replay(exchange);
      const consistent = dropContradictions(exchange);
      const found = compareAnswer(consistent.exchange, answer);
      const { differences, reasons } = explainDifferences(exchange, found);
      const allNotes = [...notes, ...consistent.reasons, ...reasons];
      yield { exchange, outcome: 'compared', differences, problems, notes: allNotes };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      yield { exchange, outcome: 'error', reason };
    }
  }
}
