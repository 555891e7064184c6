import { expect } from 'chai';
import { compareRole } from '../../../src/authoring/rights/compare-role.ts';
import { computeRole } from '../../../src/authoring/rights/compute-role.ts';
import { createRole } from '../../../src/authoring/rights/create-role.ts';
import { openConnection } from '../../../src/client/connect.ts';
import { runtimeOf } from '../../../src/client/connector.ts';
import { loadConnector } from '../../../src/index.ts';
import { openRobot, type Robot } from './robot.ts';

/** Roles of a real organization are written with the same requests. */
describe('a computed role in an organization', () => {
  let robot: Robot;
  beforeEach(async () => {
    robot = await openRobot();
  });
  afterEach(() => robot.close());

  const resolving = () => computeRole(robot.fixture.definition, { operations: ['case.resolve'] });
  async function connect(index: number) {
    const { sandbox } = robot.fixture;
    const user = sandbox.users[index]!;
    return openConnection(
      runtimeOf(await loadConnector()),
      { orgUrl: sandbox.organization.origin },
      { kind: 'host', getToken: () => ({ token: sandbox.issueToken(user) }) },
      { allowLoopback: true },
    );
  }
  const give = (name: string) =>
    robot.fixture.sandbox.organization.setRoles(robot.fixture.sandbox.users[1]!, [name]);
  const roles = (name: string) => robot.fixture.rowsWith('role', { name });
  const resolve = () =>
    robot.client.run('case.resolve', { id: robot.fixture.add('case').id, subject: 'Fuse' });

  it('createRole: a user with the created role runs the action, and a user with none does not', async () => {
    robot.grant([]);
    await expectDenied(resolve());
    const created = await createRole(await connect(0), resolving(), { name: 'Case intake' });
    expect(created).to.include({ name: 'Case intake', replaced: false });
    expect(created.unavailable).to.deep.equal([]);
    give('Case intake');
    await resolve();
    await expectDenied(robot.client.run('case.delete', { id: robot.fixture.add('case').id }));
  });

  it('createRole: refuses a name that is taken; with replace, the role has exactly the new privileges', async () => {
    const admin = await connect(0);
    const { id } = await createRole(admin, resolving(), { name: 'Case intake' });
    const reading = computeRole(robot.fixture.definition, { operations: ['case.list'], inputs: [] });
    const again = await createRole(admin, reading, { name: 'Case intake' }).catch((error) => error);
    expect(again).to.include({ code: 'DUPLICATE' });
    expect(roles('Case intake')).to.have.length(1);
    expect(await createRole(admin, reading, { name: 'Case intake', replace: true })).to.include({
      id,
      replaced: true,
    });
    give('Case intake');
    await robot.client.run('case.list', {});
    const denied = await expectDenied(resolve());
    expect(denied.details.missingPrivilege).to.have.property('privilege');
  });

  it('createRole: leaves no role behind if the user may not give a privilege', async () => {
    robot.grant(
      ['prvReadRole', 'prvCreateRole', 'prvWriteRole', 'prvDeleteRole', 'prvReadBusinessUnit', 'prvReadUser']
        .map((privilege) => ({ privilege, depth: 'Global' as const }))
        .concat(
          { privilege: 'prvAppendToBusinessUnit', depth: 'Global' },
          { privilege: 'prvAppendRole', depth: 'Global' },
        ),
    );
    const denied = await expectDenied(createRole(await connect(1), resolving(), { name: 'Too much' }));
    expect(denied.details.missingPrivilege?.privilege).to.match(/^prv/);
    expect(roles('Too much')).to.deep.equal([]);
  });

  it('compareRole: names what the user lacks, what it has at a lower level, and what it has beyond', async () => {
    const role = resolving();
    robot.grant([
      ...role.lines
        .filter(({ privilege }) => privilege !== 'prvWriteIncident')
        .map(({ privilege, depth }) => ({
          privilege,
          depth: privilege === 'prvReadIncident' ? ('Basic' as const) : depth,
        })),
      { privilege: 'prvReadLead', depth: 'Global' },
    ]);
    const compared = await compareRole(await connect(1), role);
    expect(compared.userId).to.equal(robot.id);
    expect(compared.missing.map(({ privilege, held }) => [privilege, held])).to.deep.equal([
      ['prvReadIncident', 'Basic'],
      ['prvWriteIncident', undefined],
    ]);
    expect(compared.held).to.have.length(role.lines.length - 2);
    expect(compared.surplus.map(({ privilege }) => privilege)).to.deep.equal(['prvReadLead']);
  });

  it('compareRole: names privileges of tables that the organization does not have', async () => {
    const role = computeRole(robot.fixture.definition, {
      operations: ['record.get'],
      tables: ['new_nothing'],
    });
    const { missing, unavailable } = await compareRole(await connect(0), role);
    expect(missing).to.deep.equal([]);
    expect(unavailable.map(({ privilege }) => privilege)).to.deep.equal(['prvReadnew_nothing']);
  });
});

async function expectDenied(call: Promise<unknown>) {
  const error = await call.then(
    () => expect.fail('The call should be denied.'),
    (thrown) => thrown,
  );
  expect(error).to.include({ code: 'ACCESS_DENIED' });
  return error;
}
