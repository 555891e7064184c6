import type { AccessRight } from '../../errors/missing-privilege.ts';
import type { ActionDefinition, ConnectorDefinition } from '../../model/definition.ts';
import { requireOperation } from '../../run/require-operation.ts';
import type { RightsContext } from './find-table.ts';
import { handlerRights } from './handler-rights.ts';
import { joinNeeds, type OperationNeeds, type PrivilegeNeed } from './need.ts';
import { privilegeName } from './privilege-name.ts';
import { requestRights } from './request-rights.ts';
import { triggerRights } from './trigger-rights.ts';

/** The access levels of a privilege, the lowest first: own rows, business unit, with child business units, all. */
export const privilegeDepths = ['Basic', 'Local', 'Deep', 'Global'] as const;
export type PrivilegeDepth = (typeof privilegeDepths)[number];

/** Why a role has a line: an operation, and the inputs of which one must be given for it. */
export interface RoleReason {
  readonly operation: string;
  readonly inputs?: readonly string[];
}

/** One line of a security role. */
export interface RoleLine {
  /** `prvReadIncident`. Names are compared without regard to case. */
  readonly privilege: string;
  /** The logical names of the tables: activities share their privileges. None for a privilege that belongs to no table. */
  readonly tables: readonly string[];
  readonly right?: AccessRight;
  readonly depth: PrivilegeDepth;
  readonly neededBy: readonly RoleReason[];
}

/** The smallest security role with which operations work. */
export interface ComputedRole {
  readonly lines: readonly RoleLine[];
  /** What is not known without the inputs of calls, in sentences. */
  readonly unknown: readonly string[];
}

/** What a role is computed for. */
export interface RoleRequest {
  /** Ids of actions and triggers; all of the connector if missing. */
  readonly operations?: readonly string[];
  /** The tables that operations on any table are used with, by any of their names. */
  readonly tables?: readonly string[];
  /** The inputs that calls give. Privileges that only other inputs need are left out. All inputs if missing. */
  readonly inputs?: readonly string[];
  /** The access level of the role: `Global` by default, because the user of an integration owns few rows. */
  readonly depth?: PrivilegeDepth;
}

/**
 * Computes the smallest security role with which actions and triggers work. It sends nothing.
 *
 * @param definition the compiled connector; one that extends another has the operations of both
 * @throws OPERATION_UNKNOWN for an id that is neither an action nor a trigger
 * @example computeRole(runtimeOf(connector).definition, { operations: ['case.create', 'case.resolve'] })
 * https://learn.microsoft.com/power-platform/admin/security-roles-privileges
 */
export function computeRole(definition: ConnectorDefinition, request: RoleRequest = {}): ComputedRole {
  const context: RightsContext = { definition, tables: request.tables ?? [] };
  const ids = request.operations ?? [...Object.keys(definition.actions), ...Object.keys(definition.triggers)];
  const all = ids.map((id) => ({ id, ...operationNeeds(context, id) }));
  const lines = new Map<string, RoleLine>();
  for (const { table, right, privilege } of baseline)
    addNeed(lines, { table, right, privilege }, connecting, request);
  for (const { id, needs } of all) {
    const given = needs.filter((need) => isGiven(need, request.inputs));
    for (const need of given) addNeed(lines, need, id, request);
  }
  return {
    lines: [...lines.values()].sort(byTable),
    unknown: joinNeeds(...all).unknown,
  };
}

/** Stands for the operation in lines that every user of the connector needs. */
export const connecting = '(every connection)';

/**
 * What every user reads: users, teams and business units, the currency of amounts, and the metadata of tables, with which
 * inputs are checked. The role Basic User has all of it.
 */
const baseline: readonly PrivilegeNeed[] = [
  ...(['businessunit', 'organization', 'systemuser', 'team', 'transactioncurrency'] as const).map(
    (table) => ({
      ...{ table, right: 'Read' as const },
    }),
  ),
  ...['prvReadEntity', 'prvReadAttribute', 'prvReadRelationship', 'prvReadOptionSet'].map((privilege) => ({
    privilege,
  })),
];

/** What one action or trigger needs. */
export function operationNeeds(
  context: RightsContext,
  id: string,
  running: readonly string[] = [],
): OperationNeeds {
  const { actions, triggers } = context.definition;
  const trigger = Object.hasOwn(triggers, id) ? triggers[id] : undefined;
  if (trigger !== undefined) return triggerRights(context, trigger);
  const action: ActionDefinition = requireOperation('action', actions, id, triggers);
  if (action.handler === undefined) return requestRights(context, action);
  const needsOf = (other: string) =>
    running.includes(other) ? joinNeeds() : operationNeeds(context, other, [...running, id]);
  return handlerRights(context, action, needsOf);
}

function isGiven({ inputs }: PrivilegeNeed, given: readonly string[] | undefined): boolean {
  return inputs === undefined || given === undefined || inputs.some((name) => given.includes(name));
}

function addNeed(
  lines: Map<string, RoleLine>,
  { table, right, privilege = '', inputs, organization }: PrivilegeNeed,
  operation: string,
  { depth = 'Global' }: RoleRequest,
): void {
  const name = table === undefined || right === undefined ? privilege : privilegeName(table, right);
  const known = lines.get(name.toLowerCase());
  const isWide = organization === true || right === undefined || operation === connecting;
  const tables = new Set([...(known?.tables ?? []), ...(table === undefined ? [] : [table])]);
  const line: RoleLine = {
    privilege: name,
    tables: [...tables].sort(),
    ...(right === undefined ? {} : { right }),
    depth: isWide || known?.depth === 'Global' ? 'Global' : depth,
    neededBy: addReason(known?.neededBy ?? [], { operation, inputs }),
  };
  lines.set(name.toLowerCase(), line);
}

/** A reason without inputs goes before one with some; inputs of one operation are joined. */
function addReason(
  reasons: readonly RoleReason[],
  { operation, inputs }: { readonly operation: string; readonly inputs: readonly string[] | undefined },
): readonly RoleReason[] {
  const known = reasons.find((reason) => reason.operation === operation);
  if (known === undefined) return [...reasons, inputs === undefined ? { operation } : { operation, inputs }];
  if (known.inputs === undefined) return reasons;
  const joined =
    inputs === undefined ? { operation } : { operation, inputs: [...new Set([...known.inputs, ...inputs])] };
  return reasons.map((reason) => (reason === known ? joined : reason));
}

function byTable(one: RoleLine, other: RoleLine): number {
  const key = ({ tables, privilege }: RoleLine) => `${tables[0] ?? '~'} ${privilege}`;
  return key(one) < key(other) ? -1 : 1;
}
