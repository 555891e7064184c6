import { allOrigins, type ClaimScope } from '../worker-store.ts';

/** The condition that a subscription is of an origin of the parameter `$origins`. */
export const isOrigin = (column: string) => `instr($origins, ${column} || ' ') > 0`;

/** The value of `$origins`. */
export function toOriginsParameter(origins: ClaimScope['origins'] = allOrigins): string {
  return origins.map((origin) => `${origin} `).join('');
}
