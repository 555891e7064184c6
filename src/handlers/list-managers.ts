import type { Json, JsonObject } from '../model/json.ts';
import { type Handler, type HandlerContext, resourceOf } from './handler.ts';

/** A lookup in a row. */
interface Link {
  readonly table: string;
  readonly id: string;
}

/**
 * Lists who is responsible above a user, a team or the owner of a row, the nearest first: the administrator of a team,
 * then the manager of each. A chain that leads back to a person ends there.
 */
export const listManagers: Handler = async ({ id, maxLevels, includeDisabled }, context): Promise<Json> => {
  const seen = new Set<string>();
  const managers: JsonObject[] = [];
  let next = await findFirst(context, String(id), seen);
  for (let level = 0; next !== undefined && !seen.has(next.id) && level < Number(maxLevels); level += 1) {
    seen.add(next.id);
    const user = await readRow(context, 'user', next.id);
    if (includeDisabled === true || user.disabled !== true) managers.push(user);
    next = linkOf(user.manager);
  }
  return managers;
};

/** The first manager: of the user, of the team, or of the owner of the row. */
async function findFirst(context: HandlerContext, id: string, seen: Set<string>): Promise<Link | undefined> {
  const resource = resourceOf(context.action);
  const isPrincipal = resource === 'user' || resource === 'team';
  const owner = isPrincipal ? { table: resource, id } : linkOf((await readRow(context, resource, id)).owner);
  if (owner === undefined) return undefined;
  if (owner.table === 'team') return linkOf((await readRow(context, 'team', owner.id)).administrator);
  seen.add(owner.id);
  return linkOf((await readRow(context, 'user', owner.id)).manager);
}

async function readRow({ run }: HandlerContext, table: string, id: string): Promise<JsonObject> {
  return (await run(`${table}.get`, { id })).output as JsonObject;
}

function linkOf(value: Json | undefined): Link | undefined {
  return (value ?? undefined) as Link | undefined;
}
