/** What a privilege of a table allows. */
export const accessRights = [
  'Create',
  'Read',
  'Write',
  'Delete',
  'Append',
  'AppendTo',
  'Assign',
  'Share',
] as const;

export type AccessRight = (typeof accessRights)[number];

/** A privilege that a user lacks, as an error of Dataverse names it: one line of a security role. */
export interface MissingPrivilege {
  /** `prvReadIncident`, as the server writes it. Absent if the message names the right to one row only. */
  readonly privilege?: string;
  /** The logical name of the table; absent for a privilege that belongs to no table. */
  readonly table?: string;
  readonly right?: AccessRight;
}

/** `prvAppendToIncident` -> `AppendTo` and `Incident`; undefined for a privilege that belongs to no table. */
export function parsePrivilege(
  privilege: string,
): { readonly right: AccessRight; readonly subject: string } | undefined {
  const [, word = '', subject = ''] = pattern.exec(privilege) ?? [];
  const right = accessRights.find((each) => each.toLowerCase() === word.toLowerCase());
  return right === undefined || subject === '' ? undefined : { right, subject };
}

// The longer of two words that begin alike is first.
const pattern = /^prv(AppendTo|Append|Create|Read|Write|Delete|Assign|Share)(\w{0,100})$/i;

/** A line of a security role as people read it: `incident: Read (prvReadIncident)`. */
export function roleLine({ table, right, privilege }: MissingPrivilege): string {
  if (right === undefined) return privilege ?? '';
  const name = privilege === undefined ? '' : ` (${privilege})`;
  return `${table === undefined ? '' : `${table}: `}${right}${name}`;
}
