import { ConnectorError } from '../../errors/connector-error.ts';
import type { AccessToken, TokenSource } from '../../model/token.ts';
import { NoAnswer } from '../no-answer.ts';
import type { Passage, Policy } from '../passage.ts';

/**
 * Gives each attempt its token. A 401 buys the call one new token and one more try, and no second. Where no
 * token can be had for a passing reason, nothing was sent, and the attempt may be repeated whatever it is.
 */
export function authorize(tokens: TokenSource): Policy {
  return async (passage, next) => {
    const { signal, tally } = passage;
    const token = await ask(tokens, { signal });
    const reply = await next(withToken(passage, token));
    if (reply.status !== 401 || tally.renewed) return reply;
    const newer = await ask(tokens, { rejected: token, signal });
    tally.renewed = true;
    return next(withToken(passage, newer));
  };
}

async function ask(tokens: TokenSource, options: Parameters<TokenSource['get']>[0]): Promise<AccessToken> {
  try {
    return await tokens.get(options);
  } catch (error) {
    if (!(error instanceof ConnectorError) || !error.retryable) throw error;
    throw new NoAnswer(error.code, error.message, { ...error.details, sent: false });
  }
}

function withToken(passage: Passage, token: AccessToken): Passage {
  return { ...passage, headers: { ...passage.headers, authorization: `Bearer ${token.secret.reveal()}` } };
}
