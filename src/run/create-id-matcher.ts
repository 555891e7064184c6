/** `case.*` -> a test of ids; a star stands for anything. */
export function createIdMatcher(glob: string): (id: string) => boolean {
  const pattern = glob.split('*').map((text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const regex = new RegExp(`^${pattern.join('.*')}$`);
  return (id) => regex.test(id);
}
