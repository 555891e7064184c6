import type { CallerAuthOptions } from './caller-auth.ts';

/** Where clients look for the metadata of a resource (RFC 9728, section 3); the path of the resource follows. */
export const resourceMetadataPath = '/.well-known/oauth-protected-resource';

/**
 * The metadata of this server as an OAuth protected resource: which authorization server issues its tokens, and for which
 * scopes. https://www.rfc-editor.org/rfc/rfc9728
 */
export function protectedResourceMetadata(
  baseUrl: string,
  { issuer, audience, scope }: CallerAuthOptions,
): object {
  return {
    resource: `${baseUrl}/mcp`,
    authorization_servers: [issuer],
    // Entra names a scope with the audience it belongs to.
    ...(scope === undefined ? {} : { scopes_supported: [`${audience}/${scope}`] }),
    bearer_methods_supported: ['header'],
    resource_name: 'Dynamics 365 Customer Service',
  };
}
