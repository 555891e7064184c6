import { v5 } from 'uuid';

/** Our namespace; fixed for ever, since ids of rows and items are made in it. */
const namespace = '6f6c2a1e-6d0e-5e0b-9c0a-3d365c0ec7a1';

/**
 * The UUIDv5 (RFC 9562) of some parts: the same parts always give the same id. Parts are length-prefixed,
 * so that no two lists of parts run together.
 */
export function deterministicId(...parts: readonly string[]): string {
  return v5(parts.map((part) => `${part.length}:${part}`).join(''), namespace);
}
