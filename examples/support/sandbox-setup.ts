/** Prepares a sandbox for the programs: what customizers, managers, SLAs and customers do in an organization. */
import type { Sandbox } from 'dynamics365-connector-sandbox';

/** Defines alternate keys, as a customizer does in the maker portal. */
export function defineKeys({ organization }: Sandbox): void {
  organization.store.addKey('account', 'account_number', ['accountnumber']);
  organization.store.addKey('contact', 'contact_email', ['emailaddress1']);
}

/** Makes the sample's manager the manager of the signed-in user. */
export function addManager(sandbox: Sandbox): void {
  const { store } = sandbox.organization;
  const actor = signedInUser(sandbox);
  const agents = store.query('systemuser', { actor }).rows;
  const manager = agents.map(({ values }) => values.parentsystemuserid).find((value) => value);
  if (!manager) throw new Error('No user of the sandbox has a manager.');
  store.update({
    table: 'systemuser',
    id: actor.userId,
    values: { parentsystemuserid: manager },
    actor,
  });
}

/** Adds the SLA KPI of a case, which warns in 10 minutes, and moves the sandbox's clock 15 minutes ahead. */
export function addSlaWarning(sandbox: Sandbox, caseId: string): void {
  const { organization } = sandbox;
  const warningtime = new Date(Date.now() + organization.clockOffsetMs + 10 * 60_000)
    .toISOString()
    .replace(/\.\d+/, '');
  const regarding = { table: 'incident', id: caseId };
  const values = { name: 'First response', regarding, warningtime, status: 0 };
  organization.store.insert('slakpiinstance', values, signedInUser(sandbox));
  organization.clockOffsetMs += 15 * 60_000;
}

/** Rates the resolved cases from 1 (very dissatisfied) to 5, as a survey does. */
export function rateResolvedCases(sandbox: Sandbox): void {
  const { store } = sandbox.organization;
  const actor = signedInUser(sandbox);
  const resolved = store.query('incident', { actor }).rows.filter(({ values }) => values.statecode === 1);
  resolved.forEach(({ table, id }, index) => {
    store.update({ table, id, values: { customersatisfactioncode: 1 + ((index * 3 + 3) % 5) }, actor });
  });
}

/** Adds an SLA KPI to each resolved case: every fourth one was not met. */
export function addSlaResults(sandbox: Sandbox): void {
  const { store } = sandbox.organization;
  const actor = signedInUser(sandbox);
  const resolved = store.query('incident', { actor }).rows.filter(({ values }) => values.statecode === 1);
  resolved.forEach(({ table, id }, index) => {
    const values = { name: 'Resolve by', regarding: { table, id }, status: index % 4 === 3 ? 1 : 4 };
    store.insert('slakpiinstance', values, actor);
  });
}

function signedInUser({ organization, user }: Sandbox): { readonly userId: string } {
  const userId = organization.findSystemUserId(user);
  if (userId === undefined) throw new Error('The user of the sandbox is not a member of the organization.');
  return { userId };
}
