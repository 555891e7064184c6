/** A constant that is made at its first use, because making it takes time. It must never be changed. */
export function constant<T extends object | string>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
