import { generateKeyPairSync, randomBytes, sign, X509Certificate } from 'node:crypto';

/** A certificate and its private key. */
export interface TestCertificate {
  /** PEM. */
  readonly certificate: string;
  /** PKCS #8 PEM. */
  readonly privateKey: string;
}

/** A certificate that can sign others. */
export interface TestAuthority extends TestCertificate {
  readonly name: string;
}

/** Creates a self-signed RSA certificate, valid from 2020 to 2049 (X.509 v3, RFC 5280). */
export function createCertificate(name = 'test'): TestCertificate {
  return issueCertificate({ name, extensions: [] });
}

/** Creates the certificate of a certificate authority. */
export function createAuthority(name: string): TestAuthority {
  const basicConstraints = extension('0603551d13', sequence(hex('0101ff')));
  return { ...issueCertificate({ name, extensions: [basicConstraints] }), name };
}

/** Creates the certificate of a host, signed by an authority. */
export function createHostCertificate(host: string, issuer: TestAuthority): TestCertificate {
  const subjectAltName = extension('0603551d11', sequence(der(0x82, Buffer.from(host))));
  return issueCertificate({ name: host, issuer, extensions: [subjectAltName] });
}

function issueCertificate(subject: {
  readonly name: string;
  readonly issuer?: TestAuthority;
  readonly extensions: readonly Buffer[];
}): TestCertificate {
  const { name, issuer, extensions } = subject;
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const algorithm = sequence(hex('06092a864886f70d01010b'), hex('0500')); // sha256WithRSAEncryption
  const validity = sequence(der(0x17, Buffer.from('200101000000Z')), der(0x17, Buffer.from('491231235959Z')));
  const body = sequence(
    hex('a003020102'),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    distinguishedName(issuer?.name ?? name),
    validity,
    distinguishedName(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    ...(extensions.length === 0 ? [] : [der(0xa3, sequence(...extensions))]),
  );
  const signed = sign('sha256', body, issuer?.privateKey ?? privateKey);
  const signature = der(0x03, Buffer.concat([Buffer.from([0]), signed]));
  return {
    certificate: new X509Certificate(sequence(body, algorithm, signature)).toString(),
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function distinguishedName(name: string): Buffer {
  return sequence(der(0x31, sequence(hex('0603550403'), der(0x0c, Buffer.from(name)))));
}

function extension(id: string, value: Buffer): Buffer {
  return sequence(hex(id), der(0x04, value));
}

function der(tag: number, content: Buffer): Buffer {
  const size = content.length;
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

const sequence = (...parts: Buffer[]): Buffer => der(0x30, Buffer.concat(parts));
const hex = (text: string): Buffer => Buffer.from(text, 'hex');
