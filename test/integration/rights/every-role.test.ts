import { expect } from 'chai';
import { CallerAccess } from '../../../packages/sandbox/src/security/caller-access.ts';
import type { ComputedRole, RoleLine } from '../../../src/authoring/rights/compute-role.ts';
import { realDefinition } from '../../manifest/support/manifests.ts';
import { createSeededRandom } from '../../support/seeded-random.ts';
import { proveRole, roleOf } from './prove-role.ts';
import { openRobot, type Robot } from './robot.ts';

/** Their privileges follow from their inputs alone. */
const ofInput = ['changeset.run', 'operation.call', 'request.send'];

const actions = Object.keys(realDefinition().actions).filter((id) => !ofInput.includes(id));

/** The actions of a run: a share of each kind by the fixed seed; all with `npm run proof:roles`, those of a pattern with `ROLES=associate$`. */
function chosenActions(): readonly string[] {
  const { ROLES = '' } = process.env;
  if (ROLES === 'all') return actions;
  if (ROLES !== '') return actions.filter((id) => new RegExp(ROLES).test(id));
  const random = createSeededRandom(Number(process.env.SEED) || 20_261_201);
  const pick = (ids: readonly string[]) => ids[Math.floor(random() * ids.length)] ?? '';
  const verbs = [
    'create',
    'get',
    'assign',
    'delete',
    'add-note',
    'share',
    'merge',
    'set-state',
    'add-to-queue',
  ];
  const shared = verbs.map((verb) => pick(actions.filter((id) => id.endsWith(`.${verb}`))));
  const own = [
    /^queue-item\./,
    /^opportunity\.(win|lose|reopen)/,
    /^case\.(resolve|rate|cancel)/,
    /^record\.(get|update)/,
  ];
  return [...shared, ...own.map((pattern) => pick(actions.filter((id) => pattern.test(id))))];
}

/**
 * The rights of the engine and those of the sandbox are written apart: neither imports the other. Each action works with
 * exactly its computed role, and fails by name without any one privilege of it.
 */
describe('every action works with exactly its computed role', function () {
  this.timeout(600_000);
  let robot: Robot;
  let proofs = 0;
  beforeEach(async () => {
    // Rows of earlier proofs make lists slow.
    if (proofs++ % 10 > 0) return;
    await robot?.close();
    robot = await openRobot();
  });
  after(() => robot.close());

  for (const action of chosenActions()) {
    it(`${action}: works with its role, and fails by name without any of its privileges`, async () => {
      expect(await proveRole(robot, action)).to.deep.equal([]);
    });
  }
});

describe('the proof of roles', () => {
  let robot: Robot;
  before(async () => {
    robot = await openRobot();
  });
  after(() => robot.close());

  const withLines = (
    action: string,
    change: (lines: readonly RoleLine[]) => readonly RoleLine[],
  ): ComputedRole => {
    const role = roleOf(action, robot.fixture);
    return { ...role, lines: change(role.lines) };
  };

  it('finds a privilege that the engine forgets', async () => {
    const role = withLines('account.delete', (lines) => lines.filter(({ right }) => right !== 'Delete'));
    expect(await proveRole(robot, 'account.delete', role)).to.match(/not enough.*prvDeleteAccount/);
  });

  it('finds a privilege that the engine adds', async () => {
    const role = withLines('account.delete', (lines) =>
      lines.map((line) =>
        line.privilege === 'prvReadTeam' ? { ...line, neededBy: [{ operation: 'account.delete' }] } : line,
      ),
    );
    expect(await proveRole(robot, 'account.delete', role)).to.deep.equal([
      'account.delete: nothing needs prvReadTeam',
    ]);
  });

  it('finds a check that the sandbox forgets', async () => {
    const problems = await withRule(
      (check) =>
        function (this: CallerAccess, verb, table) {
          if (verb !== 'Delete') check.call(this, verb, table);
        },
      () => proveRole(robot, 'contact.delete'),
    );
    expect(problems).to.deep.equal(['contact.delete: nothing needs prvDeleteContact']);
  });

  it('finds a check that the sandbox adds', async () => {
    const problems = await withRule(
      (check) =>
        function (this: CallerAccess, verb, table) {
          check.call(this, verb === 'Delete' ? 'Share' : verb, table);
          check.call(this, verb, table);
        },
      () => proveRole(robot, 'contact.delete'),
    );
    expect(problems).to.match(/not enough.*prvShareContact/);
  });
});

type Check = CallerAccess['requireFor'];

/** Runs with another rule in the place of a check of the sandbox. */
async function withRule<Result>(
  change: (check: Check) => Check,
  run: () => Promise<Result>,
): Promise<Result> {
  const { requireFor, requireRight } = CallerAccess.prototype;
  CallerAccess.prototype.requireFor = change(requireFor);
  CallerAccess.prototype.requireRight = () => undefined;
  try {
    return await run();
  } finally {
    Object.assign(CallerAccess.prototype, { requireFor, requireRight });
  }
}
