/** A repeatable source of random numbers. */
export interface Random {
  /** A number in [0, 1), uniformly distributed. */
  next(): number;
  /** A UUID of version 4, lower case. */
  uuid(): string;
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
  return {
    next,
    uuid() {
      const digit = (mask: string) => {
        const value = Math.floor(next() * 16);
        return (mask === 'y' ? (value & 3) | 8 : value).toString(16);
      };
      return 'xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx'.replace(/[xy]/g, digit);
    },
  };
}
