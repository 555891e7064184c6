import type { PrivilegeDepth } from 'dynamics365-connector-sandbox';
import type { RoleLine } from '../../../src/authoring/rights/compute-role.ts';
import {
  type Client,
  type Json,
  type JsonObject,
  loadConnector,
  type UntypedOperations,
} from '../../../src/index.ts';
import { type CatalogFixture, openFixture } from '../catalog/exercises/fixture.ts';

/** A privilege of a role, by its name. */
export interface GrantedPrivilege {
  readonly privilege: string;
  readonly depth: PrivilegeDepth;
}

/** A user with one security role, whose privileges a test sets one by one. */
export interface Robot {
  /** The fixture in which `run` acts as the robot, and everything else as an administrator. */
  readonly fixture: CatalogFixture;
  readonly client: Client;
  /** The `systemuserid` of the robot. */
  readonly id: string;
  /** Gives the role exactly these privileges. */
  grant(privileges: readonly GrantedPrivilege[]): void;
  close(): Promise<void>;
}

const name = 'robot@contoso.example';

/** Opens an empty organization with an administrator and the robot. */
export async function openRobot(): Promise<Robot> {
  const fixture = await openFixture({ users: [{ name: 'admin@contoso.example' }, { name, roles: [] }] });
  const { sandbox } = fixture;
  const user = sandbox.users.find((each) => each.name === name)!;
  const client = (await loadConnector<UntypedOperations>()).connect(
    { orgUrl: sandbox.organization.origin },
    { kind: 'host', getToken: () => ({ token: sandbox.issueToken(user) }) },
    { allowLoopback: true },
  );
  const id = sandbox.organization.findSystemUserId(user)!;
  const role = addRole(fixture, id);
  return {
    client,
    id,
    fixture: { ...fixture, run: runAs(client, fixture) },
    grant(privileges) {
      const { security } = sandbox.organization.store;
      security.revokePrivileges(role);
      security.grantPrivileges(role, privileges.map(toGrant(fixture)));
    },
    close: fixture.close,
  };
}

/** Runs actions as the robot; the fixture still knows which ones ran. */
function runAs(client: Client, { ran }: CatalogFixture) {
  return async <Output extends Json = JsonObject>(action: string, input: JsonObject): Promise<Output> => {
    (ran as Set<string>).add(action);
    return (await client.run(action, input)).output as Output;
  };
}

/** A role without privileges in the business unit of a user, who has no other role. */
function addRole({ sandbox, add }: CatalogFixture, userId: string): string {
  const { store } = sandbox.organization;
  const { businessunitid = null } = store.read('systemuser', userId)?.values ?? {};
  const { id } = add('role', { name: 'Robot', businessunitid });
  store.update({
    table: 'role',
    id,
    values: { parentrootroleid: { table: 'role', id } },
    actor: { userId },
  });
  const near = { table: 'systemuser', id: userId };
  store.associate({ navigation: 'systemuserroles_association', near, far: { table: 'role', id } });
  return id;
}

function toGrant({ sandbox }: CatalogFixture) {
  const { rows } = sandbox.organization.store.query('privilege', { actor: { userId: '' } });
  const ids = new Map(rows.map(({ id, values }) => [String(values.name).toLowerCase(), id]));
  return ({ privilege, depth }: GrantedPrivilege) => {
    const id = ids.get(privilege.toLowerCase());
    if (id === undefined) throw new Error(`The organization has no privilege ${privilege}.`);
    return { privilegeId: id, depth };
  };
}

/** The privileges of the lines of a computed role. */
export function toPrivileges(lines: readonly RoleLine[]): readonly GrantedPrivilege[] {
  return lines.map(({ privilege, depth }) => ({ privilege, depth }));
}
