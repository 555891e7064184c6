import type { ErrorExplanation } from '../errors/dataverse/error-explanation.ts';
import { errorCodes } from '../errors/error-codes.ts';
import type { PipelineRequest, RawResponse } from './pipeline-request.ts';

const byStatus: Readonly<Record<number, ErrorExplanation>> = {
  401: {
    code: 'RECONNECT_NEEDED',
    cause: 'The organization rejects the access token, also after it was renewed.',
    advice:
      'Sign in again: in the connection of your host, or with `d365 connect`. If the error stays, check the environment URL: the token may be for another organization.',
  },
  403: {
    code: 'ACCESS_DENIED',
    cause: 'The user does not have the permission for this operation.',
    advice: 'Ask a Dataverse administrator for a security role with the missing privilege.',
  },
  404: {
    code: 'NOT_FOUND',
    cause: 'The row does not exist.',
    advice: 'Check the id. The row may have been deleted, or the user may not have access to it.',
  },
  408: {
    code: 'TIMEOUT',
    cause: 'The organization did not receive the complete request in time.',
    advice: 'Check the network, then try again.',
  },
  413: {
    code: 'BAD_REQUEST',
    cause: 'The request is larger than the organization accepts.',
    advice: 'Send fewer or smaller values in one call. Upload files in chunks.',
  },
  414: {
    code: 'BAD_REQUEST',
    cause: 'The URL of the request is longer than the organization accepts.',
    advice: 'Shorten the filter or the list of columns.',
  },
  429: {
    code: 'THROTTLED',
    cause: 'A service protection limit of the organization is reached.',
    advice: 'Try again after `retryAfterMs`, and run fewer calls at the same time.',
  },
  501: {
    code: 'BAD_REQUEST',
    cause: 'The organization does not support this operation.',
    advice: 'Read the server’s message: the feature may be disabled, or the table may not support it.',
  },
};

/** Explains an HTTP status, for errors whose message and code are unknown. */
export function explainStatus(
  { headers }: PipelineRequest,
  { status, headers: responseHeaders }: RawResponse,
): ErrorExplanation {
  if (status >= 300 && status < 400) return explainRedirect(responseHeaders.location);
  if (status === 412) return headers['if-none-match'] === '*' ? exists : changed;
  return byStatus[status] ?? (status >= 500 ? serverError : rejected);
}

/** A 401 that asks for more than the token has, after a token that should have it. */
export function explainClaims({ status, headers }: RawResponse): ErrorExplanation | undefined {
  const challenge = headers['www-authenticate'] ?? '';
  return status === 401 && /\berror="?insufficient_claims\b/i.test(challenge) ? claimsMissing : undefined;
}

const claimsMissing: ErrorExplanation = {
  code: 'CLAIMS_REQUIRED',
  cause:
    'The organization requires more of the sign-in than the access token has, also after it was renewed.',
  advice: errorCodes.CLAIMS_REQUIRED.advice,
};

const exists: ErrorExplanation = {
  code: 'DUPLICATE',
  cause: 'The row already exists.',
  advice: 'Update the existing row, or use upsert.',
};

const changed: ErrorExplanation = {
  code: 'CONFLICT',
  cause: 'The row has changed since it was read.',
  advice: 'Read the row again, and try again with its new version.',
};

const serverError: ErrorExplanation = {
  code: 'UNAVAILABLE',
  cause: 'The organization returned a server error.',
  advice: 'Try again later. If the error stays, see the service health page of Power Platform.',
};

const rejected: ErrorExplanation = {
  code: 'BAD_REQUEST',
  cause: 'Dataverse rejected the request.',
  advice: 'Read the server’s message: it names the column or the rule.',
};

// Only the origin of the target is shown, because its query may contain tokens.
function explainRedirect(location: string | undefined): ErrorExplanation {
  const target = location !== undefined && URL.canParse(location) ? ` to ${new URL(location).origin}` : '';
  return {
    code: 'ORIGIN_REFUSED',
    cause: `The organization redirects${target}; redirects are not followed.`,
    advice:
      'The Web API never redirects. Check the environment URL, whether the organization was moved, and whether a proxy shows a sign-in page.',
  };
}
