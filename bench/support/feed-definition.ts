import type { ConnectorDefinition } from 'dynamics365-connector';
import type { TriggerDefinition } from '../../src/model/definition.ts';
import type { BenchTable } from './organization-process.ts';

/** The tables of each connection. All have an owner and a state. */
const tableNames = [
  'account',
  'case',
  'contact',
  'email',
  'lead',
  'opportunity',
  'phonecall',
  'queue',
  'queue-item',
  'task',
];

/** A definition with triggers for the tables of the benchmark, and how these tables look in requests. */
export interface FeedDefinition {
  readonly definition: ConnectorDefinition;
  readonly tables: readonly (BenchTable & { readonly name: string })[];
}

/**
 * Adds the triggers of the benchmark to a definition: `TABLE.of-owner` for created and updated rows of an owner,
 * `TABLE.named` for rows that only Dataverse can judge by a text, and `TABLE.state` for rows whose state has changed.
 */
export function addFeedTriggers(definition: ConnectorDefinition): FeedDefinition {
  const { 'case.updated': pattern } = definition.triggers;
  if (pattern === undefined) throw new Error('There is no trigger case.updated.');
  const ofOwner = pattern.watch.where.filter(({ parts }) => String(parts[0]).startsWith('_ownerid_value'));
  const triggers: Record<string, TriggerDefinition> = {};
  const tables = tableNames.map((name) => {
    const { logicalName, entitySet, key, columns } = definition.tables[name] ?? missingTable(name);
    const textColumn = columns.find(({ wireName }) =>
      ['name', 'subject', 'title'].includes(wireName),
    )?.wireName;
    const stateColumn = columns.find(({ wireName }) => wireName === 'statecode')?.name ?? missingTable(name);
    const add = (suffix: string, watch: Partial<TriggerDefinition['watch']>) => {
      const id = `${name}.${suffix}`;
      triggers[id] = { ...pattern, id, watch: { ...pattern.watch, table: name, where: [], ...watch } };
    };
    const isNamed = textColumn === undefined ? ofOwner : [{ parts: [`contains(${textColumn},'benchmark')`] }];
    add('of-owner', { changes: ['created', 'updated'], where: ofOwner });
    add('named', { where: isNamed });
    add('state', { columns: [stateColumn] });
    return { name, logicalName, entitySet, key, textColumn };
  });
  return { definition: { ...definition, triggers: { ...definition.triggers, ...triggers } }, tables };
}

function missingTable(name: string): never {
  throw new Error(`The table ${name} has changed.`);
}
