import { type ClientApplication, Secret } from 'dynamics365-connector';
import type { ConnectionSecrets, SavedConnection } from 'dynamics365-connector/node';

/** The app registration of the service. */
export interface ServiceApplication extends ClientApplication {
  /** The address in a secret manager from which saved connections read the client secret, so that they do not keep it. */
  readonly secretFrom?: string;
}

/** The part of a saved connection that says where its client secret is: in a secret manager, or in the vault. */
export async function toSavedSecret({ clientSecret, secretFrom }: ServiceApplication): Promise<{
  readonly saved: Pick<SavedConnection, 'secretFrom'>;
  readonly secrets: ConnectionSecrets;
}> {
  if (secretFrom !== undefined) return { saved: { secretFrom }, secrets: {} };
  const given = typeof clientSecret === 'function' ? await clientSecret() : clientSecret;
  if (given === undefined) return { saved: {}, secrets: {} };
  return { saved: {}, secrets: { secret: typeof given === 'string' ? new Secret(given) : given } };
}
