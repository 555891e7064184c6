/** Freezes plain data and everything in it, and returns it. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  // A start of a program freezes what it reads: this needs no list of the members.
  for (const name in value) deepFreeze(value[name]);
  return value;
}
