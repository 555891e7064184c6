/** Whether an object has any member. Object.keys would allocate a list of them. */
export function hasMembers(object: object): boolean {
  for (const _ in object) return true;
  return false;
}
