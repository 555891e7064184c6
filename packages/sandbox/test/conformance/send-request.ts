import { request as httpRequest } from 'node:http';
import type { Answer } from './exchange.ts';

/** Headers that the HTTP client sets itself. */
const ofClient = new Set(['host', 'content-length', 'connection', 'accept-encoding', 'transfer-encoding']);

export interface OutgoingRequest {
  readonly method: string;
  readonly origin: string;
  /** Path and query, encoded. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Sends a request over HTTP, without changing its target. */
export function sendRequest({ method, origin, target, headers, body }: OutgoingRequest): Promise<Answer> {
  const sent = Object.fromEntries(
    Object.entries(headers).filter(([name, value]) => !ofClient.has(name.toLowerCase()) && value !== ''),
  );
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({ method, hostname, port, path: target, headers: sent, timeout: 120_000 });
    outgoing.on('error', reject);
    outgoing.on('timeout', () =>
      outgoing.destroy(new Error('The sandbox did not answer within two minutes.')),
    );
    outgoing.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: Object.fromEntries(
            Object.entries(response.headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]),
          ),
          body: Buffer.concat(chunks).toString('utf8'),
        }),
      );
    });
    outgoing.end(body);
  });
}

/** Encodes a target as written in documentation: with spaces, quotation marks and raw FetchXML. */
export function encodeTarget(target: string): string {
  return encodeURI(
    target.replace(
      /([?&]fetchXml=)(<.*>)/is,
      (_, name: string, xml: string) => name + encodeURIComponent(xml),
    ),
  ).replaceAll('%25', '%');
}
