import { type ComputedRole, computeRole, type RoleLine } from '../../../src/authoring/rights/compute-role.ts';
import { privilegeName } from '../../../src/authoring/rights/privilege-name.ts';
import type { AccessRight } from '../../../src/errors/missing-privilege.ts';
import { ConnectorError, type Json, type JsonObject } from '../../../src/index.ts';
import type { CatalogFixture, Exercise } from '../catalog/exercises/fixture.ts';
import { findExercise } from '../catalog/exercises/index.ts';
import { type Robot, toPrivileges } from './robot.ts';
import { type Variant, variantsOf } from './variants.ts';

/** The tables that the exercises use actions on any table with. */
const exercisedTables: Readonly<Record<string, readonly string[]>> = {
  'record.associate': ['opportunity', 'competitor'],
  'record.create': ['opportunity'],
  'record.disassociate': ['opportunity', 'competitor'],
  'record.download-file': ['account'],
  'record.find-duplicates': ['team', 'account'],
  'record.list-changes': ['account'],
  'record.read-timeline': ['incident'],
  'record.search': ['lead', 'competitor'],
  'record.summarize': ['opportunity', 'incident'],
  'record.upload-file': ['account'],
};

/** The role of an action as its exercise uses it. */
export function roleOf(action: string, { definition }: CatalogFixture): ComputedRole {
  const tables = exercisedTables[action] ?? ['competitor'];
  return computeRole(definition, { operations: [action], tables });
}

/**
 * Runs an action with exactly its role, and with each privilege of it taken away.
 *
 * @returns what is wrong: a role that is not enough, a privilege that nothing needs, a failure that does not name what
 * is missing
 */
export async function proveRole(
  robot: Robot,
  action: string,
  role: ComputedRole = roleOf(action, robot.fixture),
): Promise<readonly string[]> {
  const fixture = asRobot(robot, action);
  const exercise = findExercise(action, fixture.definition.tables)!;
  const variants = variantsOf(action, fixture);
  robot.grant(toPrivileges(role.lines));
  const refusal = await firstError([exercise, ...variants.map(({ call }) => call)], fixture);
  if (refusal !== undefined) return [`${action}: the role is not enough: ${textOf(refusal)}`];
  const problems: string[] = [];
  for (const line of role.lines.filter(isOwnLine(action))) {
    robot.grant(toPrivileges(role.lines.filter((each) => each !== line)));
    const isAbout = ({ about }: Variant) => line.tables.includes(about);
    const likely = variants.filter(isAbout).map(({ call }) => call);
    const others = variants.filter((variant) => !isAbout(variant)).map(({ call }) => call);
    const error = await firstError([...likely, exercise, ...others], fixture);
    if (error === undefined) {
      if (!isImpossibleLink(line, action, fixture))
        problems.push(`${action}: nothing needs ${line.privilege}`);
    } else if (!namesLine(error, line))
      problems.push(`${action}: without ${line.privilege}, the error is: ${textOf(error)}`);
  }
  return problems;
}

/**
 * The relationship is an input of actions that link rows, so their roles have the rights for a link to each table. Some
 * tables have no such relationship in this organization.
 */
function isImpossibleLink(
  { tables, right }: RoleLine,
  action: string,
  { definition, sandbox }: CatalogFixture,
): boolean {
  const [resource = '', verb = ''] = action.split('.');
  const table = definition.tables[resource];
  if (!verb.endsWith('associate') || table === undefined) return false;
  const { model } = sandbox.organization.store;
  const navigations = model.navigations(model.table(table.logicalName)!);
  const links = navigations.filter(({ kind, target }) => kind !== 'lookup' && tables.includes(target));
  const columns = links.flatMap((each) => (each.kind === 'oneToMany' ? [each.relationship.attribute] : []));
  if (right === 'Assign') return !columns.includes('ownerid');
  if (right === 'Write') return columns.length === 0;
  // An owner is assigned instead, and a row that no longer refers to another is only written.
  if (right === 'Append' && verb === 'associate') return columns.every((column) => column === 'ownerid');
  return !links.some(({ kind }) => kind === 'manyToMany');
}

/** What every connection needs is not part of the proof: the sandbox lets every user read it, as Dataverse does. */
const isOwnLine =
  (action: string) =>
  ({ neededBy }: RoleLine): boolean =>
    neededBy.some(({ operation }) => operation === action);

async function firstError(calls: readonly Exercise[], fixture: CatalogFixture): Promise<unknown> {
  for (const call of calls) {
    try {
      await call(fixture);
    } catch (error) {
      return error;
    }
  }
  return undefined;
}

/** The error names the privilege and the line of the role, for people and for programs. */
function namesLine(error: unknown, { privilege, tables, right }: RoleLine): boolean {
  // Tables share privileges: that of an e-mail is that of its parties.
  const sharesPrivilege = (table: string, of: AccessRight) =>
    tables.includes(table) || privilegeName(table, of).toLowerCase() === privilege.toLowerCase();
  if (!(error instanceof ConnectorError)) return textOf(error).includes(privilege);
  const { missingPrivilege: missing } = error.details;
  return (
    error.code === 'ACCESS_DENIED' &&
    missing?.privilege?.toLowerCase() === privilege.toLowerCase() &&
    (right === undefined || (missing.right === right && sharesPrivilege(missing.table ?? '', right))) &&
    error.message.includes(privilege) &&
    error.advice.includes(privilege)
  );
}

const textOf = (error: unknown): string => (error as Error).message.slice(0, 300);

/** The fixture of one action. What an action leaves out because a privilege is missing is an error here. */
function asRobot({ fixture, id }: Robot, action: string): CatalogFixture {
  // These act for the signed-in user.
  const isOwn = ['case.reply-by-email', 'queue.pick-next'].includes(action);
  return {
    ...fixture,
    ...(isOwn && { me: { table: 'user', id } }),
    async run<Output extends Json>(name: string, input: JsonObject) {
      const output = await fixture.run<Output>(name, input);
      const reason = omission(output);
      if (reason !== undefined) throw new Error(reason);
      return output;
    },
  };
}

function omission(output: Json): string | undefined {
  const { notRead, failed } = (output ?? {}) as {
    notRead?: readonly JsonObject[];
    failed?: readonly JsonObject[];
  };
  const [first] = notRead ?? [];
  const [row] = failed ?? [];
  return (first?.reason ?? row?.message) as string | undefined;
}
