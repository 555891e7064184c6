import { entraErrors } from './entra-errors.ts';
import { EntraOAuthError } from './entra-oauth-error.ts';

/** An error as the OIDC provider throws it. */
export interface OidcError {
  readonly error?: string;
  readonly error_description?: string;
  /** Details that the provider does not send to clients. */
  readonly error_detail?: string;
  /** The rejected scopes. */
  readonly scope?: string;
  readonly message: string;
}

type Translation = readonly [test: RegExp, make: (text: string) => EntraOAuthError];

const entraErrorFactory =
  (code: number, error: string, description: string): Translation[1] =>
  () =>
    new EntraOAuthError(code, error, description);

/** The first match applies; the tested text is `error: detail`. */
const translations: readonly Translation[] = [
  [/invalid_grant: .*(expired)/, () => entraErrors.expiredGrant()],
  [
    /invalid_grant: authorization code already consumed/,
    entraErrorFactory(
      54005,
      'invalid_grant',
      'OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.',
    ),
  ],
  [
    /invalid_grant: .*(PKCE|code_verifier)/i,
    entraErrorFactory(
      501481,
      'invalid_grant',
      'The Code_Verifier does not match the code_challenge supplied in the authorization request.',
    ),
  ],
  [
    /invalid_grant: .*redirect_uri/,
    entraErrorFactory(
      500112,
      'invalid_client',
      'The reply address does not match the reply address provided when requesting Authorization code.',
    ),
  ],
  [/invalid_grant: .*referenced account not found/, () => entraErrors.disabledUser()],
  [
    /invalid_grant: device code/,
    entraErrorFactory(70000, 'bad_verification_code', 'The provided device code is not valid.'),
  ],
  [/invalid_grant/, entraErrorFactory(70000, 'invalid_grant', 'Provided grant is invalid or malformed.')],
  [
    /authorization_pending/,
    entraErrorFactory(
      70016,
      'authorization_pending',
      'OAuth 2.0 device flow error. Authorization is pending. Continue polling.',
    ),
  ],
  [/expired_token/, entraErrorFactory(70020, 'expired_token', 'The provided device code has expired.')],
  [
    /authorization_declined/,
    entraErrorFactory(70018, 'authorization_declined', 'The user declined the request.'),
  ],
  [
    /login_required/,
    entraErrorFactory(50058, 'login_required', 'A silent sign-in request was sent but no user is signed in.'),
  ],
  [
    /consent_required/,
    entraErrorFactory(
      65001,
      'consent_required',
      'The user or administrator has not consented to use the application.',
    ),
  ],
  [/interaction_required/, entraErrorFactory(50058, 'interaction_required', 'The sign-in needs the user.')],
  [
    // A refresh token covers all organizations, so a missing scope is that of an unknown one.
    /invalid_scope: refresh token missing .*https?:/,
    (text) => entraErrors.unknownResource(/(https?:\S+)\/[^/\s]*$/.exec(text)?.[1] ?? ''),
  ],
  [
    /invalid_scope/,
    entraErrorFactory(
      70011,
      'invalid_scope',
      "The provided value for the input parameter 'scope' is not valid.",
    ),
  ],
  [
    /invalid client_assertion format/,
    entraErrorFactory(50027, 'invalid_request', 'JWT token is invalid or malformed.'),
  ],
  [/invalid_client: /, (text) => entraErrors.badAssertion(text.slice('invalid_client: '.length))],
  [
    /unsupported_grant_type/,
    entraErrorFactory(70003, 'unsupported_grant_type', 'The app requested an unsupported grant type.'),
  ],
  [
    /unsupported_response_(type|mode)/,
    entraErrorFactory(
      700054,
      'unsupported_response_type',
      'The response type or mode is not enabled for the application.',
    ),
  ],
  [
    /missing required parameter/,
    (text) =>
      new EntraOAuthError(
        900144,
        'invalid_request',
        `The request body must contain the following parameter: '${/parameters? \W*(\w+)/.exec(text)?.[1]}'.`,
      ),
  ],
];

/** Translates an error of the OIDC provider to Entra's number and text. */
export function toEntraOAuthError(error: OidcError): EntraOAuthError {
  if (error instanceof EntraOAuthError) return error;
  const own = /^AADSTS(\d+): (.*)$/s.exec(error.error_description ?? '');
  if (own) return new EntraOAuthError(Number(own[1]), error.error ?? error.message, own[2] ?? '');
  const name = error.error ?? error.message;
  const text = [`${name}:`, error.error_detail, error.error_description, error.scope]
    .filter(Boolean)
    .join(' ');
  const found = translations.find(([test]) => test.test(text));
  return found
    ? found[1](text)
    : new EntraOAuthError(
        9002313,
        'invalid_request',
        `Invalid request. Request is malformed or invalid. (${text})`,
      );
}
