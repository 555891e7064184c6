import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../../../../scripts/support/run-command.ts';

/** The host name that the HTTPS clients connect to. It resolves to 127.0.0.1 in them. */
export const organizationHost = 'contoso.crm.dynamics.com';

/** A certificate and its key in PEM form. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
  /** Path of the certificate. */
  readonly certFile: string;
}

/** Creates a self-signed certificate for the gateway with the openssl command. */
export function createCertificate(): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'd365-clients-'));
  const subject = ['-subj', `/CN=${organizationHost}`, '-addext', `subjectAltName=DNS:${organizationHost}`];
  const keyFlags = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  const files = ['-keyout', 'key.pem', '-out', 'cert.pem'];
  runCommand('openssl', ['req', '-x509', ...keyFlags, ...subject, ...files], folder);
  const certFile = join(folder, 'cert.pem');
  return {
    cert: readFileSync(certFile, 'utf8'),
    key: readFileSync(join(folder, 'key.pem'), 'utf8'),
    certFile,
  };
}
