import { expect } from 'chai';
import { type ConnectorDefinition, type JsonObject, loadConnector } from 'dynamics365-connector';
import { describeOperation, type FieldView, runtimeOf } from 'dynamics365-connector/host';
import { openSandboxClient, type SandboxClient } from '../../../../../test/support/sandbox-client.ts';
import { type N8nHost, openN8nHost } from '../support/n8n-host.ts';
import { loadN8n, type N8n, type NodeType } from '../support/n8n-modules.ts';

const id = '1f3d0c7a-5b1e-4c39-9d55-0a3c1c5d7e90';

/** A value that a person may enter, in the form that n8n's editor saves. */
function enteredValue({ kind, pickList, schema }: FieldView): unknown {
  const locator = { __rl: true, mode: 'list', value: id };
  switch (kind) {
    case 'row':
    case 'lookup':
      return locator;
    case 'lookups':
    case 'people':
      return { rows: [{ row: locator }] };
    case 'choices':
      return ['id'];
    case 'choice':
      return pickList?.from === 'values' ? pickList.options[0]?.value : 'active';
    case 'date-time':
      return '2026-01-31T09:00:00';
    case 'values':
      return { mappingMode: 'defineBelow', value: {}, matchingColumns: [], schema: [] };
    case 'number':
      return schema.minimum ?? 0;
    default:
      return 'text';
  }
}

describe("n8n's own check of the form", () => {
  let n8n: N8n;
  let host: N8nHost;
  let fixture: SandboxClient;
  let definition: ConnectorDefinition;
  before(async () => {
    n8n = loadN8n();
    fixture = await openSandboxClient();
    host = await openN8nHost(fixture.sandbox);
    ({ definition } = runtimeOf(await loadConnector()));
  });
  after(() => fixture?.close());

  /** The parameters as the editor saves them: with the defaults of the fields that are shown. */
  const issuesOf = (type: NodeType, entered: JsonObject): Readonly<Record<string, readonly string[]>> => {
    const { description } = type;
    const parameters = n8n.NodeHelpers.getNodeParameters(
      description.properties,
      entered,
      true,
      false,
      null,
      description,
    );
    const node = { name: 'n', type: description.name, typeVersion: 1, parameters };
    const issues = n8n.NodeHelpers.getNodeParametersIssues(description.properties, node, description);
    return issues?.parameters ?? {};
  };

  it('complains about no action whose required fields are filled in, and names each one that is missing', () => {
    for (const action of Object.values(definition.actions)) {
      const view = describeOperation(definition, action);
      const isUpload =
        'handler' in action && ['attachFile', 'uploadColumnFile'].includes(String(action.handler));
      const operation = action.id.slice(view.resource.length + 1);
      const required = view.fields.filter(
        (field) => field.required && !(isUpload && ['content', 'fileName', 'mimeType'].includes(field.name)),
      );
      const filled = Object.fromEntries(required.map((field) => [field.name, enteredValue(field)]));
      const parameters = { resource: view.resource, operation, ...filled } as JsonObject;
      expect(issuesOf(host.action, parameters), action.id).to.deep.equal({});
      for (const { name, kind, pickList } of required) {
        // A number and a choice of a fixed list always have a value; the mapper names its columns (see below).
        if (kind === 'number' || kind === 'values' || (kind === 'choice' && pickList?.from === 'values'))
          continue;
        const { [name]: _, ...others } = parameters;
        expect(Object.keys(issuesOf(host.action, others)), `${action.id} ${name}`).to.deep.equal([name]);
      }
    }
  });

  it('complains about no trigger whose required fields are filled in, and names each one that is missing', () => {
    for (const trigger of Object.values(definition.triggers)) {
      const required = describeOperation(definition, trigger).fields.filter((field) => field.required);
      const filled = Object.fromEntries(required.map((field) => [field.name, enteredValue(field)]));
      const parameters = { event: trigger.id, ...filled } as JsonObject;
      expect(issuesOf(host.trigger, parameters), trigger.id).to.deep.equal({});
      for (const { name } of required) {
        const { [name]: _, ...others } = parameters;
        expect(Object.keys(issuesOf(host.trigger, others)), `${trigger.id} ${name}`).to.deep.equal([name]);
      }
    }
  });

  it('"Record: Create" can be started from the form for every table, with the columns that a new row needs', async () => {
    const tables = await fixture.client.metadata.listTables();
    const sample = { string: 'text', number: 1, boolean: true, dateTime: '2026-01-31', array: [] } as const;
    for (const { name: table } of tables) {
      const form = { resource: 'record', operation: 'create', table };
      const mapped = await host.callListMethod('resourceMapping', 'columns {table} create', form);
      const { fields: schema } = mapped as {
        fields: { id: string; type: string; required: boolean; options?: { value: number }[] }[];
      };
      const required = schema.filter((column) => column.required);
      const filled = Object.fromEntries(
        required.map(({ id: column, type, options }) => [
          column,
          type === 'options' ? options![0]!.value : sample[type as keyof typeof sample],
        ]),
      );
      const values = (value: JsonObject) => ({
        mappingMode: 'defineBelow',
        matchingColumns: [],
        schema,
        value,
      });
      const issues = (value: JsonObject) =>
        issuesOf(host.action, { ...form, values: values(value) } as JsonObject);
      expect(issues(filled as JsonObject), table).to.deep.equal({});
      expect(
        required.map((column) => column.id),
        table,
      ).to.not.include.members(['statecode']);
      const missing = Object.keys(issues({})).filter((name) => name !== 'values');
      expect(missing, table).to.have.members(required.map((column) => `values.${column.id}`));
    }
  });

  it('a malformed id is named before the workflow runs', () => {
    const malformed = { __rl: true, mode: 'id', value: 'CAS-01000' };
    const issues = issuesOf(host.action, { resource: 'case', operation: 'get', id: malformed });
    expect(issues).to.deep.equal({ id: ['Not an ID of a row'] });
  });

  it('a row picker that was added and left empty is left out', async () => {
    const { output } = await fixture.client.run('account.create', { name: 'Fabrikam, Inc.' });
    const { id: account } = output as JsonObject;
    const { description } = host.action;
    const collection = description.properties.filter(({ name }) => name === 'additionalFields')[0]!;
    const product = (collection.options as readonly { name: string; default: unknown }[]).find(
      ({ name }) => name === 'product',
    )!;
    const { status, items, error } = await host.run({
      resource: 'case',
      operation: 'create',
      title: 'Empty picker',
      customer: { __rl: true, mode: 'list', value: `account/${account}` },
      additionalFields: { product: product.default, parentCase: { mode: 'list', value: '' } },
    } as JsonObject);
    expect(status, String(error?.message)).to.equal('success');
    expect(items[0]!.json.title).to.equal('Empty picker');
  });

  it('a list is simplified unless "Simplify" is off, and has the columns that are chosen', async () => {
    const list = async (parameters: JsonObject) => {
      const { items } = await host.run({ resource: 'account', operation: 'list', ...parameters });
      const given = Object.entries(items[0]!.json).filter(([, value]) => value !== undefined);
      return given.map(([name]) => name);
    };
    const simple = await list({ simplify: true });
    const raw = await list({ simplify: false });
    expect(simple.length).to.be.lessThan(raw.length / 2);
    expect(await list({ options: { columns: ['name'] } })).to.have.members(['id', 'name']);
  });
});
