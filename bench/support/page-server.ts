import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { runtimeOf } from '../../src/client/connector.ts';
import { loadConnector } from '../../src/index.ts';
import { caseRow } from './case-row.ts';

/**
 * Runs in its own process: answers with prepared bytes, so that the client is most of what is measured. `ROWS` cases in
 * pages; the share `BREAKS` of the pages breaks at a random place. Sends its port, and the number of breaks when asked.
 */
const rowCount = Number(process.env.ROWS ?? 1_000_000);
const breakShare = Number(process.env.BREAKS ?? 0);
const { definition } = runtimeOf(await loadConnector());
const table = definition.tables.case;
if (table === undefined) throw new Error('The definition has no table "case".');
const row = caseRow(table);
let broken = 0;

interface Answer {
  readonly bytes: readonly Uint8Array[];
  readonly breaks: boolean;
}

function respond(status: string, type: string, ...body: Uint8Array[]): Uint8Array[] {
  const length = body.reduce((sum, part) => sum + part.byteLength, 0);
  const head = `HTTP/1.1 ${status}\r\nContent-Type: ${type}\r\nOData-Version: 4.0\r\nContent-Length: ${length}\r\n\r\n`;
  return [Buffer.from(head), ...body];
}

const json = 'application/json; odata.metadata=minimal; odata.streaming=true';
const one = Buffer.from(
  JSON.stringify({ '@odata.context': 'https://x/$metadata#incidents/$entity', ...row }),
);
const readAnswer = respond('200 OK', json, one);
const createAnswer = respond('201 Created', json, one);

const parts = Array.from(
  { length: 100 },
  (_, n) =>
    `--changesetresponse_1f2e\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\nContent-ID: ${n + 1}\r\n\r\n` +
    `HTTP/1.1 201 Created\r\nContent-Type: ${json}\r\nOData-Version: 4.0\r\n\r\n${one}\r\n`,
);
const batchAnswer = respond(
  '200 OK',
  'multipart/mixed; boundary=batchresponse_52a9',
  Buffer.from(
    '--batchresponse_52a9\r\nContent-Type: multipart/mixed; boundary=changesetresponse_1f2e\r\n\r\n' +
      `${parts.join('')}--changesetresponse_1f2e--\r\n--batchresponse_52a9--\r\n`,
  ),
);

/** The rows of a page, prepared once for each size; only the digits of the ids change. */
const templates = new Map<number, { readonly bytes: Buffer; readonly idsAt: readonly number[] }>();
const idText = `"${table.key}":"${String(row[table.key]).slice(0, -12)}`;

function pageTemplate(size: number) {
  const known = templates.get(size);
  if (known !== undefined) return known;
  const bytes = Buffer.from(Array(size).fill(JSON.stringify(row)).join(','));
  const idsAt: number[] = [];
  for (let at = bytes.indexOf(idText); at >= 0; at = bytes.indexOf(idText, at + 1))
    idsAt.push(at + idText.length);
  const template = { bytes, idsAt };
  templates.set(size, template);
  return template;
}

function readPage(url: string, prefer: string, host: string): Uint8Array[] {
  const start = Number(/skiptoken=(\d+)/.exec(url)?.[1] ?? 0);
  const wanted = Number(/maxpagesize=(\d+)/.exec(prefer)?.[1] ?? 1000);
  const size = Math.min(wanted, rowCount - start);
  const { bytes, idsAt } = pageTemplate(size);
  const rows = Buffer.from(bytes);
  for (const [n, at] of idsAt.entries()) rows.write(String(start + n).padStart(12, '0'), at, 'latin1');
  const next =
    start + size < rowCount
      ? `,"@odata.nextLink":"http://${host}/api/data/v9.2/incidents?$skiptoken=${start + size}"`
      : '';
  const head = Buffer.from('{"@odata.context":"https://x/$metadata#incidents","value":[');
  return respond('200 OK', json, head, rows, Buffer.from(`]${next}}`));
}

function answer(head: string): Answer {
  const [, method = '', url = ''] = /^(\w+) (\S+)/.exec(head) ?? [];
  if (url.endsWith('$batch')) return { bytes: batchAnswer, breaks: false };
  if (method === 'POST') return { bytes: createAnswer, breaks: false };
  if (/\/incidents\(/.test(url)) return { bytes: readAnswer, breaks: false };
  const header = (name: string) => new RegExp(`^${name}: *(.*)$`, 'im').exec(head)?.[1]?.trim() ?? '';
  return { bytes: readPage(url, header('prefer'), header('host')), breaks: Math.random() < breakShare };
}

function send(socket: Socket, { bytes, breaks }: Answer): void {
  if (!breaks) {
    socket.cork();
    for (const part of bytes) socket.write(part);
    socket.uncork();
    return;
  }
  broken += 1;
  const whole = Buffer.concat(bytes);
  socket.write(whole.subarray(0, Math.floor(Math.random() * whole.length)), () => socket.destroy());
}

const server = createServer((socket) => {
  let received = Buffer.alloc(0);
  socket.on('error', () => {});
  socket.setNoDelay(true);
  socket.on('data', (chunk) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    for (;;) {
      const end = received.indexOf('\r\n\r\n');
      if (end < 0) return;
      const head = received.toString('latin1', 0, end);
      const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
      if (received.length < end + 4 + length) return;
      received = received.subarray(end + 4 + length);
      send(socket, answer(head));
    }
  });
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('message', () => process.send?.({ broken }));
process.on('disconnect', () => process.exit());
