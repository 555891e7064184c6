import type { ConnectorDefinition } from 'dynamics365-connector';
import {
  describeOperation,
  loadColumns,
  loadPickList,
  type OperationView,
  omitUndefined,
  type PickList,
  type PickOption,
  runtimeOf,
} from 'dynamics365-connector/host';
import type { N8nContext } from './n8n-context.ts';
import type { LoadOptionsFunctions, NodePropertyOption, ResourceMapperField } from './n8n-types.ts';
import { toNodeError } from './node-error.ts';
import { openClient } from './open-client.ts';
import { fieldOf, isInline, methodNameOf } from './pick-list-methods.ts';
import { toMapperFields } from './resource-mapper.ts';

type LoadOptionsMethod = (this: LoadOptionsFunctions) => Promise<NodePropertyOption[]>;
type ListSearchMethod = (
  this: LoadOptionsFunctions,
  filter?: string,
) => Promise<{ results: NodePropertyOption[] }>;
type MappingMethod = (this: LoadOptionsFunctions) => Promise<{ fields: ResourceMapperField[] }>;

/** The methods that n8n's editor calls to fill lists from the organization of the node's credential. */
export interface ListMethods {
  readonly loadOptions: Readonly<Record<string, LoadOptionsMethod>>;
  readonly listSearch: Readonly<Record<string, ListSearchMethod>>;
  readonly resourceMapping: Readonly<Record<string, MappingMethod>>;
}

/** Creates the methods for the pick lists of all fields. */
export function createListMethods(n8nContext: N8nContext): ListMethods {
  const { definition } = runtimeOf(n8nContext.connector);
  const load = createLoader(n8nContext);
  const loadOptions: Record<string, LoadOptionsMethod> = {};
  const listSearch: Record<string, ListSearchMethod> = {};
  const resourceMapping: Record<string, MappingMethod> = {};
  for (const [name, { from }] of listedPickLists(definition)) {
    if (from === 'rows') {
      listSearch[name] = load(name, async (call) => ({ results: toOptions(await loadPickList(...call)) }));
      continue;
    }
    loadOptions[name] = load(name, async (call) => toOptions(await loadPickList(...call)));
    if (from !== 'columns') continue;
    resourceMapping[name] = load(name, async ([own, client, pickList, query]) => {
      if (pickList.from !== 'columns') return { fields: [] };
      const columns = await loadColumns(own, client, pickList, query);
      return { fields: toMapperFields(columns, pickList.use === 'create' ? 'create' : 'update') };
    });
  }
  return { loadOptions, listSearch, resourceMapping };
}

/** The pick lists that are loaded when they are opened, by the name of their method. */
function listedPickLists(definition: ConnectorDefinition): ReadonlyMap<string, PickList> {
  const operations = [...Object.values(definition.actions), ...Object.values(definition.triggers)];
  return new Map(operations.flatMap((one) => methodsOf(describeOperation(definition, one))));
}

function methodsOf(view: OperationView): readonly (readonly [string, PickList])[] {
  return [...view.fields, ...view.callOptions].flatMap(({ name, pickList }) =>
    pickList === undefined || isInline(pickList)
      ? []
      : [[methodNameOf({ name, pickList }, view), pickList] as const],
  );
}

type PickListCall = Parameters<typeof loadPickList>;

/** Wraps a function as a method for n8n, with errors as n8n node errors. */
function createLoader(n8nContext: N8nContext) {
  const { definition } = runtimeOf(n8nContext.connector);
  const pickLists = listedPickLists(definition);
  return <T>(name: string, work: (call: Required<PickListCall>) => Promise<T>) =>
    async function (this: LoadOptionsFunctions, text?: string): Promise<T> {
      try {
        const current = currentOperation(definition, this);
        const own = current && new Map(methodsOf(describeOperation(definition, current))).get(name);
        const pickList = own ?? pickLists.get(name) ?? { from: 'values', options: [] };
        const client = await openClient(n8nContext, this);
        return await work([definition, client, pickList, { text, values: valuesOf(pickList, this) }]);
      } catch (thrown) {
        throw toNodeError(n8nContext.helpers, this.getNode(), { thrown });
      }
    };
}

/** The action or trigger that the form shows. */
function currentOperation({ actions, triggers }: ConnectorDefinition, functions: LoadOptionsFunctions) {
  const parameter = (name: string) => functions.getCurrentNodeParameter(name);
  const event = parameter('event');
  if (event !== undefined) return triggers[String(event)];
  return actions[`${parameter('resource')}.${parameter('operation')}`];
}

/** The value of the field that names the table. */
function valuesOf(pickList: PickList, functions: LoadOptionsFunctions): Readonly<Record<string, unknown>> {
  const field = fieldOf(pickList);
  return field === undefined ? {} : { [field]: functions.getCurrentNodeParameter(field) };
}

/** Options of one name are told apart by their second line. */
function toOptions(options: readonly PickOption[]): NodePropertyOption[] {
  return options.map(({ label, value, detail, url }) =>
    omitUndefined({ name: detail === undefined ? label : `${label} (${detail})`, value, url }),
  );
}
