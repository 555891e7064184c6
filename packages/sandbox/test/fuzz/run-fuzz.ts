import { Agent, request as sendHttp } from 'node:http';
import fc from 'fast-check';
import { createSandbox, type Sandbox } from '../../src/index.ts';
import { arbitraryRequest, type FuzzRequest } from './arbitrary-requests.ts';
import { readDomain } from './fuzz-domain.ts';

/*
 * npm run fuzz:sandbox -- [number of requests, default 10000] [seed, default 1]
 *
 * Sends random requests over HTTP to a sandbox with sample rows. Prints each request that is answered with 500 or whose
 * connection breaks, the number of responses per status, and the time. The exit code is 1 if there was such a request.
 */

const batchSize = 500;

const [count = 10_000, seed = 1] = process.argv.slice(2).map(Number);
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

interface FuzzResponse {
  readonly status: number;
  readonly text: string;
}

/** Characters that a request line or a header cannot have are percent-encoded. */
const encode = (text: string) =>
  text.toWellFormed().replace(/[^\x21-\x7e]/gu, (character) => encodeURIComponent(character));

async function send(sandbox: Sandbox, token: string, request: FuzzRequest): Promise<FuzzResponse> {
  const headers = Object.entries(request.headers).map(([name, value]) => [name, encode(value)]);
  return await new Promise((resolve, reject) => {
    const outgoing = sendHttp(
      `${sandbox.organization.origin}/`,
      {
        agent,
        method: request.method,
        path: `/api/data/${encode(request.path)}`,
        headers: { ...Object.fromEntries(headers), Authorization: `Bearer ${token}` },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(request.body);
  });
}

const isBroken = ({ status, text }: FuzzResponse) =>
  (status >= 500 && status !== 501) || status === 0 || /HTTP\/1\.1 500 /.test(text);

async function main(): Promise<number> {
  const limits = { maxRequests: Infinity, maxExecutionMs: Infinity, maxConcurrentRequests: Infinity };
  const sandbox = await createSandbox({ limits });
  const { organization } = sandbox;
  const userId = organization.findSystemUserId(sandbox.user) ?? '';
  const domain = readDomain(organization.store, userId);
  const arbitrary = arbitraryRequest(domain, organization.store.model);
  const snapshot = organization.store.saveSnapshot();
  const statuses = new Map<number | string, number>();
  let broken = 0;
  const startMs = performance.now();
  for (let sent = 0; sent < count; sent += batchSize) {
    organization.store.restoreSnapshot(snapshot);
    const token = sandbox.issueToken();
    const numRuns = Math.min(batchSize, count - sent);
    for (const request of fc.sample(arbitrary, { numRuns, seed: seed + sent })) {
      const response = await send(sandbox, token, request).catch((error: Error) => ({
        status: 0,
        text: error.message,
      }));
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
      if (!isBroken(response)) continue;
      broken++;
      console.log(
        `${response.status} ${request.method} ${request.path}\n${request.body}\n${response.text.slice(0, 500)}\n`,
      );
    }
  }
  const seconds = (performance.now() - startMs) / 1000;
  await sandbox.close();
  const sorted = [...statuses]
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([status, n]) => `${status}: ${n}`);
  console.log(`${count} requests in ${seconds.toFixed(0)} s, ${broken} broken. ${sorted.join(', ')}`);
  return broken === 0 ? 0 : 1;
}

process.exit(await main());
