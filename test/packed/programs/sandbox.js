// A program that uses the sandbox as a library: a request of its own, without the connector.
import assert from 'node:assert/strict';
import { createSandbox } from 'dynamics365-connector-sandbox';

const sandbox = await createSandbox();
const headers = { authorization: `Bearer ${sandbox.issueToken()}` };
const response = await fetch(`${sandbox.organization.origin}/api/data/v9.2/incidents?$top=3`, { headers });
assert.equal((await response.json()).value.length, 3);
await sandbox.close();

console.log('ok');
