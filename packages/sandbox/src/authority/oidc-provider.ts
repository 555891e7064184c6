import type { Configuration, KoaContextWithOIDC, Provider } from 'oidc-provider';

export type { Configuration, Provider };

/** A request inside the OIDC provider. */
export type OidcContext = KoaContextWithOIDC;

/** Imports the package on first use, because it loads slower than the rest of the sandbox. */
export async function loadOidcProvider(): Promise<typeof import('oidc-provider')> {
  return await import('oidc-provider');
}
