import type { Configuration, KoaContextWithOIDC, Provider } from 'oidc-provider';

export type { Configuration, Provider };

/** A request inside the OAuth library. */
export type OidcContext = KoaContextWithOIDC;

/** Loads the OAuth library when the first authority starts: it takes longer to load than the rest of the sandbox. */
export async function loadOidcProvider(): Promise<typeof import('oidc-provider')> {
  return await import('oidc-provider');
}
