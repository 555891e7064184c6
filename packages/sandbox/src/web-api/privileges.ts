import { DataverseError } from './errors.ts';
import type { Caller, Privilege } from './types.ts';

/** Throws 403 when the user lacks the privilege. */
export function requirePrivilege(
  { userId, missingPrivileges }: Pick<Caller, 'userId' | 'missingPrivileges'>,
  privilege: Privilege,
): void {
  if (!missingPrivileges?.has(privilege)) return;
  throw new DataverseError(
    403,
    '0x80040220',
    `Principal user (Id=${userId}, type=8) is missing ${privilege} privilege.`,
  );
}
