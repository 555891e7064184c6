import { expect } from 'chai';
import { type ConnectorDefinition, loadConnector } from 'dynamics365-connector';
import { callOptionSchemas, runtimeOf } from 'dynamics365-connector/host';
import { collections } from '../src/collections.ts';
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

  /** The properties that n8n shows for an action, by the conditions that it evaluates. */
  const fieldsOf = (id: string): readonly NodeProperty[] => {
    const [resource = '', ...verb] = id.split('.');
    const parameters: Readonly<Record<string, string>> = { resource, operation: verb.join('.') };
    const isShown = ({ displayOptions }: NodeProperty) =>
      Object.entries(displayOptions?.show ?? {}).every(([name, values]) => {
        const value = parameters[name.replace('/', '')];
        return value === undefined || values.includes(value);
      });
    return actions
      .filter((one) => !['resource', 'operation'].includes(one.name) && isShown(one))
      .map((one) =>
        one.type === 'collection'
          ? { ...one, options: (one.options as readonly NodeProperty[]).filter(isShown) }
          : one,
      );
  };
  const find = (fields: readonly NodeProperty[], name: string) => fields.find((one) => one.name === name)!;
  const optional = (fields: readonly NodeProperty[]) =>
    fields.flatMap(({ type, options }) =>
      type === 'collection' ? (options as readonly NodeProperty[]) : [],
    );
  const operationsOf = (resource: string) => {
    const property = actions.find(
      ({ name, displayOptions }) =>
        name === 'operation' && displayOptions?.show.resource?.includes(resource) === true,
    );
    return property?.options as readonly NodePropertyOption[];
  };

  it('offer every action and every trigger', () => {
    const resources = actions[0]!.options as readonly NodePropertyOption[];
    const offered = resources.flatMap(({ value }) =>
      operationsOf(String(value)).map((one) => `${value}.${one.value}`),
    );
    expect(offered).to.have.members(Object.keys(definition.actions));
    expect((triggers[0]!.options as NodePropertyOption[]).map(({ value }) => value)).to.have.members(
      Object.keys(definition.triggers),
    );
  });

  it('name operations as the nodes of n8n do', () => {
    const namesOf = (resource: string) => operationsOf(resource).map(({ name, action }) => [name, action]);
    expect(namesOf('case')).to.deep.include.members([
      ['Create', 'Create a case'],
      ['Get Many', 'Get many cases'],
      ['Create or Update', 'Create or update a case'],
      ['Add Note', 'Add note to a case'],
      ['Resolve', 'Resolve a case'],
    ]);
    expect(namesOf('opportunity')).to.deep.include(['Win', 'Win an opportunity']);
    expect(namesOf('user')).to.deep.include(['Get', 'Get a user']);
  });

  it('describe each trigger with its own description', () => {
    for (const { name, value, description } of triggers[0]!.options as readonly NodePropertyOption[]) {
      const trigger = definition.triggers[String(value)]!;
      expect({ name, description }).to.deep.equal({ name: trigger.title, description: trigger.description });
    }
  });

  it('have each input of each action once: required ones as fields, optional ones in a collection', () => {
    const others = ['returnAll', 'simplify', 'binaryPropertyName', ...Object.keys(collections)];
    for (const { id, input, pagination, handler } of Object.values(definition.actions)) {
      if (handler === 'attachFile' || handler === 'uploadColumnFile') continue;
      const { required = [], properties } = input as { required?: string[]; properties: object };
      const fields = fieldsOf(id);
      const names = [...fields, ...optional(fields)].map(({ name }) => name);
      const inputNames = names.filter(
        (name) => !others.includes(name) && !Object.hasOwn(callOptionSchemas, name),
      );
      expect(inputNames, id).to.have.members(Object.keys(properties));
      const topLevelNames = fields.map(({ name }) => name);
      expect(topLevelNames, id).to.include.members(required);
      if (pagination !== undefined)
        expect(topLevelNames, id).to.include.members(['returnAll', pagination.limitInput]);
    }
  });

  it('use unique names within an operation, and none of the node itself', () => {
    for (const id of Object.keys(definition.actions)) {
      const names = fieldsOf(id).map(({ name }) => name);
      expect(new Set(names).size, id).to.equal(names.length);
      expect(names, id).to.not.include.members(['resource', 'operation']);
      const inner = optional(fieldsOf(id)).map(({ name }) => name);
      expect(new Set(inner).size, id).to.equal(inner.length);
    }
  });

  it('show no empty collection', () => {
    for (const id of Object.keys(definition.actions))
      for (const { type, name, options } of fieldsOf(id))
        if (type === 'collection') expect(options, `${id} ${name}`).to.not.deep.equal([]);
  });

  it('have the property type of n8n for each kind of value', () => {
    const fields = fieldsOf('case.create');
    const optionalFields = optional(fields);
    expect(find(fields, 'customer')).to.include({ type: 'resourceLocator', required: true });
    expect(find(optionalFields, 'priority').typeOptions).to.deep.equal({
      loadOptionsMethod: 'choices {resource}.priority',
    });
    expect(find(optionalFields, 'escalated').type).to.equal('boolean');
    expect(find(optionalFields, 'followUpBy').type).to.equal('dateTime');
    expect(find(optionalFields, 'description').typeOptions).to.deep.equal({ rows: 4 });
    expect(find(optionalFields, 'customColumns').type).to.equal('fixedCollection');
    expect(find(fieldsOf('record.create'), 'values').type).to.equal('resourceMapper');
    expect(find(fieldsOf('record.create'), 'table').typeOptions).to.deep.equal({
      loadOptionsMethod: 'tables',
    });
    expect(find(optional(fieldsOf('record.list')), 'select').type).to.equal('multiOptions');
    expect(find(fieldsOf('note.attach'), 'binaryPropertyName').default).to.equal('data');
  });

  it('have fields for people and for lists of rows, and none of JSON', () => {
    for (const [id, name] of [
      ['email.send-new', 'to'],
      ['email.send-new', 'from'],
      ['email.create', 'cc'],
      ['appointment.set-attendees', 'organizer'],
      ['team.add-members', 'users'],
    ] as const) {
      const field = find([...fieldsOf(id), ...optional(fieldsOf(id))], name);
      expect(field, `${id} ${name}`).to.include({ type: 'fixedCollection' });
    }
    expect(find(optional(fieldsOf('email.send-new')), 'attachments').type).to.equal('string');
  });

  it('let lists be simplified, and their filters and options be added', () => {
    const fields = fieldsOf('case.list');
    expect(find(fields, 'simplify')).to.include({ type: 'boolean', default: true });
    const namesIn = (name: string) =>
      (find(fields, name).options as readonly NodeProperty[]).map((one) => one.name);
    expect(namesIn('filters')).to.include.members(['search', 'state', 'priority', 'customerId', 'ownerId']);
    expect(namesIn('options')).to.include.members([
      'orderBy',
      'direction',
      'columns',
      'customColumns',
      'asUser',
    ]);
  });

  it('are small enough for an editor that loads the descriptions of all nodes at once', () => {
    // Measured: 149 KB, and 17 KB for the trigger.
    expect(JSON.stringify(actions).length).to.be.lessThan(150_000);
    expect(JSON.stringify(triggers).length).to.be.lessThan(20_000);
  });

  it('offer the call options that the action supports', () => {
    const offered = (id: string) => {
      const { options } = find(fieldsOf(id), 'options');
      const names = (options as readonly NodeProperty[]).map(({ name }) => name);
      return names.filter((name) => Object.hasOwn(callOptionSchemas, name));
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
    const { options = [] } = find(optional(fieldsOf('case.list')), 'orderBy');
    expect((options as readonly NodePropertyOption[]).map(({ name }) => name)).to.deep.equal([
      'Created On',
      'Modified On',
      'Priority',
    ]);
  });

  it('show an example of a JSON field', () => {
    const exampleOf = (operation: string, name: string) => {
      const field = find([...fieldsOf(operation), ...optional(fieldsOf(operation))], name);
      return JSON.parse((field.hint ?? field.placeholder ?? '').replace(/^(Such as|e\.g\.) /, ''));
    };
    expect(exampleOf('changeset.run', 'steps')[0]).to.include({ action: 'account.create' });
    expect(exampleOf('record.associate', 'target')).to.include({ table: 'lead' }).and.have.property('id');
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
