import type { JsonObject } from 'dynamics365-connector';
import { isJsonObject } from 'dynamics365-connector/base';
import { advanceClock } from './advance-clock.ts';
import { assignReadings } from './assumptions.ts';
import { checkMembers, controlError } from './control-error.ts';
import { parseDeliveryFault, parseFault } from './faults/parse-fault.ts';
import type { SandboxClock } from './sandbox-clock.ts';
import type { SandboxOrganization } from './sandbox-organization.ts';
import type { SeedRows } from './seed-rows.ts';
import { type AdminCommands, assignNumbers } from './server/admin.ts';

/** The control routes of an organization. */
export function createOrganizationCommands(
  organization: SandboxOrganization,
  clock: SandboxClock,
): AdminCommands {
  const { store, faults, limits, assumptions } = organization;
  return {
    reset(input) {
      checkMembers(input, []);
      organization.reset();
    },
    seed: (input) => seed(organization, input),
    snapshots(input) {
      checkMembers(input, []);
      return { id: store.saveSnapshot() };
    },
    'snapshots/*/restore': (input, id) => {
      checkMembers(input, []);
      store.restoreSnapshot(id);
    },
    clock: (input) => advanceClock(clock, input),
    faults: (input) => void faults.add(parseFault(input)),
    'clear-faults': () => faults.clear(),
    'webhook-faults': (input) => void organization.webhooks.faults.add(parseDeliveryFault(input)),
    'clear-webhook-faults': () => organization.webhooks.faults.clear(),
    exchanges: (input) => listExchanges(organization, input),
    'clear-exchanges': () => organization.exchanges.clear(),
    'set-limits': (input) => assignNumbers(limits, input),
    'set-assumptions': (input) => assignReadings(assumptions, input),
    'set-clock': (input) => assignNumbers(organization, { clockOffsetMs: input.offsetMs ?? 0 }),
    'expire-delta-tokens': () => organization.expireDeltaTokens(),
  };
}

function listExchanges({ exchanges }: SandboxOrganization, input: JsonObject) {
  checkMembers(input, ['after']);
  const { after = 0 } = input;
  if (typeof after === 'number' && after >= 0) return { exchanges: exchanges.list(after) };
  throw controlError('/after', 'Parameter "after" must be the number of an exchange.', 'Send {"after": 0}.');
}

function seed(organization: SandboxOrganization, input: JsonObject) {
  const example = 'Send {"rows": {"accounts": [{"name": "Contoso"}]}} or {"sample": true}.';
  checkMembers(input, ['rows', 'sample']);
  const { rows, sample } = input;
  if (rows === undefined && sample === undefined)
    throw controlError('', 'The body has neither "rows" nor "sample".', example);
  if (sample !== undefined && typeof sample !== 'boolean')
    throw controlError('/sample', 'Parameter "sample" must be true or false.', example);
  if (rows !== undefined && !isJsonObject(rows))
    throw controlError('/rows', 'Parameter "rows" must be an object with lists of rows.', example);
  return organization.store.transaction(() => {
    if (sample) organization.loadSample();
    return { ids: organization.seed((rows ?? {}) as unknown as SeedRows) };
  });
}
