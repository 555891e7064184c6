/**
 * A fast organization for tests of throughput, in its own process: one table, with rows by owner. Each part of it has a
 * port of its own, so that many feeds can be read.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ChangedRow, OrganizationCommand, OrganizationInfo } from './messages.ts';

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

const ownersPerPart = 10;

const rows = new Map<string, Row[]>();
const owners: string[] = [];
/** The owners of each part. */
const parts: string[][] = [];
const changedRows = new Map<string, ChangedRow>();
let version = 1000;
let timer: NodeJS.Timeout | undefined;

function insert(owner: string, visibleAtMs: number): Row {
  const now = Date.now();
  const row = { id: randomUUID(), owner, createdMs: now, modifiedMs: now, version: ++version, visibleAtMs };
  rows.get(owner)!.push(row);
  return row;
}

/** Creates or changes a row of a random owner. */
function makeChange(step: number): void {
  const index = Math.floor(Math.random() * owners.length);
  const owner = owners[index]!;
  const visibleAtMs = step % delayedEvery === 0 ? Date.now() + visibilityDelayMs : 0;
  const changeable = rows.get(owner)!.find(({ createdMs, modifiedMs }) => createdMs === modifiedMs);
  const row = step % 2 === 0 || changeable === undefined ? insert(owner, visibleAtMs) : changeable;
  if (row === changeable) Object.assign(row, { modifiedMs: Date.now(), version: ++version, visibleAtMs });
  changedRows.set(row.id, { owner: index, id: row.id, version: String(row.version) });
}

function respond(url: string, part: number): string {
  if (url.endsWith('/WhoAmI')) return JSON.stringify(whoAmI);
  const query = new URL(url, 'http://localhost').searchParams;
  const filter = query.get('$filter') ?? '';
  const [, minVersion] = /versionnumber gt (\d+)/.exec(filter) ?? [];
  const [, since] = /modifiedon ge (\S+?)\)?$/.exec(filter) ?? [];
  const byVersion = query.get('$orderby')?.startsWith('versionnumber') === true;
  const now = Date.now();
  const found = (parts[part] ?? [])
    .flatMap((owner) => rows.get(owner) ?? [])
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

const whoAmI = { UserId: randomUUID(), BusinessUnitId: randomUUID(), OrganizationId: randomUUID() };

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

async function listen(part: number): Promise<string> {
  const server = createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'application/json; odata.metadata=minimal' });
    response.end(respond(request.url!, part));
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function prepare(count: number, rowsEach: number): Promise<OrganizationInfo> {
  const partCount = Math.ceil(count / ownersPerPart);
  for (let part = 0; part < partCount; part++) parts.push([]);
  for (let index = 0; index < count; index++) {
    const owner = randomUUID();
    owners.push(owner);
    parts[index % partCount]!.push(owner);
    rows.set(owner, []);
    for (let n = 0; n < rowsEach; n++) insert(owner, 0);
  }
  const orgUrls = await Promise.all(parts.map((_, part) => listen(part)));
  return { orgUrls, token: 'soak', owners, reportsDeletions: false };
}

process.on('message', async (command: OrganizationCommand) => {
  if (command.do === 'prepare') process.send!(await prepare(command.owners, command.rowsEach));
  if (command.do === 'start') {
    let step = 0;
    timer = setInterval(() => makeChange(step++), command.everyMs);
  }
  if (command.do === 'stop') {
    clearInterval(timer);
    process.send!([...changedRows.values()]);
  }
});
process.on('disconnect', () => process.exit());
