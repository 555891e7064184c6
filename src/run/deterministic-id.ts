import { v5 } from 'uuid';

/** The UUID namespace of this product. It must never change: stored row ids and item ids depend on it. */
const namespace = '6f6c2a1e-6d0e-5e0b-9c0a-3d365c0ec7a1';

/**
 * The UUIDv5 (RFC 9562) of some texts: the same texts always give the same id. Each text is prefixed with its length,
 * so `['ab', 'c']` and `['a', 'bc']` give different ids.
 */
export function deterministicId(...parts: readonly string[]): string {
  return v5(parts.map((part) => `${part.length}:${part}`).join(''), namespace);
}
