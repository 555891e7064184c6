import type { Answer, Exchange } from '../exchange.ts';
import { compareBatch } from './batch.ts';
import { compareBodies } from './body.ts';
import { type Difference, difference } from './difference.ts';
import { compareHeaders, compareStatus } from './headers.ts';

/** The differences of an answer from the documented or recorded response; empty when there are none. */
export function compareAnswer(exchange: Exchange, answer: Answer): readonly Difference[] {
  const expected = exchange.response;
  if (!expected) return [difference('body', 'the exchange has no response')];
  return [
    ...compareStatus(exchange, { expected: expected.status, found: answer.status }),
    ...compareHeaders(exchange, expected.headers, answer),
    ...(exchange.request.url.endsWith('$batch')
      ? compareBatch(exchange, expected, answer)
      : compareBodies(exchange, expected.body, answer.body)),
  ];
}
