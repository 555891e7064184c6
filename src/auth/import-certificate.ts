import { ConnectorError } from '../errors/connector-error.ts';
import { fromBase64, toBase64Url } from './base64.ts';
import type { ResolvedCertificate } from './client-application.ts';

type SigningKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

/** The key that signs a client assertion, and the thumbprint of its certificate. */
export interface AssertionKey {
  readonly key: SigningKey;
  /** SHA-256 of the certificate (DER) in base64url: the `x5t#S256` in the header of the assertion. */
  readonly thumbprint: string;
}

/**
 * Imports a certificate credential. Throws CONNECTION_INVALID if certificate or key have another format. Entra requires
 * PS256 and `x5t#S256`:
 * https://learn.microsoft.com/entra/identity-platform/certificate-credentials
 */
export async function importCertificate(credential: ResolvedCertificate): Promise<AssertionKey> {
  const der = decodePem(credential.certificate, 'CERTIFICATE');
  if (der === undefined)
    throw invalidCertificate('The certificate is not in PEM format (BEGIN CERTIFICATE).');
  return {
    key: await importPrivateKey(credential.privateKey.reveal()),
    thumbprint: toBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', der))),
  };
}

async function importPrivateKey(pem: string): Promise<SigningKey> {
  const der = decodePem(pem, 'PRIVATE KEY');
  if (der === undefined) {
    throw invalidCertificate(
      'The private key is not an unencrypted PKCS #8 key in PEM (BEGIN PRIVATE KEY).',
      'Convert it: openssl pkcs8 -topk8 -nocrypt -in key.pem -out key.pkcs8.pem (from a .pfx: openssl pkcs12 -in app.pfx -nodes).',
    );
  }
  try {
    return await crypto.subtle.importKey('pkcs8', der, { name: 'RSA-PSS', hash: 'SHA-256' }, false, ['sign']);
  } catch {
    throw invalidCertificate(
      'The private key cannot be read as an RSA key.',
      'Use an RSA certificate of 2048 bits or more.',
    );
  }
}

function decodePem(pem: string, label: string): Uint8Array<ArrayBuffer> | undefined {
  const body = new RegExp(`-----BEGIN ${label}-----([^-]+)-----END ${label}-----`).exec(pem)?.[1];
  return body === undefined ? undefined : fromBase64(body.replaceAll(/\s/g, ''));
}

function invalidCertificate(
  problem: string,
  advice = 'Export the certificate as PEM, with its private key in a separate file.',
) {
  return new ConnectorError('CONNECTION_INVALID', problem, { advice });
}
