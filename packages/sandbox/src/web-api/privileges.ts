import { dataverseError } from './errors.ts';
import type { Caller, Privilege } from './types.ts';

/** 403 when the privilege was taken from a user. */
export function requirePrivilege(
  { userId, missingPrivileges }: Pick<Caller, 'userId' | 'missingPrivileges'>,
  privilege: Privilege,
): void {
  if (!missingPrivileges?.has(privilege)) return;
  throw dataverseError(
    403,
    '0x80040220',
    `Principal user (Id=${userId}, type=8) is missing ${privilege} privilege.`,
  );
}
