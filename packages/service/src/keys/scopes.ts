import type { ActionEffects } from 'dynamics365-connector';

/** What an API key may do. */
export const scopes = [
  /** Run actions that change nothing, polls and pick lists. */
  'actions:read',
  /** Run actions that create and change rows. */
  'actions:write',
  /** Run actions that delete rows or cannot be undone. */
  'actions:destructive',
  /** Create, change and delete subscriptions, and read their events. */
  'triggers',
  /** List, check and delete connections. */
  'connections',
  /** Create Connect links. */
  'connect-sessions',
  /** Read /metrics, which names subscriptions of all keys. */
  'metrics',
  /** Read the state of the mirror, compare it with the organization, and repair it. */
  'mirror',
] as const;

export type Scope = (typeof scopes)[number];

/** The scope that an action needs, from the effects in its manifest. */
export function scopeOfEffects({ readOnly, destructive }: ActionEffects): Scope {
  if (readOnly) return 'actions:read';
  return destructive ? 'actions:destructive' : 'actions:write';
}

/** Whether a text is the name of a scope. */
export function isScope(text: unknown): text is Scope {
  return scopes.some((scope) => scope === text);
}
