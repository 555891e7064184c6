import { ActionBase, TriggerBase } from '@activepieces/pieces-framework';
import { extractPieceFromModule } from '@activepieces/shared';
import { expect } from 'chai';
import type { JsonObject } from 'dynamics365-connector';
import type { ConnectionTest, PieceAction, PieceProperty, PieceTrigger } from '../src/piece-types.ts';
import { openPiece, type PieceFixture } from './fixture.ts';

describe('Activepieces piece', () => {
  let fixture: PieceFixture;
  let account: JsonObject;
  before(async () => {
    fixture = await openPiece();
    account = (await fixture.run('account_create', { name: 'Fabrikam' })) as JsonObject;
  });
  after(() => fixture.close());

  it('is found in the module that the platform imports', async () => {
    const module = await import('../src/index.ts');
    const piece = extractPieceFromModule({ module, pieceName: 'dynamics365', pieceVersion: '0.1.0' });
    expect(piece.getAction('case_create')).to.include({ displayName: 'Create case' });
    expect(piece.getTrigger('case_created')).to.include({ displayName: 'Case created' });
  });

  it('has metadata that the framework accepts, for every action and trigger, and of less than 500 KB', () => {
    const { actions, triggers } = JSON.parse(JSON.stringify(fixture.piece.metadata())) as Metadata;
    expect(Object.keys(actions)).to.have.length.above(280);
    expect(Object.keys(triggers)).to.have.length.above(50);
    const rejected = [
      ...Object.values(actions).filter((action) => !ActionBase.safeParse(withArrays(action)).success),
      ...Object.values(triggers).filter((trigger) => !TriggerBase.safeParse(withArrays(trigger)).success),
    ];
    expect(rejected.map(({ name }) => name)).to.deep.equal([]);
    expect(JSON.stringify({ actions, triggers }).length).to.be.below(500_000);
  });

  it('asks for what an action needs, and offers choices, rows and columns', () => {
    const { props } = fixture.piece.getAction('case_create')!;
    const shown = (name: string) => (({ type, required }) => ({ type, required }))(props[name]!);
    expect(shown('title')).to.deep.equal({ type: 'SHORT_TEXT', required: true });
    expect(shown('customer')).to.deep.equal({ type: 'DROPDOWN', required: true });
    expect(shown('priority')).to.deep.equal({ type: 'DROPDOWN', required: false });
    expect(shown('description')).to.deep.equal({ type: 'LONG_TEXT', required: false });
    expect(shown('customColumns')).to.deep.equal({ type: 'DYNAMIC', required: false });
    expect(shown('idempotencyKey')).to.deep.equal({ type: 'SHORT_TEXT', required: false });
    const { props: note } = fixture.piece.getAction('note_attach')!;
    expect(note.content).to.include({ type: 'FILE', required: true });
    expect(note.fileName).to.include({ type: 'SHORT_TEXT', required: false });
    const { props: deletion } = fixture.piece.getAction('case_delete')!;
    expect(deletion).to.not.have.property('idempotencyKey');
  });

  it('finds rows by what the user types, as values that the action takes', async () => {
    const { options } = await fixture.openList('case_create', 'customer', { searchValue: 'fabri' });
    expect(options).to.deep.include({ label: 'Fabrikam (Account)', value: `account/${account.id}` });
    const created = await fixture.run('case_create', { title: 'From a list', customer: options[0]!.value });
    expect(created).to.have.nested.property('customer.id', account.id);
  });

  it('lists the choices, tables and columns of the organization', async () => {
    const priorities = await fixture.openList('case_create', 'priority');
    expect(priorities.options.map(({ value }) => value)).to.deep.equal(['high', 'normal', 'low']);
    const tables = await fixture.openList('record_create', 'table');
    expect(tables.options.map(({ value }) => value)).to.include('incident');
    const columns = await fixture.openList('case_list', 'columns', { searchValue: 'title' });
    expect(columns.options).to.deep.include({ label: 'Title (title)', value: 'title' });
  });

  it('says in a list why it has no options', async () => {
    const none = await fixture.openList('case_create', 'customer', { values: { auth: undefined } });
    expect(none).to.deep.equal({
      disabled: true,
      placeholder: 'Choose a connection first',
      options: [],
    });
    const { props } = fixture.auth as { props: JsonObject };
    const wrong = { type: 'CUSTOM_AUTH', props: { ...props, clientSecret: 'wrong' } };
    const failed = await fixture.openList('case_create', 'customer', { values: { auth: wrong } });
    expect(failed.placeholder).to.match(/secret[\s\S]*\nNext: /);
  });

  it('writes any table with the columns that the organization has', async () => {
    const { props } = fixture.piece.getAction('record_create')!;
    const { props: load } = props.values as PieceProperty & {
      props(values: JsonObject): Promise<Record<string, PieceProperty>>;
    };
    const columns = await load({ auth: fixture.auth, table: 'incident' });
    expect(columns.title).to.include({ type: 'SHORT_TEXT' });
    expect(columns.prioritycode).to.include({ type: 'STATIC_DROPDOWN' });
    expect(columns.followupby).to.include({ displayName: 'Follow Up By' });
    const row = (await fixture.run('record_create', {
      table: 'incident',
      values: {
        title: 'By columns',
        customerid: `account/${account.id}`,
        prioritycode: '1',
        ownerid: '',
        description: null,
      },
    })) as JsonObject;
    expect(row).to.include({ title: 'By columns', prioritycode: 'High' });
    expect(row).to.have.nested.property('customerid.id', account.id);
  });

  it('stores a downloaded file on the platform, and uploads one of an earlier step', async () => {
    const file = { filename: 'note.txt', data: Buffer.from('hello'), extension: 'txt' };
    const regarding = `account/${account.id}`;
    const note = (await fixture.run('note_attach', { regarding, content: file })) as JsonObject;
    expect(note).to.include({ fileName: 'note.txt' });
    const downloaded = await fixture.run('note_download', { id: note.id });
    expect(downloaded).to.include({ fileName: 'note.txt', file: 'https://platform/files/note.txt' });
    expect(Buffer.from(fixture.files.get('note.txt')!).toString()).to.equal('hello');
  });

  it('makes one row of two calls with the same idempotency key, and two without one', async () => {
    const create = (values: JsonObject) =>
      fixture.run('case_create', { title: 'Once', customer: `account/${account.id}`, ...values });
    const first = (await create({ idempotencyKey: 'event-1' })) as JsonObject;
    const second = await create({ idempotencyKey: 'event-1' }).catch((error: Error) => error.name);
    expect(second === 'DUPLICATE' || (second as JsonObject).id === first.id).to.equal(true);
    await create({});
    await create({ idempotencyKey: '' });
    expect(await fixture.run('case_count', { search: 'Once' })).to.equal(3);
  });

  it('leaves out what nobody has filled in, but not false and zero', async () => {
    const empty = { description: '', owner: null, customColumns: {}, priority: undefined };
    const created = (await fixture.run('case_create', {
      title: 'Few fields',
      customer: { table: 'account', id: account.id },
      ...empty,
    })) as JsonObject;
    expect(created).to.include({ title: 'Few fields', priority: 'normal' });
    expect(await fixture.run('case_list', { search: 'Few fields', columns: [] })).to.have.length(1);
    const held = await fixture.run('account_create', { name: 'On hold', creditHold: false, employees: 0 });
    expect(held).to.include({ creditHold: false, employees: 0 });
  });

  it('says in the error of a step what is wrong, the next step and the code', async () => {
    const error = await fixture.run('case_get', { id: 'CAS-1' }).catch((thrown: Error) => thrown);
    expect(error).to.be.an('error').with.property('name', 'INPUT_INVALID');
    expect((error as Error).message).to.match(/\/id[\s\S]*\nNext: .+ \(INPUT_INVALID\)$/);
    expect((error as Error).cause).to.have.property('code', 'INPUT_INVALID');
    const options = await fixture
      .run('case_list', { callOptions: { asUsr: 'x' } })
      .catch((thrown: Error) => thrown);
    expect((options as Error).message).to.include('asUser');
    const json = await fixture.run('case_list', { callOptions: '{' }).catch((thrown: Error) => thrown);
    expect((json as Error).message).to.include('/callOptions must be JSON');
  });

  it('tests a connection before it is saved, and names the cause', async () => {
    const [user, app] = fixture.piece.auth as unknown as Testable[];
    const { props } = fixture.auth as { props: JsonObject };
    expect(await app!.validate({ auth: props })).to.deep.equal({ valid: true });
    const wrong = await app!.validate({ auth: { ...props, clientSecret: 'wrong' } });
    expect(wrong)
      .to.have.property('error')
      .that.matches(/secret[\s\S]*Next: /);
    const address = await app!.validate({ auth: { ...props, environmentUrl: 'contoso' } });
    expect(address).to.have.property('error').that.includes('CONNECTION_INVALID');
    const connection = { props: { environmentUrl: fixture.sandbox.organization.origin } };
    const signedIn = { ...connection, access_token: fixture.sandbox.issueToken() };
    expect(await user!.validate({ auth: signedIn })).to.deep.equal({ valid: true });
    const expired = await user!.validate({ auth: { ...connection, access_token: 'expired' } });
    expect(expired).to.have.property('error').that.includes('Reconnect the connection');
  });

  it('sends no token to an address outside of Dynamics 365', async () => {
    const piece = (await import('../src/index.ts')).dynamics365;
    const [user] = piece.auth as unknown as Testable[];
    const auth = { access_token: 'secret', props: { environmentUrl: 'https://attacker.example' } };
    const result = await user!.validate({ auth });
    expect(result).to.have.property('error').that.includes('CONNECTION_INVALID');
  });
});

interface Metadata {
  readonly actions: Readonly<Record<string, PieceAction>>;
  readonly triggers: Readonly<Record<string, PieceTrigger>>;
}

/** The framework's types allow a list of texts without `properties`, which its schema asks for. */
function withArrays({ props, ...operation }: PieceAction | PieceTrigger): object {
  const entries = Object.entries(props).map(([name, property]) => [
    name,
    property.type === 'ARRAY' ? { properties: {}, ...property } : property,
  ]);
  return { ...operation, props: Object.fromEntries(entries) };
}

interface Testable {
  validate(request: { readonly auth: unknown }): Promise<ConnectionTest>;
}
