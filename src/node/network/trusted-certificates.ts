import type { SecureContext } from 'node:tls';
import { ConnectorError } from '../../errors/connector-error.ts';

/**
 * Returns a function that creates the TLS context with additional certificate authorities on first use; it returns
 * undefined if the default context of Node.js already is the right one. It throws an error with the code
 * `extraFileInvalid` if the file of NODE_EXTRA_CA_CERTS has no certificate.
 *
 * @param additional certificates as PEM text
 * @throws SETTING_INVALID if the file cannot be read or the text is not a certificate
 */
export function createTrust(
  env: Readonly<Record<string, string | undefined>>,
  additional: string | undefined,
): () => SecureContext | undefined {
  const own = additional === undefined ? [] : readCertificates(additional);
  if (own === undefined) throw invalidCertificates('The option "caCertificates"');
  const file = env.NODE_EXTRA_CA_CERTS ?? '';
  if (file !== '') assertReadable(file);
  let isReady = false;
  let context: SecureContext | undefined;
  return () => {
    if (isReady) return context;
    // Read now, because it takes 8 ms with a list of usual size, and requests to this machine do not need it.
    const certificates = [...own, ...(file === '' ? [] : readExtraFile(file))];
    if (certificates.length > 0) {
      const tls = process.getBuiltinModule('node:tls');
      context = tls.createSecureContext({ ca: [...defaultCertificates(), ...certificates] });
    }
    isReady = true;
    return context;
  };
}

function assertReadable(file: string): void {
  const { accessSync, constants } = process.getBuiltinModule('node:fs');
  try {
    accessSync(file, constants.R_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConnectorError('SETTING_INVALID', `The file of NODE_EXTRA_CA_CERTS cannot be read (${code}).`, {
      advice: 'Set it to a file with the certificates of your certificate authorities as PEM text.',
    });
  }
}

/** Senders keep only the code of an error, and `toSendError` explains it. */
export const extraFileInvalid = 'EXTRA_CA_CERTS_INVALID';

/** The certificates of the variable, less those that Node.js has read from it when the process started. */
function readExtraFile(file: string): readonly string[] {
  const text = process.getBuiltinModule('node:fs').readFileSync(file, 'utf8');
  const known = new Set(certificatesOf('extra').map(withoutSpace));
  const certificates = readCertificates(text, known);
  if (certificates !== undefined) return certificates;
  throw Object.assign(new Error('No certificate.'), { code: extraFileInvalid });
}

function withoutSpace(certificate: string): string {
  return certificate.replaceAll(/\s/g, '');
}

function defaultCertificates(): readonly string[] {
  const { rootCertificates } = process.getBuiltinModule('node:tls');
  const found = certificatesOf('default');
  return found.length === 0 ? rootCertificates : found;
}

/** Node.js before 22.15 does not have the function. */
function certificatesOf(kind: 'default' | 'extra'): readonly string[] {
  const { getCACertificates } = process.getBuiltinModule('node:tls') as Partial<typeof import('node:tls')>;
  return getCACertificates?.(kind) ?? [];
}

const certificatePattern =
  /-----BEGIN (?:TRUSTED )?CERTIFICATE-----[\s\S]*?-----END (?:TRUSTED )?CERTIFICATE-----/g;

/** The certificates of a text that are not known yet; undefined if one is not valid, or if the text has none. */
function readCertificates(
  text: string,
  known: ReadonlySet<string> = new Set(),
): readonly string[] | undefined {
  const all = text.match(certificatePattern) ?? [];
  const certificates = all.filter((certificate) => !known.has(withoutSpace(certificate)));
  const { X509Certificate } = process.getBuiltinModule('node:crypto');
  try {
    for (const certificate of certificates) new X509Certificate(certificate);
  } catch {
    return undefined;
  }
  return all.length === 0 ? undefined : certificates;
}

export function invalidCertificates(source: string): ConnectorError {
  return new ConnectorError('SETTING_INVALID', `${source} has no valid certificate.`, {
    advice: 'Write certificates as PEM text: -----BEGIN CERTIFICATE----- ... -----END CERTIFICATE-----.',
  });
}
