import type { AccessToken, TokenSource } from '../../model/token.ts';
import type { Passage, Policy } from '../passage.ts';

/** Gives each attempt its token. A 401 buys the call one new token and one more try, and no second. */
export function authorize(tokens: TokenSource): Policy {
  return async (passage, next) => {
    const { signal, tally } = passage;
    const token = await tokens.get({ signal });
    const reply = await next(withToken(passage, token));
    if (reply.status !== 401 || tally.renewed) return reply;
    const newer = await tokens.get({ rejected: token, signal });
    tally.renewed = true;
    return next(withToken(passage, newer));
  };
}

function withToken(passage: Passage, token: AccessToken): Passage {
  return { ...passage, headers: { ...passage.headers, authorization: `Bearer ${token.secret.reveal()}` } };
}
