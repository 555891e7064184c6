import { refuse } from './refusal.ts';
import type { Caller, Privilege } from './types.ts';

/** 403 when the privilege was taken from a user. */
export function requirePrivilege(
  { userId, lacks }: Pick<Caller, 'userId' | 'lacks'>,
  privilege: Privilege,
): void {
  if (!lacks?.has(privilege)) return;
  throw refuse(403, '0x80040220', `Principal user (Id=${userId}, type=8) is missing ${privilege} privilege.`);
}
