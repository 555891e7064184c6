import { expect } from 'chai';
import { type ConnectorDefinition, loadConnector } from 'dynamics365-connector';
import { runtimeOf } from 'dynamics365-connector/host';
import { buildActionProperties, buildTriggerProperties, createListMethods } from '../src/index.ts';
import type { NodeProperty, NodePropertyOption } from '../src/n8n-types.ts';
import { createFakeContext } from './fake-n8n.ts';

describe('n8n node properties', () => {
  let definition: ConnectorDefinition;
  let actions: readonly NodeProperty[];
  let triggers: readonly NodeProperty[];
  before(async () => {
    ({ definition } = runtimeOf(await loadConnector()));
    actions = buildActionProperties(definition);
    triggers = buildTriggerProperties(definition);
  });

  const fieldsOf = (operation: string) =>
    actions.filter(({ displayOptions }) => displayOptions?.show.operation?.includes(operation));
  const find = (fields: readonly NodeProperty[], name: string) => fields.find((one) => one.name === name)!;
  const optional = (fields: readonly NodeProperty[]) =>
    (find(fields, 'additionalFields')?.options ?? []) as readonly NodeProperty[];

  it('offer every action and every trigger', () => {
    const offered = actions
      .filter(({ name }) => name === 'operation')
      .flatMap(({ options }) => options as NodePropertyOption[]);
    expect(offered.map(({ value }) => value)).to.have.members(Object.keys(definition.actions));
    expect((triggers[0]!.options as NodePropertyOption[]).map(({ value }) => value)).to.have.members(
      Object.keys(definition.triggers),
    );
  });

  it('have each input of each action once: required ones as fields, optional ones in a collection', () => {
    for (const { id, input, pagination, handler } of Object.values(definition.actions)) {
      if (handler === 'attachFile') continue;
      const { required = [], properties } = input as { required?: string[]; properties: object };
      const names = [...fieldsOf(id), ...optional(fieldsOf(id))].map(({ name }) => name);
      const inputNames = names.filter(
        (name) => !['additionalFields', 'returnAll', 'binaryPropertyName', 'options'].includes(name),
      );
      expect(inputNames, id).to.have.members(Object.keys(properties));
      const topLevelNames = fieldsOf(id).map(({ name }) => name);
      expect(topLevelNames, id).to.include.members(required);
      if (pagination !== undefined)
        expect(topLevelNames, id).to.include.members(['returnAll', pagination.limitInput]);
    }
  });

  it('use unique names within an operation, and none of the node itself', () => {
    for (const id of Object.keys(definition.actions)) {
      const names = fieldsOf(id).map(({ name }) => name);
      expect(new Set(names).size, id).to.equal(names.length);
      expect(names, id).to.not.include.members(['resource']);
    }
  });

  it('have the property type of n8n for each kind of value', () => {
    const fields = fieldsOf('case.create');
    const optionalFields = optional(fields);
    expect(find(fields, 'customer')).to.include({ type: 'resourceLocator', required: true });
    expect(find(optionalFields, 'priority').typeOptions).to.deep.equal({
      loadOptionsMethod: 'choicesOf case.priority',
    });
    expect(find(optionalFields, 'escalated').type).to.equal('boolean');
    expect(find(optionalFields, 'followUpBy').type).to.equal('dateTime');
    expect(find(optionalFields, 'description').typeOptions).to.deep.equal({ rows: 4 });
    expect(find(fieldsOf('record.create'), 'values').type).to.equal('resourceMapper');
    expect(find(fieldsOf('record.create'), 'table').typeOptions).to.deep.equal({
      loadOptionsMethod: 'getTables',
    });
    expect(find(optional(fieldsOf('record.list')), 'select').type).to.equal('multiOptions');
    expect(find(fieldsOf('note.attach'), 'binaryPropertyName').default).to.equal('data');
  });

  it('offer the call options that the action supports', () => {
    const offered = (id: string) => {
      const { options } = find(fieldsOf(id), 'options');
      return (options as readonly NodeProperty[]).map(({ name }) => name);
    };
    const common = ['asUser', 'bypassPlugins', 'bypassLogic', 'bypassFlows'];
    expect(offered('case.list')).to.deep.equal(['asUser']);
    for (const id of ['case.create', 'case.upsert', 'record.create', 'changeset.run'])
      expect(offered(id), id).to.have.members([...common, 'detectDuplicates']);
    for (const id of ['case.update', 'record.update'])
      expect(offered(id), id).to.have.members([...common, 'detectDuplicates', 'ifVersion']);
    for (const id of ['case.delete', 'record.delete'])
      expect(offered(id), id).to.have.members([...common, 'ifVersion']);
    for (const id of ['case.resolve', 'case.associate', 'case.disassociate'])
      expect(offered(id), id).to.have.members(common);
  });

  it('show columns in a list by their titles', () => {
    const namesOf = ({ options = [] }: NodeProperty) =>
      (options as NodePropertyOption[]).map(({ name }) => name);
    expect(namesOf(find(optional(fieldsOf('case.list')), 'orderBy'))).to.deep.equal([
      'Created on',
      'Modified on',
      'Priority',
    ]);
    expect(namesOf(find(fieldsOf('contact.upsert'), 'matchOn'))).to.include.members([
      'E-mail',
      'Business phone',
    ]);
  });

  it('show an example below a JSON field', () => {
    const exampleOf = (operation: string, name: string) => {
      const { hint = '' } = find([...fieldsOf(operation), ...optional(fieldsOf(operation))], name);
      return JSON.parse(hint.replace('Such as ', ''));
    };
    expect(exampleOf('email.send-new', 'to')).to.deep.equal([{ address: 'ann@example.com' }]);
    expect(exampleOf('changeset.run', 'steps')[0]).to.include({ action: 'account.create' });
    expect(exampleOf('record.associate', 'target')).to.include({ table: 'lead' }).and.have.property('id');
    expect(exampleOf('team.add-members', 'users')[0]).to.have.all.keys('id');
  });

  it('refer only to list methods that exist', () => {
    const { loadOptions, listSearch, resourceMapping } = createListMethods(createFakeContext(definition));
    const methodNames = (value: unknown): string[] => {
      if (typeof value !== 'object' || value === null) return [];
      return Object.entries(value).flatMap(([name, inner]) =>
        /Method$/.test(name) ? [String(inner)] : methodNames(inner),
      );
    };
    const known = Object.keys({ ...loadOptions, ...listSearch, ...resourceMapping });
    expect(
      [...new Set(methodNames([actions, triggers]))].filter((name) => !known.includes(name)),
    ).to.deep.equal([]);
  });

  it('show in the trigger what n8n does not guarantee', () => {
    expect(find(triggers, 'promise').displayName).to.match(/before it runs the workflow/);
  });
});
