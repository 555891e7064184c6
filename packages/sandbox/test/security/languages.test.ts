import { expect } from 'chai';
import { createSecurityHarness, type HttpResponse, type HttpUser, type SecurityHarness } from './harness.ts';

const french = 1036;
const formatted = { prefer: 'odata.include-annotations="*"' };
const annotation = '@OData.Community.Display.V1.FormattedValue';
const label = (english: string, inFrench?: string) => ({
  LocalizedLabels: [
    { Label: english, LanguageCode: 1033 },
    ...(inFrench === undefined ? [] : [{ Label: inFrench, LanguageCode: french }]),
  ],
});
const textsOf = ({
  LocalizedLabels: labels,
}: {
  LocalizedLabels: readonly { Label: string; LanguageCode: number }[];
}) => Object.fromEntries(labels.map(({ LanguageCode: code, Label: text }) => [code, text]));
const errorOf = ({ status, json }: HttpResponse) => [status, json.error?.code];

describe('languages', () => {
  let harness: SecurityHarness;
  let admin: HttpUser;
  let user: HttpUser;
  before(async () => {
    harness = await createSecurityHarness({ user: ['System Administrator'] });
    admin = harness.admin;
    user = harness.as('user');
  });
  after(() => harness.close());

  const column = "EntityDefinitions(LogicalName='account')/Attributes(LogicalName='new_stage')";
  const picklist = {
    '@odata.type': 'Microsoft.Dynamics.CRM.PicklistAttributeMetadata',
    SchemaName: 'new_Stage',
    DisplayName: label('Stage', 'Étape'),
    OptionSet: {
      '@odata.type': 'Microsoft.Dynamics.CRM.OptionSetMetadata',
      IsGlobal: false,
      OptionSetType: 'Picklist',
      Options: [
        { Value: 1, Label: label('Open', 'Ouvert') },
        { Value: 2, Label: label('Closed') },
      ],
    },
  };

  it('labels in a language that is not provisioned are refused', async () => {
    const refused = await admin.send('POST', "EntityDefinitions(LogicalName='account')/Attributes", picklist);
    expect(errorOf(refused)).to.deep.equal([400, '0x80044195']);
    expect((await admin.get('RetrieveProvisionedLanguages')).json.RetrieveProvisionedLanguages).to.deep.equal(
      [1033],
    );
    expect((await admin.send('POST', 'ProvisionLanguage', { Language: french })).status).to.equal(204);
    expect((await admin.get('RetrieveProvisionedLanguages')).json.RetrieveProvisionedLanguages).to.deep.equal(
      [1033, french],
    );
  });

  it('definitions have labels in all languages; UserLocalizedLabel is in the language of the caller', async () => {
    const created = await admin.send('POST', "EntityDefinitions(LogicalName='account')/Attributes", picklist);
    expect(created.status).to.equal(204);
    await user.send('PATCH', `usersettingscollection(${user.id})`, { uilanguageid: french });
    const path = `${column}/Microsoft.Dynamics.CRM.PicklistAttributeMetadata?$select=DisplayName&$expand=OptionSet`;
    const [english, translated] = [(await admin.get(path)).json, (await user.get(path)).json];
    expect(textsOf(english.DisplayName)).to.deep.equal({ 1033: 'Stage', [french]: 'Étape' });
    expect(english.DisplayName.UserLocalizedLabel.Label).to.equal('Stage');
    expect(translated.DisplayName.UserLocalizedLabel).to.include({ Label: 'Étape', LanguageCode: french });
    const [open, closed] = translated.OptionSet.Options;
    expect(open.Label.UserLocalizedLabel.Label).to.equal('Ouvert');
    expect(closed.Label.UserLocalizedLabel).to.include({ Label: 'Closed', LanguageCode: 1033 });
    const standard = await user.get("EntityDefinitions(LogicalName='contact')?$select=DisplayName");
    expect(standard.json.DisplayName.UserLocalizedLabel.Label).to.equal('Contact');
  });

  it('formatted values are in the language of the caller', async () => {
    const account = await admin.create('accounts', { name: 'A', new_stage: 1 });
    const path = `accounts(${account})?$select=new_stage`;
    expect((await admin.get(path, formatted)).json[`new_stage${annotation}`]).to.equal('Open');
    expect((await user.get(path, formatted)).json[`new_stage${annotation}`]).to.equal('Ouvert');
    await admin.send('PATCH', `accounts(${account})`, { new_stage: 2 });
    expect((await user.get(path, formatted)).json[`new_stage${annotation}`]).to.equal('Closed');
  });

  it('MSCRM.MergeLabels and MergeLabels keep the languages that a request leaves out', async () => {
    const set = (merge: boolean, text: string) =>
      admin.send(
        'PUT',
        "EntityDefinitions(LogicalName='account')",
        { DisplayName: label(text) },
        { 'MSCRM.MergeLabels': String(merge) },
      );
    const read = async () =>
      textsOf(
        (await admin.get("EntityDefinitions(LogicalName='account')?$select=DisplayName")).json.DisplayName,
      );
    await admin.send('PUT', "EntityDefinitions(LogicalName='account')", {
      DisplayName: label('Account', 'Compte'),
    });
    await set(true, 'Company');
    expect(await read()).to.deep.equal({ 1033: 'Company', [french]: 'Compte' });
    await set(false, 'Account');
    expect(await read()).to.deep.equal({ 1033: 'Account' });
    const option = (body: object) =>
      admin.send('POST', 'UpdateOptionValue', {
        EntityLogicalName: 'account',
        AttributeLogicalName: 'new_stage',
        Value: 2,
        ...body,
      });
    await option({
      Label: { LocalizedLabels: [{ Label: 'Fermé', LanguageCode: french }] },
      MergeLabels: true,
    });
    await option({ Label: label('Done'), MergeLabels: true });
    const { json } = await admin.get(
      `${column}/Microsoft.Dynamics.CRM.PicklistAttributeMetadata?$expand=OptionSet`,
    );
    expect(textsOf(json.OptionSet.Options[1].Label)).to.deep.equal({ 1033: 'Done', [french]: 'Fermé' });
  });

  it('SetLocLabels and RetrieveLocLabels read and write texts of rows', async () => {
    const [view] = (await admin.get("savedqueries?$select=name&$filter=name eq 'Active Accounts'")).json
      .value;
    const EntityMoniker = {
      '@odata.type': 'Microsoft.Dynamics.CRM.savedquery',
      savedqueryid: view.savedqueryid,
    };
    const Labels = [{ Label: 'Comptes actifs', LanguageCode: french }];
    const set = await admin.send('POST', 'SetLocLabels', { EntityMoniker, AttributeName: 'name', Labels });
    expect(set.status).to.equal(204);
    const moniker = encodeURIComponent(JSON.stringify({ '@odata.id': `savedqueries(${view.savedqueryid})` }));
    const { json } = await user.get(
      `RetrieveLocLabels(EntityMoniker=@m,AttributeName=@a,IncludeUnpublished=true)?@m=${moniker}&@a='name'`,
    );
    expect(textsOf(json.Label)).to.deep.equal({ 1033: 'Active Accounts', [french]: 'Comptes actifs' });
    expect(json.Label.UserLocalizedLabel.Label).to.equal('Comptes actifs');
  });

  it('the option languages provisions languages of a new organization', async () => {
    const { createSandbox } = await import('../../src/index.ts');
    const sandbox = await createSandbox({
      organizations: [{ name: 'fr', data: 'empty', languages: [french] }],
    });
    const url = `${sandbox.organization.origin}/api/data/v9.2/RetrieveProvisionedLanguages`;
    const response = await fetch(url, { headers: { authorization: `Bearer ${sandbox.issueToken()}` } });
    const json = (await response.json()) as { RetrieveProvisionedLanguages: readonly number[] };
    expect(json.RetrieveProvisionedLanguages).to.deep.equal([1033, french]);
    await sandbox.close();
  });
});
