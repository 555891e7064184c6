/**
 * A test of operation ids against a pattern such as `case.*`; a star matches any text. Each part is looked for once, from
 * the left: an expression with several stars would take long for some ids.
 */
export function createIdMatcher(glob: string): (id: string) => boolean {
  const [first = '', ...rest] = glob.split('*');
  const last = rest.pop();
  if (last === undefined) return (id) => id === first;
  const middle = rest.filter((part) => part !== '');
  return (id) => {
    if (id.length < first.length + last.length || !id.startsWith(first) || !id.endsWith(last)) return false;
    const end = id.length - last.length;
    let from = first.length;
    for (const part of middle) {
      const at = id.indexOf(part, from);
      if (at < 0 || at + part.length > end) return false;
      from = at + part.length;
    }
    return true;
  };
}
