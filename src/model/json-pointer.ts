import type { Json } from './json.ts';

/** A name as one token of a JSON Pointer (RFC 6901): `a/b` -> `a~1b`. */
export function escapePointerToken(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** The JSON Pointer of a value, from the names and indexes that lead to it: `['tests', 0]` -> `/tests/0`. */
export function toJsonPointer(...tokens: readonly (string | number)[]): string {
  return tokens.map((token) => `/${escapePointerToken(String(token))}`).join('');
}

/** The names in a JSON Pointer: `/a~1b/0` -> `['a/b', '0']`; none for the empty pointer, which is the whole value. */
export function parseJsonPointer(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The value at a pointer, by own properties only; undefined if there is none. */
export function readPointer(value: Json, pointer: string): Json | undefined {
  return parseJsonPointer(pointer).reduce<Json | undefined>((inner, token) => {
    if (inner === null || typeof inner !== 'object' || !Object.hasOwn(inner, token)) return undefined;
    return (inner as Readonly<Record<string, Json>>)[token];
  }, value);
}
