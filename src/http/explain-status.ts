import type { ErrorExplanation } from '../errors/dataverse/error-explanation.ts';
import type { PipelineRequest, RawResponse } from './pipeline-request.ts';

const byStatus: Readonly<Record<number, ErrorExplanation>> = {
  401: {
    code: 'RECONNECT_NEEDED',
    cause: 'The organization does not accept the access token, not even a fresh one.',
    advice:
      'Sign in again: in the connection of your host, or with `d365 connect`. If that does not help, the token may be for another organization: check the environment URL.',
  },
  403: {
    code: 'ACCESS_DENIED',
    cause: 'The user is known, but may not do this.',
    advice: 'Ask a Dataverse administrator for a security role with the missing privilege.',
  },
  404: {
    code: 'NOT_FOUND',
    cause: 'There is no such row.',
    advice: 'Check the id; the row may have been deleted, or you may not see it.',
  },
  408: {
    code: 'TIMEOUT',
    cause: 'The organization did not get the whole request in time.',
    advice: 'Check the network, then repeat.',
  },
  413: {
    code: 'BAD_REQUEST',
    cause: 'The request is larger than the organization accepts.',
    advice: 'Send fewer or smaller values in one call; files go in chunks.',
  },
  414: {
    code: 'BAD_REQUEST',
    cause: 'The request is longer than the organization accepts.',
    advice: 'Shorten the filter or the list of columns.',
  },
  429: {
    code: 'THROTTLED',
    cause: 'A service protection limit is reached.',
    advice: 'Repeat after `retryAfterMs`, and run fewer calls at once.',
  },
  501: {
    code: 'BAD_REQUEST',
    cause: 'The organization does not offer this operation.',
    advice: 'Read the server’s words; the feature may be switched off or not exist for this table.',
  },
};

/** What the status alone says, where neither message nor code is known. */
export function explainStatus(
  { headers }: PipelineRequest,
  { status, headers: responseHeaders }: RawResponse,
): ErrorExplanation {
  if (status >= 300 && status < 400) return explainRedirect(responseHeaders.location);
  if (status === 412) return headers['if-none-match'] === '*' ? exists : changed;
  return byStatus[status] ?? (status >= 500 ? serverError : rejected);
}

const exists: ErrorExplanation = {
  code: 'DUPLICATE',
  cause: 'The row exists already.',
  advice: 'Update the existing row, or use upsert.',
};

const changed: ErrorExplanation = {
  code: 'CONFLICT',
  cause: 'The row changed since it was read.',
  advice: 'Read the row again and repeat with its new version.',
};

const serverError: ErrorExplanation = {
  code: 'UNAVAILABLE',
  cause: 'The organization answers with a server error.',
  advice: 'Repeat later; see the service health page of Power Platform if it stays.',
};

const rejected: ErrorExplanation = {
  code: 'BAD_REQUEST',
  cause: 'Dataverse refused the request.',
  advice: 'Read the server’s words: they name the column or the rule.',
};

// Only the origin of the target is shown: its query may hold tokens.
function explainRedirect(location: string | undefined): ErrorExplanation {
  const target =
    location !== undefined && URL.canParse(location) ? ` to ${new URL(location).origin}` : ' elsewhere';
  return {
    code: 'ORIGIN_REFUSED',
    cause: `The organization redirects${target}; redirects are not followed.`,
    advice:
      'The Web API never redirects: check the environment URL, and whether the organization was moved or a sign-in page stands in between.',
  };
}
