/** A repeatable source of random numbers. */
export interface Random {
  /** A number in [0, 1), uniformly distributed. */
  next(): number;
  /** A UUID of version 4, lower case. */
  uuid(): string;
  /** So many random bytes, as lower-case hexadecimal digits. */
  hex(bytes: number): string;
  /** Another source. It depends on the seed and the name only, not on the numbers that were taken so far. */
  fork(name: string): Random;
  /** Starts again with the first number. */
  restart(): void;
}

/** Creates a random source; the same seed gives the same numbers (mulberry32). Not for secrets. */
export function createSeededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const digit = () => Math.floor(next() * 16);
  return {
    next,
    uuid() {
      const fill = (mask: string) => (mask === 'y' ? (digit() & 3) | 8 : digit()).toString(16);
      return 'xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx'.replace(/[xy]/g, fill);
    },
    hex: (bytes) => Array.from({ length: bytes * 2 }, () => digit().toString(16)).join(''),
    fork: (name) => createSeededRandom(hash(`${seed >>> 0}:${name}`)),
    restart() {
      state = seed >>> 0;
    },
  };
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const byte of Buffer.from(text)) value = Math.imul(value ^ byte, 0x01000193);
  return value >>> 0;
}
