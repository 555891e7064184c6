import { createHash, createHmac } from 'node:crypto';
import type { HttpRequest } from '../../model/http.ts';

/** The keys of a signature, as text. */
export interface SigningKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Whom a signature is for, and when it is made (milliseconds since the epoch). */
export interface SignatureScope {
  readonly region: string;
  readonly service: string;
  readonly now: number;
}

/**
 * Signs a request to the path of its URL, without a query, with Signature Version 4.
 *
 * @returns the request with `x-amz-date`, `x-amz-security-token` and `authorization`
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signAwsRequest(
  request: HttpRequest & { readonly body?: string },
  { accessKeyId, secretAccessKey, sessionToken }: SigningKeys,
  { region, service, now }: SignatureScope,
): HttpRequest {
  const url = new URL(request.url);
  const date = new Date(now).toISOString().replace(/[-:]|\.\d{3}/g, '');
  const headers: Record<string, string> = { ...request.headers, 'x-amz-date': date };
  if (sessionToken !== undefined) headers['x-amz-security-token'] = sessionToken;
  const signed = Object.entries({ ...headers, host: url.host }).sort(([a], [b]) => (a < b ? -1 : 1));
  const names = signed.map(([name]) => name).join(';');
  const canonical = [
    request.method,
    url.pathname,
    '',
    ...signed.map(([name, value]) => `${name}:${value.trim().replace(/ +/g, ' ')}`),
    '',
    names,
    sha256(request.body ?? ''),
  ].join('\n');
  const day = date.slice(0, 8);
  const scope = `${day}/${region}/${service}/aws4_request`;
  const toSign = `AWS4-HMAC-SHA256\n${date}\n${scope}\n${sha256(canonical)}`;
  const key = [day, region, service, 'aws4_request'].reduce<string | Buffer>(
    (previous, part) => hmac(previous, part),
    `AWS4${secretAccessKey}`,
  );
  const signature = hmac(key, toSign).toString('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
  return { ...request, headers: { ...headers, authorization } };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
