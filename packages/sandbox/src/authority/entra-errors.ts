import type { SandboxApp } from './directory.ts';
import { EntraOAuthError } from './entra-oauth-error.ts';

/**
 * The errors that the authority decides on by itself. Texts are those of Microsoft Entra ID.
 * https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
export const entraErrors = {
  unknownTenant: (tenant: string) =>
    new EntraOAuthError(
      90002,
      'invalid_request',
      `Tenant '${tenant}' not found. Check that the tenant id is right and that you sign in to the right cloud.`,
    ),
  noTenant: () =>
    new EntraOAuthError(
      50059,
      'invalid_request',
      'No tenant-identifying information found in either the request or implied by any provided credentials.',
    ),
  notMultiTenant: (app: SandboxApp) =>
    new EntraOAuthError(
      50194,
      'invalid_request',
      `Application '${app.clientId}' (${app.name}) is not configured as a multi-tenant application. Use a tenant-specific endpoint or configure the application to be multi-tenant.`,
    ),
  unknownApp: (clientId: string, tenant: string) =>
    new EntraOAuthError(
      700016,
      'unauthorized_client',
      `Application with identifier '${clientId}' was not found in the directory '${tenant}'. You may have sent your authentication request to the wrong tenant.`,
    ),
  wrongRedirect: (app: SandboxApp, uri: string) =>
    new EntraOAuthError(
      50011,
      'invalid_redirect_uri',
      `The redirect URI '${uri}' specified in the request does not match the redirect URIs configured for the application '${app.clientId}'.`,
    ),
  wrongSecret: (app: SandboxApp) =>
    new EntraOAuthError(
      7000215,
      'invalid_client',
      `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${app.clientId}'.`,
    ),
  expiredSecret: (app: SandboxApp) =>
    new EntraOAuthError(
      7000222,
      'invalid_client',
      `The provided client secret keys for app '${app.clientId}' are expired. Create new keys for the app, or consider using certificate credentials.`,
    ),
  noCredential: () =>
    new EntraOAuthError(
      7000218,
      'invalid_client',
      "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    ),
  publicClient: () =>
    new EntraOAuthError(
      700025,
      'invalid_client',
      "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.",
    ),
  badAssertion: (reason: string) =>
    new EntraOAuthError(
      700027,
      'invalid_client',
      `The certificate with identifier used to sign the client assertion is not registered on application, or the assertion is not valid. [Reason - ${reason}.]`,
    ),
  badScope: (scope: string) =>
    new EntraOAuthError(
      70011,
      'invalid_scope',
      `The provided value for the input parameter 'scope' is not valid. The scope '${scope}' is not valid.`,
    ),
  severalResources: (scope: string) =>
    new EntraOAuthError(
      28000,
      'invalid_scope',
      `Provided value for the input parameter scope is not valid because it contains more than one resource. Scope '${scope}' is not valid.`,
    ),
  notDefaultScope: (scope: string) =>
    new EntraOAuthError(
      1002012,
      'invalid_scope',
      `The provided value for scope '${scope}' is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
    ),
  unknownResource: (resource: string, tenant = 'of the request') =>
    new EntraOAuthError(
      500011,
      'invalid_resource',
      `The resource principal named ${resource} was not found in the tenant ${tenant}. You might have sent your authentication request to the wrong tenant.`,
    ),
  unknownPermission: (scope: string, resource: string) =>
    new EntraOAuthError(
      650053,
      'invalid_scope',
      `The application asked for scope '${scope}' that doesn't exist on the resource '${resource}'.`,
    ),
  consentNeeded: (app: SandboxApp) =>
    new EntraOAuthError(
      65001,
      'invalid_grant',
      `The user or administrator has not consented to use the application with ID '${app.clientId}' named '${app.name}'. Send an interactive authorization request for this user and resource.`,
      { suberror: 'consent_required' },
    ),
  expiredGrant: () =>
    new EntraOAuthError(
      70008,
      'invalid_grant',
      'The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.',
    ),
  revokedGrant: () =>
    new EntraOAuthError(
      50173,
      'invalid_grant',
      'The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their password.',
      { suberror: 'bad_token' },
    ),
  disabledUser: () => new EntraOAuthError(50057, 'invalid_grant', 'The user account is disabled.'),
  declinedConsent: () =>
    new EntraOAuthError(65004, 'access_denied', 'User declined to consent to access the app.'),
  adminConsentNeeded: () =>
    new EntraOAuthError(90094, 'access_denied', 'The grant requires administrator permission.'),
} as const;
