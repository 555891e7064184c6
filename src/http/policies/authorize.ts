import type { AccessToken, TokenSource } from '../../model/token.ts';
import type { PipelineRequest, Policy } from '../pipeline-request.ts';

/** Adds the access token to each attempt. After a 401, the token is renewed and the request sent again, once per call. */
export function authorizePolicy(tokens: TokenSource): Policy {
  return async (request, next) => {
    const { signal, state } = request;
    const token = await tokens.getToken({ signal });
    const response = await next(withToken(request, token));
    if (response.status !== 401 || state.tokenRenewed) return response;
    const newer = await tokens.getToken({ rejectedToken: token, signal });
    state.tokenRenewed = true;
    return next(withToken(request, newer));
  };
}

function withToken(request: PipelineRequest, token: AccessToken): PipelineRequest {
  return { ...request, headers: { ...request.headers, authorization: `Bearer ${token.token.reveal()}` } };
}
