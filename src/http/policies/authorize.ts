import type { AccessToken, TokenSource } from '../../model/token.ts';
import type { PipelineRequest, Policy } from '../pipeline-request.ts';

/**
 * Adds the access token to each attempt. After a 401, the token is renewed, with the claims that the organization asks for,
 * and the request is sent again, once per call.
 */
export function authorizePolicy(tokens: TokenSource): Policy {
  const withToken = createTokenHeaders();
  return async (request, next) => {
    const { signal, deadline, state } = request;
    const token = await tokens.getToken({ signal, deadline });
    const response = await next(withToken(request, token));
    if (response.status !== 401 || state.tokenRenewed) return response;
    const challenge = response.headers['www-authenticate'];
    const newer = await tokens.getToken({ rejectedToken: token, challenge, signal, deadline });
    state.tokenRenewed = true;
    return next(withToken(request, newer));
  };
}

/** Adds an access token to a request, and the signal of its attempt. */
export type WithToken = (
  request: PipelineRequest,
  token: AccessToken,
  signal?: AbortSignal,
) => PipelineRequest;

/** Most requests have the token of the last one, so its header is kept: a token has more than 1,000 characters. */
export function createTokenHeaders(): WithToken {
  let last: { readonly token: AccessToken; readonly authorization: string } | undefined;
  return (request, token, signal = request.signal) => {
    if (last?.token !== token) last = { token, authorization: `Bearer ${token.token.reveal()}` };
    const headers = { ...request.headers, authorization: last.authorization };
    return { ...request, headers, signal };
  };
}
