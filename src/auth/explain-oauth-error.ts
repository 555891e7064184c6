import { ConnectorError } from '../errors/connector-error.ts';
import { explainEntraError, parseEntraError } from './entra-error.ts';

/** What the OAuth library throws, as far as we read it: its stable `code`, and the cause of that code. */
interface OAuthLibraryError {
  readonly code?: string;
  readonly status?: number;
  readonly cause?: unknown;
}

/**
 * An error of the OAuth library, rebuilt as ours. Nothing of the original is kept, because its cause holds
 * whole token answers. `scrub` takes secrets of the request out of the authority's words.
 */
export function explainOAuthError(error: unknown, scrub: (text: string) => string): ConnectorError {
  if (error instanceof ConnectorError) return error;
  const { code, status, cause } = (error ?? {}) as OAuthLibraryError;
  switch (code) {
    case 'OAUTH_RESPONSE_BODY_ERROR':
      return explainEntraError(parseEntraError(cause as Record<string, unknown>, scrub), status);
    case 'OAUTH_AUTHORIZATION_RESPONSE_ERROR':
      return explainEntraError(parseEntraError(Object.fromEntries(cause as URLSearchParams), scrub));
    case 'OAUTH_JWT_CLAIM_COMPARISON_FAILED':
      return invalidIdToken(`its ${describeClaim(cause)} is not the expected one`);
    case 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED':
      return invalidIdToken(`its ${describeClaim(cause)} does not fit the clock of this machine`);
    case 'OAUTH_RESPONSE_IS_NOT_JSON':
    case 'OAUTH_PARSE_ERROR':
      return new ConnectorError(
        'RESPONSE_NOT_JSON',
        'The sign-in authority answered with something other than JSON.',
        {
          advice: 'Check whether a proxy or a sign-in page stands between this machine and the authority.',
        },
      );
    default:
      return new ConnectorError(
        'RESPONSE_INVALID',
        'The sign-in authority gave an answer that OAuth does not know.',
      );
  }
}

const claimNames: Readonly<Record<string, string>> = {
  iss: 'issuer',
  aud: 'audience',
  azp: 'authorized party',
  nonce: 'nonce',
  exp: 'expiry',
  nbf: 'start',
  iat: 'time of issue',
};

function describeClaim(cause: unknown): string {
  const claim = (cause as { readonly claim?: unknown } | undefined)?.claim;
  return typeof claim === 'string' && Object.hasOwn(claimNames, claim) ? claimNames[claim]! : 'content';
}

function invalidIdToken(why: string): ConnectorError {
  return new ConnectorError('SIGN_IN_INVALID', `The id token does not belong to this sign-in: ${why}.`);
}
