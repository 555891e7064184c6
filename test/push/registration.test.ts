import { expect } from 'chai';
import type { ConnectorError } from '../../src/errors/connector-error.ts';
import { Secret } from '../../src/model/secret.ts';
import { createPushEndpoint } from '../../src/push/push-endpoint.ts';
import { readRegistration } from '../../src/push/read-registration.ts';
import { checkRegistration, removeRegistration, repairRegistration } from '../../src/push/registration.ts';
import { sendApiRequest } from '../../src/run/send-api-request.ts';
import { caseSteps, openPushFixture, type PushFixture, pushSecret } from './fixture.ts';

describe('registration of webhooks that wake polls', () => {
  let fixture: PushFixture;
  before(async () => {
    fixture = await openPushFixture();
  });
  beforeEach(async () => {
    for (const { id } of await readRegistration(fixture.connection))
      await removeRegistration(fixture.connection, { name: id });
  });
  after(() => fixture.close());

  const wanted = (steps = caseSteps) => ({ endpoint: fixture.endpoint, steps });
  const repair = (steps = caseSteps) => repairRegistration(fixture.connection, wanted(steps));
  const check = (steps = caseSteps) => checkRegistration(fixture.connection, wanted(steps));
  const registered = async () => (await readRegistration(fixture.connection))[0]!;
  const patch = (path: string, body: object) =>
    sendApiRequest(fixture.connection, {
      ...{ operation: 'test', method: 'PATCH', safety: 'repeatable', path, body: { ...body } },
    });

  it('registers an endpoint, and an asynchronous step for each message of a table', async () => {
    const { issues, repaired, steps } = await repair();
    expect(issues).to.deep.equal([]);
    expect(repaired).to.deep.equal([
      `${fixture.endpoint.name}: missing`,
      'incident Create: missing',
      'incident Update: missing',
      'incident Delete: missing',
    ]);
    expect([...steps.values()]).to.deep.equal(['incident', 'incident', 'incident']);
    const endpoint = await registered();
    expect(endpoint).to.include({ name: fixture.endpoint.name, url: fixture.endpoint.url });
    expect(endpoint.steps.every(({ isEnabled, isAsWritten }) => isEnabled && isAsWritten)).to.equal(true);
    const update = endpoint.steps.find(({ message }) => message === 'Update');
    expect(update?.columns).to.deep.equal(['prioritycode', 'title']);
    expect(JSON.stringify(endpoint)).not.to.include(fixture.endpoint.key.reveal());
  });

  it('writes nothing if all is as it must be', async () => {
    await repair();
    const before = await registered();
    expect(await repair()).to.deep.include({ issues: [], repaired: [] });
    expect(await registered()).to.deep.equal(before);
  });

  it('repairs a step that was disabled, deleted or narrowed, and one that is not needed any more', async () => {
    await repair();
    const { steps } = await registered();
    const idOf = (message: string) => steps.find((step) => step.message === message)!.id;
    await patch(`/sdkmessageprocessingsteps(${idOf('Create')})`, { statecode: 1, statuscode: 2 });
    await patch(`/sdkmessageprocessingsteps(${idOf('Update')})`, { filteringattributes: 'title' });
    const contact = { table: 'contact', message: 'Create' } as const;
    const next = [...caseSteps.slice(0, 2), contact];
    const issues = [
      'incident Delete: not needed',
      'incident Create: disabled',
      'incident Update: other columns',
      'contact Create: missing',
    ];
    expect((await check(next)).issues).to.deep.equal(issues);
    expect((await repair(next)).repaired).to.deep.equal(issues);
    expect((await check(next)).issues).to.deep.equal([]);
  });

  it('sends another address and another key to the organization', async () => {
    await repair();
    const { id } = await registered();
    await patch(`/serviceendpoints(${id})`, { url: 'http://127.0.0.1:1/other' });
    expect((await repair()).repaired).to.deep.equal([`${fixture.endpoint.name}: another address`]);
    const rotated = await createPushEndpoint(
      'http://127.0.0.1:8099/d365',
      'contoso',
      new Secret('x'.repeat(40)),
    );
    expect(rotated.id).to.equal(fixture.endpoint.id);
    const result = await repairRegistration(fixture.connection, { endpoint: rotated, steps: caseSteps });
    expect(result.repaired).to.deep.equal([`${fixture.endpoint.name}: another key`]);
  });

  it('finds an endpoint that was renamed, or sends its key in another way, and repairs it', async () => {
    await repair();
    const { id } = await registered();
    await patch(`/serviceendpoints(${id})`, { name: 'Their webhooks' });
    expect((await repair()).repaired).to.deep.equal([`${fixture.endpoint.name}: another name`]);
    const header = '<settings><setting name="X" value="Y" /></settings>';
    await patch(`/serviceendpoints(${id})`, { authtype: 5, authvalue: header });
    expect((await check()).issues).to.deep.equal([`${fixture.endpoint.name}: another authentication`]);
    expect(await repair()).to.deep.include({ issues: [] });
    expect((await check()).issues).to.deep.equal([]);
  });

  it('registers one endpoint and its steps once when workers start at the same time, and none has a problem', async () => {
    const results = await Promise.all([repair(), repair(), repair()]);
    expect(results.flatMap(({ issues }) => issues)).to.deep.equal([]);
    const all = await readRegistration(fixture.connection);
    expect(all.map(({ name }) => name)).to.deep.equal([fixture.endpoint.name]);
    expect(all[0]!.steps.map(({ message }) => message).sort()).to.deep.equal(['Create', 'Delete', 'Update']);
  });

  it('lists endpoints of another installation and leaves them alone', async () => {
    const other = await createPushEndpoint('http://127.0.0.1:8099/other', 'contoso', pushSecret);
    await repairRegistration(fixture.connection, { endpoint: other, steps: caseSteps });
    const { strays, issues } = await repair();
    expect(issues).to.deep.equal([]);
    expect(strays.map(({ name, url }) => [name, url])).to.deep.equal([[other.name, other.url]]);
    await removeRegistration(fixture.connection, fixture.endpoint);
    expect((await readRegistration(fixture.connection)).map(({ name }) => name)).to.deep.equal([other.name]);
    expect(await removeRegistration(fixture.connection, { name: strays[0]!.id })).to.deep.equal([other.name]);
    expect(await readRegistration(fixture.connection)).to.deep.equal([]);
  });

  it('names tables that accept no steps, and registers the others', async () => {
    const virtual = { table: 'new_nowhere', message: 'Create' } as const;
    const { issues, unsupported, steps } = await repair([...caseSteps, virtual]);
    expect({ issues, unsupported }).to.deep.equal({ issues: [], unsupported: ['new_nowhere'] });
    expect(steps.size).to.equal(3);
    expect(await check([...caseSteps, virtual])).to.deep.include({
      ...{ issues: [], unsupported: ['new_nowhere'] },
    });
  });

  it('names the privileges that the user lacks, and what to do', async () => {
    fixture.sandbox.organization.setRoles(fixture.sandbox.user, ['Basic User']);
    const user = fixture.connectAsUser();
    const error: ConnectorError = await repairRegistration(user, wanted()).then(
      () => expect.fail('registered'),
      (reason: ConnectorError) => reason,
    );
    expect(error.code).to.equal('ACCESS_DENIED');
    expect(error.message).to.include('lacks').and.include('prvCreateServiceEndpoint');
    expect(error.message).to.include('prvCreateSdkMessageProcessingStep');
    expect(error.advice).to.include('d365 worker push repair --as');
  });
});
