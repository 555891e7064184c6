import type { Random } from '../../../src/random.ts';
import type { Exchange } from '../exchange.ts';

const guid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;
const version = /W\/(\\?)"(\d+)(\\?)"/g;
const none = '00000000-0000-0000-0000-000000000000';

/** Replaces the ids and row versions of an exchange. New ids sort as the old ones do: rows come in the order of ids. */
export function shuffleIds(exchange: Exchange, random: Random): Exchange {
  const ids = mapIds(JSON.stringify(exchange), random);
  const versions = new Map<string, string>();
  const newVersion = (old: string): string => {
    const known = versions.get(old) ?? String(1_000_000 + Math.floor(random.next() * 9_000_000));
    versions.set(old, known);
    return known;
  };
  const change = (text: string): string =>
    text
      .replace(guid, (id) => keepCase(id, ids.get(id.toLowerCase()) ?? id))
      .replace(
        version,
        (_, open: string, digits: string, close: string) => `W/${open}"${newVersion(digits)}${close}"`,
      );
  const changeHeaders = (headers: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, change(value)]));
  const { request, response } = exchange;
  return {
    ...exchange,
    request: {
      ...request,
      url: change(request.url),
      headers: changeHeaders(request.headers),
      body: request.body && change(request.body),
    },
    response: response && {
      ...response,
      headers: response.headers && changeHeaders(response.headers),
      body: change(response.body),
    },
  };
}

function keepCase(old: string, replacement: string): string {
  return /[A-F]/.test(old) && old === old.toUpperCase() ? replacement.toUpperCase() : replacement;
}

function mapIds(text: string, random: Random): ReadonlyMap<string, string> {
  const old = [...new Set((text.match(guid) ?? []).map((id) => id.toLowerCase()))].filter(
    (id) => id !== none,
  );
  const replacements = old.map(() => random.uuid()).sort(compareIds);
  return new Map(old.sort(compareIds).map((id, index) => [id, replacements[index] ?? id]));
}

/** The order of SQL Server's type uniqueidentifier: the last group first, the first three with their bytes reversed. */
function compareIds(a: string, b: string): number {
  const [keyOfA, keyOfB] = [sortKey(a), sortKey(b)];
  if (keyOfA === keyOfB) return 0;
  return keyOfA < keyOfB ? -1 : 1;
}

function sortKey(id: string): string {
  const [first = '', second = '', third = '', fourth = '', fifth = ''] = id.split('-');
  return [fifth, fourth, ...[third, second, first].map(reverseBytes)].join('');
}

const reverseBytes = (hex: string): string => (hex.match(/../g) ?? []).reverse().join('');
