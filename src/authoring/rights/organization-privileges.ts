import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../model/json.ts';
import { encodeQuery } from '../../odata/encode-url.ts';
import { quoteString } from '../../odata/quote-string.ts';
import { readODataPage } from '../../odata/read-page.ts';
import type { Connection } from '../../run/connection.ts';
import { sendApiRequest } from '../../run/send-api-request.ts';
import { type ComputedRole, type PrivilegeDepth, privilegeDepths, type RoleLine } from './compute-role.ts';

/** The requests of the command that reads and creates roles. */
export type RoleConnection = Pick<Connection, 'baseUrl' | 'pipeline' | 'services' | 'whoAmI'>;

const operation = 'role';

/** Sends a read below the base URL, and returns its body. */
export async function readPath(
  connection: RoleConnection,
  path: string,
  query: Readonly<Record<string, string>> = {},
): Promise<JsonObject> {
  const { body = null } = await sendApiRequest(connection, {
    operation,
    method: 'GET',
    path: `${path}${encodeQuery(Object.entries(query))}`,
    safety: 'repeatable',
  });
  return isJsonObject(body) ? body : {};
}

/** The rows of all pages of a read. */
export async function readAll(
  connection: RoleConnection,
  path: string,
  query: Readonly<Record<string, string>>,
): Promise<readonly JsonObject[]> {
  return readODataPage(await readPath(connection, path, query)).rows;
}

/** A privilege that a user or a role has. */
export interface HeldPrivilege {
  readonly privilege: string;
  readonly id: string;
  readonly depth: PrivilegeDepth;
}

/** The privileges in the answer of a function, by their names in lower case, each with its widest level. */
export function readRolePrivileges(body: JsonObject): ReadonlyMap<string, HeldPrivilege> {
  const held = new Map<string, HeldPrivilege>();
  const list: Json = body.RolePrivileges ?? [];
  for (const item of isJsonArray(list) ? list : []) {
    if (!isJsonObject(item)) continue;
    const privilege = String(item.PrivilegeName ?? '');
    const depth = readDepth(item.Depth);
    const known = held.get(privilege.toLowerCase());
    if (known !== undefined && isAtLeast(known.depth, depth)) continue;
    held.set(privilege.toLowerCase(), { privilege, id: String(item.PrivilegeId), depth });
  }
  return held;
}

/** `Global` or 3. An unknown level counts as the lowest one. */
function readDepth(value: Json | undefined): PrivilegeDepth {
  if (typeof value === 'number') return privilegeDepths[value] ?? 'Basic';
  return privilegeDepths.find((depth) => depth === value) ?? 'Basic';
}

export function isAtLeast(depth: PrivilegeDepth, wanted: PrivilegeDepth): boolean {
  return privilegeDepths.indexOf(depth) >= privilegeDepths.indexOf(wanted);
}

/**
 * A computed role with the names that the organization has for the privileges of its tables. Several tables share
 * privileges, and only the metadata of a table tells which are its own.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/securityprivilegemetadata
 */
export async function withOrganizationNames(
  connection: RoleConnection,
  role: ComputedRole,
): Promise<ComputedRole> {
  const tables = [...new Set(role.lines.flatMap((line) => line.tables))];
  const names = new Map<string, string>();
  for (let at = 0; at < tables.length; at += namesPerRequest) {
    const filter = tables
      .slice(at, at + namesPerRequest)
      .map((name) => `LogicalName eq ${quoteString(name)}`);
    const query = { $select: 'LogicalName,Privileges', $filter: filter.join(' or ') };
    for (const { LogicalName, Privileges } of await readAll(connection, '/EntityDefinitions', query)) {
      for (const each of isJsonArray(Privileges ?? []) ? (Privileges as readonly JsonObject[]) : [])
        names.set(`${String(LogicalName)} ${String(each.PrivilegeType)}`, String(each.Name));
    }
  }
  const named = role.lines.map((line) => {
    const known = line.tables.map((table) => names.get(`${table} ${line.right}`));
    return { ...line, privilege: known.find((name) => name !== undefined) ?? line.privilege };
  });
  return { ...role, lines: named };
}

/** A privilege of the organization, with the access levels that it can have. */
export interface OrganizationPrivilege {
  readonly id: string;
  readonly name: string;
  readonly depths: readonly PrivilegeDepth[];
}

/** Names in one request, so that its URL stays short. */
const namesPerRequest = 40;

/** Finds the privileges of lines in the organization, by their names in lower case. */
export async function findPrivileges(
  connection: RoleConnection,
  lines: readonly RoleLine[],
): Promise<ReadonlyMap<string, OrganizationPrivilege>> {
  const found = new Map<string, OrganizationPrivilege>();
  for (let at = 0; at < lines.length; at += namesPerRequest) {
    const names = lines.slice(at, at + namesPerRequest).map(({ privilege }) => privilege);
    const filter = names.map((name) => `name eq ${quoteString(name)}`).join(' or ');
    const $select = 'privilegeid,name,canbebasic,canbelocal,canbedeep,canbeglobal';
    for (const row of await readAll(connection, '/privileges', { $select, $filter: filter })) {
      const name = String(row.name);
      const depths = privilegeDepths.filter((depth) => row[`canbe${depth.toLowerCase()}`] === true);
      found.set(name.toLowerCase(), { id: String(row.privilegeid), name, depths });
    }
  }
  return found;
}
