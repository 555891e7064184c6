import { expect } from 'chai';
import { createWebhookFixture, toObject, type WebhookFixture } from '../webhooks/fixture.ts';

const types = { boolean: 0, dateTime: 1, entity: 3, reference: 5, integer: 7, text: 10, texts: 11 } as const;

describe('custom APIs', () => {
  let fixture: WebhookFixture;

  before(async () => {
    fixture = await createWebhookFixture();
  });
  after(() => fixture.close());

  const define = async (
    uniquename: string,
    {
      api = {},
      parameters = {},
      properties = {},
    }: {
      readonly api?: object;
      readonly parameters?: Readonly<Record<string, object>>;
      readonly properties?: Readonly<Record<string, object>>;
    },
  ) => {
    const names = { name: uniquename, displayname: uniquename, description: uniquename };
    const id = await fixture.create('customapis', { uniquename, ...names, ...api });
    const member = (name: string, values: object) => ({
      ...{ uniquename: name, name, displayname: name, description: name },
      ...values,
      'CustomAPIId@odata.bind': `/customapis(${id})`,
    });
    for (const [name, values] of Object.entries(parameters))
      await fixture.create('customapirequestparameters', member(name, values));
    for (const [name, values] of Object.entries(properties))
      await fixture.create('customapiresponseproperties', member(name, values));
    return id;
  };
  const post = (path: string, body?: object) => fixture.send('POST', path, body);

  it('without a handler, a property returns the parameter of its name or the default of its type', async () => {
    await define('new_Echo', {
      parameters: { Text: { type: types.text }, Extra: { type: types.text, isoptional: true } },
      properties: {
        Text: { type: types.text },
        Count: { type: types.integer },
        Done: { type: types.boolean },
      },
    });
    const { status, json } = await post('new_Echo', { Text: 'hello' });
    expect(status).to.equal(200);
    expect(json).to.include({ Text: 'hello', Count: 0, Done: false });
    expect(json['@odata.context']).to.match(/\$metadata#Microsoft\.Dynamics\.CRM\.new_EchoResponse$/);
  });

  it('a handler gets the parameters and returns the properties', async () => {
    await define('new_Reverse', {
      parameters: { Text: { type: types.text } },
      properties: { Text: { type: types.text } },
    });
    fixture.sandbox.organization.customApis.handle('new_Reverse', ({ Text }) => {
      if (Text === '') throw new Error('The text is empty.');
      return { Text: [...String(Text)].reverse().join('') };
    });
    expect((await post('new_Reverse', { Text: 'abc' })).json.Text).to.equal('cba');
    const failed = await post('new_Reverse', { Text: '' });
    expect([failed.status, failed.json.error]).to.deep.equal([
      400,
      { code: '0x80040265', message: 'The text is empty.' },
    ]);
  });

  it('a function that is bound to a table is called on its rows only', async () => {
    await define('new_Greet', {
      api: { bindingtype: 1, boundentitylogicalname: 'account', isfunction: true },
      parameters: { Name: { type: types.text, isoptional: true } },
      properties: { Greeting: { type: types.text } },
    });
    fixture.sandbox.organization.customApis.handle('new_Greet', ({ Name, Target }) => ({
      Greeting: `${Name} ${(Target as { table: string }).table}`,
    }));
    const id = await fixture.create('accounts', { name: 'Contoso' });
    const call = `Microsoft.Dynamics.CRM.new_Greet(Name=@p)?@p='Hello'`;
    expect((await fixture.get(`accounts(${id})/${call}`)).json.Greeting).to.equal('Hello account');
    expect((await fixture.get(`contacts/${call}`)).status).to.be.within(400, 404);
    expect((await fixture.get("new_Greet(Name='Hello')")).status).to.equal(404);
    expect((await post(`accounts(${id})/${call}`)).status).to.equal(404);
  });

  it('an action without properties answers 204; a function without properties is not found', async () => {
    await define('new_Signal', {});
    await define('new_Nothing', { api: { isfunction: true } });
    expect((await post('new_Signal')).status).to.equal(204);
    expect((await fixture.get('new_Nothing()')).status).to.equal(404);
  });

  it('$metadata lists public custom APIs and leaves out private ones', async () => {
    await define('new_Public', {
      parameters: { When: { type: types.dateTime } },
      properties: { Names: { type: types.texts } },
    });
    await define('new_Private', { api: { isprivate: true }, properties: { Names: { type: types.texts } } });
    const { json: csdl } = await fixture.get('$metadata');
    expect(csdl).to.include('<Parameter Name="When" Type="Edm.DateTimeOffset" Nullable="false" />');
    expect(csdl).to.include(
      '<ComplexType Name="new_PublicResponse"><Property Name="Names" Type="Collection(Edm.String)" />',
    );
    expect(csdl).to.include('<ActionImport Name="new_Public"').and.not.to.include('new_Private');
    expect((await post('new_Private')).status).to.equal(200);
  });

  it('refuses missing, unknown and wrongly typed parameters', async () => {
    await define('new_Strict', {
      parameters: { Count: { type: types.integer }, Account: { type: types.reference, isoptional: true } },
      properties: { Count: { type: types.integer } },
    });
    const account = {
      '@odata.type': 'Microsoft.Dynamics.CRM.account',
      accountid: '00000000-0000-0000-0000-000000000001',
    };
    const invalid = [{}, { Count: 1, Other: 2 }, { Count: 'one' }, { Count: 1.5 }];
    for (const body of invalid) expect((await post('new_Strict', body)).status).to.equal(400);
    expect((await post('new_Strict', { Count: 1, Account: account })).status).to.equal(404);
  });

  it('refuses a unique name without a prefix, or of another message', async () => {
    await define('new_Unique', {});
    for (const name of ['Unprefixed', 'new_Unique']) {
      const failure = await define(name, {}).catch((error: Error) => error);
      expect(String(failure)).to.include('400');
    }
  });

  it('the messages of rows exist beside those of custom APIs', async () => {
    await define('new_First', {});
    const { json } = await fixture.get(
      "sdkmessages?$select=name&$filter=name eq 'Create' or name eq 'new_First'",
    );
    expect(json.value).to.have.length(2);
  });

  it('steps are allowed as the custom API says, and get its parameters and properties', async () => {
    const id = await define('new_Event', {
      api: { allowedcustomprocessingsteptype: 1 },
      parameters: { Text: { type: types.text } },
      properties: { Text: { type: types.text } },
    });
    const { json } = await fixture.get(`customapis(${id})?$expand=SdkMessageId($select=name)`);
    expect(json.SdkMessageId.name).to.equal('new_Event');
    const endpoint = await fixture.addEndpoint();
    const step = (mode: number) =>
      fixture.send('POST', 'sdkmessageprocessingsteps', {
        ...{ name: 'new_Event', mode, stage: 40, rank: 1 },
        'eventhandler_serviceendpoint@odata.bind': `/serviceendpoints(${endpoint})`,
        'sdkmessageid@odata.bind': `/sdkmessages(${json.SdkMessageId.sdkmessageid})`,
      });
    expect((await step(0)).json.error.code).to.equal('0x80044187');
    expect((await step(1)).status).to.equal(204);
    fixture.receiver.received.length = 0;
    await post('new_Event', { Text: 'happened' });
    await fixture.sandbox.organization.jobs.idle();
    const [request] = fixture.receiver.received;
    expect(request?.headers['x-ms-dynamics-request-name']).to.equal('new_Event');
    expect(toObject(request?.context.InputParameters)).to.deep.equal({ Text: 'happened' });
    expect(toObject(request?.context.OutputParameters)).to.deep.equal({ Text: 'happened' });
  });
});

describe('background operations', () => {
  let fixture: WebhookFixture;
  let calls = 0;

  before(async () => {
    fixture = await createWebhookFixture();
    const names = { name: 'new_Slow', displayname: 'Slow', description: 'Slow' };
    const id = await fixture.create('customapis', { uniquename: 'new_Slow', ...names });
    const member = {
      ...{ uniquename: 'Text', name: 'Text', displayname: 'Text', description: 'Text', type: types.text },
      'CustomAPIId@odata.bind': `/customapis(${id})`,
    };
    await fixture.create('customapirequestparameters', member);
    await fixture.create('customapiresponseproperties', member);
    fixture.sandbox.organization.customApis.handle('new_Slow', ({ Text }) => {
      calls += 1;
      if (Text === 'fail' || (Text === 'fail once' && calls === 1)) throw new Error('It failed.');
      return { Text: `${Text}!` };
    });
  });
  beforeEach(() => {
    calls = 0;
    fixture.receiver.received.length = 0;
  });
  after(() => fixture.close());

  const start = async (Text: string, prefer = 'respond-async') => {
    const response = await fixture.send('POST', 'new_Slow', { Text }, { Prefer: prefer });
    const id = response.headers.get('x-ms-dyn-backgroundoperationid') ?? '';
    return { ...response, id, monitor: `/api/backgroundoperation/${id}` };
  };
  const idle = () => fixture.sandbox.organization.jobs.idle();

  it('the response is 202 with the URL of the status monitor, which later has the result', async () => {
    fixture.sandbox.organization.jobs.pause();
    const { status, headers, monitor, id } = await start('done');
    expect(status).to.equal(202);
    expect(headers.get('location')).to.equal(fixture.sandbox.organization.origin + monitor);
    expect(headers.get('preference-applied')).to.equal('respond-async');
    expect((await fixture.get(monitor)).json).to.deep.equal({
      backgroundOperationStateCode: 0,
      backgroundOperationStatusCode: 0,
    });
    fixture.sandbox.organization.jobs.resume();
    await idle();
    expect((await fixture.get(monitor)).json).to.deep.equal({
      backgroundOperationStateCode: 3,
      backgroundOperationStatusCode: 30,
      Text: 'done!',
    });
    const { json } = await fixture.get(`backgroundoperations(${id})`);
    expect(json.inputparameters).to.equal('[{"Key":"Text","Value":"done"}]');
    expect(json.outputparameters).to.equal('[{"Key":"Text","Value":"done!"}]');
  });

  it('the end is reported to the callback without the result', async () => {
    const { json, id } = await start(
      'done',
      `respond-async, odata.callback; url="${fixture.receiver.url}/done"`,
    );
    expect(json).to.include({ backgroundOperationId: id });
    await idle();
    while (fixture.receiver.received.length === 0) await new Promise(setImmediate);
    expect(fixture.receiver.received[0]?.context).to.deep.equal({
      location: json.location,
      backgroundOperationId: id,
      backgroundOperationStateCode: 3,
      backgroundOperationStatusCode: 30,
    });
  });

  it('a failed operation is tried again up to three times', async () => {
    const once = await start('fail once');
    await idle();
    fixture.sandbox.clock.advance(5_000);
    await idle();
    expect((await fixture.get(once.monitor)).json).to.include({ backgroundOperationStatusCode: 30 });
    calls = 0;
    const never = await start('fail');
    await idle();
    for (const ms of [5_000, 10_000, 20_000]) {
      fixture.sandbox.clock.advance(ms);
      await idle();
    }
    expect(calls).to.equal(4);
    expect((await fixture.get(never.monitor)).json).to.deep.equal({
      backgroundOperationStateCode: 3,
      backgroundOperationStatusCode: 31,
      backgroundOperationErrorCode: 0x80040265 | 0,
      backgroundOperationErrorMessage: 'It failed.',
    });
  });

  it('an operation can be canceled before it starts, not afterwards', async () => {
    fixture.sandbox.organization.jobs.pause();
    const { monitor } = await start('canceled');
    const canceled = await fixture.send('DELETE', monitor);
    expect([canceled.status, canceled.json]).to.deep.equal([
      200,
      { backgroundOperationStateCode: 2, backgroundOperationStatusCode: 22 },
    ]);
    fixture.sandbox.organization.jobs.resume();
    await idle();
    expect(calls).to.equal(0);
    expect((await fixture.get(monitor)).json.backgroundOperationStatusCode).to.equal(32);
    const again = await fixture.send('DELETE', monitor);
    expect([again.status, again.json.error.message]).to.deep.equal([
      400,
      'Canceling background operation is not allowed after it is in terminal state.',
    ]);
  });

  it('an unknown operation, and one that has expired after 90 days, is not found', async () => {
    const { monitor } = await start('done');
    await idle();
    fixture.sandbox.clock.advance(90 * 86_400_000);
    for (const path of [monitor, '/api/backgroundoperation/00000000-0000-0000-0000-000000000001']) {
      const { status, json } = await fixture.send('GET', path, undefined, {
        authorization: `Bearer ${fixture.sandbox.issueToken()}`,
      });
      expect([status, json.error.code]).to.deep.equal([404, '-2147185406']);
    }
  });

  it('other operations ignore the preference', async () => {
    const { status } = await fixture.send('GET', 'WhoAmI', undefined, {
      authorization: `Bearer ${fixture.sandbox.issueToken()}`,
      Prefer: 'respond-async',
    });
    expect(status).to.equal(200);
  });
});
