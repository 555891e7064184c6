/** A fast organization for tests of throughput, in its own process: one table, with rows by owner. */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ExpectedEvent, OrganizationCommand, OrganizationInfo } from './messages.ts';

interface Row {
  readonly id: string;
  readonly owner: string;
  readonly createdMs: number;
  modifiedMs: number;
  version: number;
  /** Queries do not return the row before this time. */
  visibleAtMs: number;
}

/** Every fourth change becomes visible later, as after a long transaction. */
const delayedEvery = 4;
const visibilityDelayMs = 1500;

const rows = new Map<string, Row[]>();
const owners: string[] = [];
const expectedEvents: ExpectedEvent[] = [];
let version = 1000;
let timer: NodeJS.Timeout | undefined;

function insert(owner: string, visibleAtMs: number): Row {
  const now = Date.now();
  const row = { id: randomUUID(), owner, createdMs: now, modifiedMs: now, version: ++version, visibleAtMs };
  rows.get(owner)!.push(row);
  return row;
}

function makeChange(step: number): void {
  const index = Math.floor(Math.random() * owners.length);
  const owner = owners[index]!;
  const visibleAtMs = step % delayedEvery === 0 ? Date.now() + visibilityDelayMs : 0;
  if (index % 2 === 0) expectedEvents.push({ owner: index, row: insert(owner, visibleAtMs).id });
  else {
    const row = rows.get(owner)!.find(({ createdMs, modifiedMs }) => createdMs === modifiedMs);
    if (row === undefined) return;
    Object.assign(row, { modifiedMs: Date.now(), version: ++version, visibleAtMs });
    expectedEvents.push({ owner: index, row: row.id });
  }
}

function respond(url: string): string {
  const query = new URL(url, 'http://localhost').searchParams;
  const filter = query.get('$filter') ?? '';
  const [, owner = ''] = /_ownerid_value eq ([0-9a-f-]{36})/.exec(filter) ?? [];
  const [, minVersion] = /versionnumber gt (\d+)/.exec(filter) ?? [];
  const [, since] = /modifiedon ge (\S+?)\)?$/.exec(filter) ?? [];
  const byVersion = query.get('$orderby')?.startsWith('versionnumber') === true;
  const now = Date.now();
  const found = (rows.get(owner) ?? [])
    .filter((row) => row.visibleAtMs <= now)
    .filter((row) => minVersion === undefined || row.version > Number(minVersion))
    .filter((row) => since === undefined || truncateToSecond(row.modifiedMs) >= Date.parse(since))
    .sort(
      (a, b) =>
        (byVersion ? 0 : truncateToSecond(a.modifiedMs) - truncateToSecond(b.modifiedMs)) ||
        a.version - b.version,
    );
  if (query.get('$orderby')?.includes('desc')) found.reverse().splice(1);
  return JSON.stringify({ value: found.map(toWire) });
}

const truncateToSecond = (ms: number) => ms - (ms % 1000);
const toTime = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');

function toWire({ id, owner, createdMs, modifiedMs, version: number }: Row) {
  return {
    '@odata.etag': `W/"${number}"`,
    incidentid: id,
    title: 'A case of the soak test',
    createdon: toTime(createdMs),
    modifiedon: toTime(modifiedMs),
    versionnumber: number,
    _ownerid_value: owner,
  };
}

const server = createServer((request, response) => {
  response.writeHead(200, { 'content-type': 'application/json; odata.metadata=minimal' });
  response.end(respond(request.url!));
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1');

function prepare(count: number, rowsEach: number): OrganizationInfo {
  for (let index = 0; index < count; index++) {
    const owner = randomUUID();
    owners.push(owner);
    rows.set(owner, []);
    for (let n = 0; index % 2 === 1 && n < rowsEach; n++) insert(owner, 0);
  }
  return { orgUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token: 'soak', owners };
}

process.on('message', (command: OrganizationCommand) => {
  if (command.do === 'prepare') process.send!(prepare(command.owners, command.rowsEach));
  if (command.do === 'start') {
    let step = 0;
    timer = setInterval(() => makeChange(step++), command.everyMs);
  }
  if (command.do === 'stop') {
    clearInterval(timer);
    process.send!(expectedEvents);
  }
});
process.on('disconnect', () => process.exit());
