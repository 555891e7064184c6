import type { AccessToken, TokenSource } from '../../model/token.ts';
import type { PipelineRequest, Policy } from '../pipeline-request.ts';

/**
 * Adds the access token to each attempt. After a 401, the token is renewed, with the claims that the organization asks for,
 * and the request is sent again, once per call.
 */
export function authorizePolicy(tokens: TokenSource): Policy {
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

/** A request with an access token, and the signal of its attempt. */
export function withToken(
  request: PipelineRequest,
  { token }: AccessToken,
  signal = request.signal,
): PipelineRequest {
  const headers = { ...request.headers, authorization: `Bearer ${token.reveal()}` };
  return { ...request, headers, signal };
}
