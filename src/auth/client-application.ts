import { ConnectorError } from '../errors/connector-error.ts';
import { isGuid } from '../model/guid.ts';
import type { Secret } from '../model/secret.ts';

/** A certificate credential: both in PEM. The key is PKCS #8, unencrypted, RSA. */
export interface ResolvedCertificate {
  readonly certificate: string;
  readonly privateKey: Secret;
}

/**
 * An app registration in Entra. With neither secret nor certificate it is a public client (people on their own
 * machine: device code, or authorization code to localhost).
 */
export interface ResolvedApplication {
  /** Application (client) id, a GUID. */
  readonly clientId: string;
  readonly clientSecret?: Secret | undefined;
  readonly certificate?: ResolvedCertificate | undefined;
}

/** Refuses an app that no authority can know, before anything is sent. */
export function checkClientApplication(app: ResolvedApplication): void {
  if (!isGuid(app.clientId)) {
    throw new ConnectorError('CONNECTION_INVALID', 'The client id is not a GUID.', {
      advice: 'Copy "Application (client) ID" from Entra > App registrations > your app > Overview.',
    });
  }
  // Copied by mistake often enough: the portal shows the secret's id beside its value, and the id is a GUID.
  if (app.clientSecret !== undefined && isGuid(app.clientSecret.reveal())) {
    throw new ConnectorError(
      'CONNECTION_INVALID',
      'The client secret is a GUID: that is the secret’s id, not its value.',
      {
        advice:
          'Create a new secret in Entra > Certificates & secrets and copy its Value, which is shown only once.',
      },
    );
  }
}
