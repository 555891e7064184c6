import { expect } from 'chai';
import { findOutsideReferences } from '../../src/odata/query/find-outside-references.ts';
import { parseFilter } from '../../src/odata/query/parse-filter.ts';

function referencesOf(text: string): readonly string[] {
  const parsed = parseFilter(text);
  if (!parsed.ok) throw new Error(parsed.diagnostics[0]?.message);
  return findOutsideReferences(parsed.value).map(({ on, text: part }) => `${on}: ${part}`);
}

const crm = 'Microsoft.Dynamics.CRM.';

describe('findOutsideReferences', () => {
  it('finds none in conditions on the row itself', () => {
    for (const text of [
      'prioritycode eq 1 and not (title eq null)',
      "contains(title,'a') or _ownerid_value ne 2a8f6a3e-6f0c-4b6e-9f0e-6f1f6a3e2b10",
      `${crm}On(PropertyName='createdon',PropertyValue='2026-01-01')`,
      `${crm}EqualUserId(PropertyName='ownerid')`,
      `${crm}InFiscalYear(PropertyName='createdon',PropertyValue=2026)`,
      `${crm}In(PropertyName='name',PropertyValues=["a"])`,
    ])
      expect(referencesOf(text), text).to.deep.equal([]);
  });

  it('finds no key of a related row, because the lookup has it', () => {
    const parsed = parseFilter('regarding/incidentid ne null and regarding/statecode eq 0');
    const found = parsed.ok ? findOutsideReferences(parsed.value, new Set(['incidentid'])) : [];
    expect(found).to.deep.equal([{ on: 'related-rows', text: 'regarding/statecode' }]);
  });

  it('finds columns of related rows, lambdas, hierarchies and teams', () => {
    for (const [text, part] of [
      ["prioritycode eq 1 and customerid_account/name eq 'a'", 'customerid_account/name'],
      ["not startswith(customerid_account/name,'a')", 'customerid_account/name'],
      ['incident_tasks/any(t:t/statecode eq 0)', 'incident_tasks/any'],
      [
        `${crm}Under(PropertyName='accountid',PropertyValue=2a8f6a3e-6f0c-4b6e-9f0e-6f1f6a3e2b10)`,
        `${crm}Under`,
      ],
      [`${crm}EqualUserTeams(PropertyName='ownerid')`, `${crm}EqualUserTeams`],
    ] as const)
      expect(referencesOf(text), text).to.deep.equal([`related-rows: ${part}`]);
  });

  it('finds functions of the present time, also on a related row', () => {
    for (const name of ['Today', 'ThisFiscalYear', 'Last7Days', 'Next7Days'])
      expect(referencesOf(`${crm}${name}(PropertyName='createdon')`)).to.deep.equal([`clock: ${crm}${name}`]);
    const older = `${crm}OlderThanXHours(PropertyName='createdon',PropertyValue=4)`;
    expect(referencesOf(`statecode eq 0 and ${older}`)).to.deep.equal([`clock: ${crm}OlderThanXHours`]);
    expect(referencesOf(`customerid_account/${older}`)).to.deep.equal([
      `clock: ${crm}OlderThanXHours`,
      'related-rows: customerid_account/createdon',
    ]);
  });
});
