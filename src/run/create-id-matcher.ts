/** A test of operation ids against a pattern such as `case.*`; a star matches any text. */
export function createIdMatcher(glob: string): (id: string) => boolean {
  const pattern = glob.split('*').map((text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const regex = new RegExp(`^${pattern.join('.*')}$`);
  return (id) => regex.test(id);
}
