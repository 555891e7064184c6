import type { Configuration, KoaContextWithOIDC, Provider } from 'oidc-provider';
import { ConnectorError } from '../../errors/connector-error.ts';

export type { Configuration, Provider };

/** A request on its way through the library. */
export type Context = KoaContextWithOIDC;

/** Loads the optional library, which only the sandbox needs. */
export async function loadLibrary(): Promise<typeof import('oidc-provider')> {
  try {
    return await import('oidc-provider');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new ConnectorError('PACKAGE_MISSING', 'The sandbox needs the package oidc-provider.', {
      advice: 'Install it: npm install --save-dev oidc-provider',
    });
  }
}
