// A sandbox over a file, until it is killed. `sandbox-process.ts <file>` prints its origin and a token as JSON.
import { createSandbox } from '../../src/index.ts';

const organizations = [{ name: 'contoso', data: 'empty', file: process.argv[2] }] as const;
const limits = { maxRequests: Infinity, maxExecutionMs: Infinity, maxConcurrentRequests: Infinity };
const sandbox = await createSandbox({ organizations, limits });
const { origin } = sandbox.organization;
process.stdout.write(`${JSON.stringify({ origin, token: sandbox.issueToken() })}\n`);
