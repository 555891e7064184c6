// Runs in a folder that has only the engine.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { gzipSync } from 'node:zlib';
import { ConnectorError, errorCodes, loadConnector } from 'dynamics365-connector';
import { createSender } from 'dynamics365-connector/node';

const connector = await loadConnector();
assert.ok(connector.describe().actions.length > 20);

const plan = connector.explain('case.list', { search: "o'clock", state: 'active' });
assert.match(decodeURIComponent(plan.url), /contains\(title, 'o''clock'\)/);
assert.throws(
  () => connector.explain('case.lst'),
  (error) => error instanceof ConnectorError && error.code === 'OPERATION_UNKNOWN' && /case\.list/.test(error.message),
);
assert.ok(errorCodes.INPUT_INVALID);
for (const subpath of ['host', 'node', 'odata', 'authoring', 'operations']) {
  await import(`dynamics365-connector/${subpath}`);
}

// Dataverse compresses its responses. `/cut` ends in the middle of the compressed text.
const text = gzipSync(JSON.stringify({ value: 'x'.repeat(10_000) }));
const server = createServer(({ url }, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
  response.end(url === '/cut' ? text.subarray(0, -10) : text);
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const read = async (send, path) => {
  const url = `http://127.0.0.1:${server.address().port}${path}`;
  const { body } = await send({ url, method: 'GET', headers: {} });
  const chunks = [];
  for await (const chunk of body) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString());
};
// No other package brings undici.
for (const transport of ['node-fetch', 'undici']) {
  const send = createSender({ transport });
  assert.equal((await read(send, '/whole')).value.length, 10_000);
  await assert.rejects(read(send, '/cut'));
}
server.close();
server.closeAllConnections();

console.log('ok');
