import { ConnectorError } from '../errors/connector-error.ts';
import { explainEntraError, parseEntraError } from './entra-error.ts';

/** The members of an OAuth library error that are read: its stable `code` and its cause. */
interface OAuthLibraryError {
  readonly code?: string;
  readonly status?: number;
  readonly cause?: unknown;
}

/**
 * Converts an error of the OAuth library. The original error is not kept, because its cause contains complete token
 * responses. `scrub` removes the secrets of the request from the authority's texts.
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
      return invalidIdToken(`its ${describeClaim(cause)} is not the expected value`);
    case 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED':
      return invalidIdToken(`its ${describeClaim(cause)} does not match the clock of this machine`);
    case 'OAUTH_RESPONSE_IS_NOT_JSON':
    case 'OAUTH_PARSE_ERROR':
      return new ConnectorError('RESPONSE_NOT_JSON', 'The response of the sign-in authority is not JSON.', {
        advice: 'Check whether a proxy or a sign-in page answers instead of the authority.',
      });
    default:
      return new ConnectorError(
        'RESPONSE_INVALID',
        'The response of the sign-in authority is not a valid OAuth response.',
      );
  }
}

const claimNames: Readonly<Record<string, string>> = {
  iss: 'issuer',
  aud: 'audience',
  azp: 'authorized party',
  nonce: 'nonce',
  exp: 'expiry',
  nbf: 'start time',
  iat: 'time of issue',
};

function describeClaim(cause: unknown): string {
  const claim = (cause as { readonly claim?: unknown } | undefined)?.claim;
  const name = typeof claim === 'string' && Object.hasOwn(claimNames, claim) ? claimNames[claim] : undefined;
  return name ?? 'content';
}

function invalidIdToken(reason: string): ConnectorError {
  return new ConnectorError('SIGN_IN_INVALID', `The id token is not valid for this sign-in: ${reason}.`);
}
