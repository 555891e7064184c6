import { suggest } from '../errors/suggest.ts';
import type { TriggerDefinition, Watch } from '../model/definition.ts';
import { compileBecomes } from './compile-becomes.ts';
import { compileInput } from './compile-input.ts';
import { clausesAt, compileClauses } from './compile-query.ts';
import { compilePollTests } from './compile-tests.ts';
import { durationMs } from './duration.ts';
import { groupOf, lintInputs, type Sentence } from './operation.ts';
import { findTable } from './references.ts';
import type { Scope } from './scope.ts';
import type { TriggerYaml } from './shapes.ts';
import type { Site } from './site.ts';
import type { CompiledTable, Workshop } from './workshop.ts';

/** Compiles one trigger; undefined after a fault. */
export function compileTrigger(
  sentence: Sentence<TriggerYaml>,
  shop: Workshop,
): TriggerDefinition | undefined {
  const { id, yaml, site } = sentence;
  const watched = findTable(yaml.watch.table, site.at('watch', 'table'), shop);
  if (watched === undefined) return undefined;
  const input = compileInput(yaml.input ?? {}, new Map(), { site: site.at('input'), shop });
  const scope: Scope = { roots: { input: input.properties }, used: new Set() };
  const watch = compileWatch(yaml.watch, watched, { site: site.at('watch'), scope, shop });
  const tests = compilePollTests(yaml.tests ?? [], {
    site,
    shop,
    input,
    table: sentence.table,
  });
  if (watch === undefined) return undefined;
  lintInputs(yaml.input, scope.used, site);
  return {
    id,
    title: yaml.title,
    description: yaml.description,
    group: groupOf(id, shop),
    input: input.schema,
    outputSchema: watch.changes.every((change) => change === 'deleted')
      ? deletedRow
      : watched.table.rowSchema,
    watch,
    ...(yaml.deprecated && { deprecated: yaml.deprecated }),
    tests,
    file: site.source.file,
  };
}

/** Dataverse tells no more of a row that is gone. */
const deletedRow = {
  type: 'object',
  required: ['id'],
  properties: { id: { title: 'Id', type: 'string', format: 'uuid' } },
};

interface Context {
  readonly site: Site;
  readonly scope: Scope;
  readonly shop: Workshop;
}

function compileWatch(
  yaml: TriggerYaml['watch'],
  table: CompiledTable,
  { site, scope, shop }: Context,
): Watch | undefined {
  const where = compileClauses(clausesAt(yaml.where ?? [], site.at('where')), scope);
  const { changes, columns = [], becomes, due } = yaml;
  const changed = Object.keys(becomes ?? {});
  const known = [
    ...columns.map((name, index) => checkColumn(name, table, site.at('columns', index))),
    ...changed.map((name) => checkColumn(name, table, site.at('becomes', name))),
    due === undefined || checkDue(due, table, site.at('due')),
    checkChanges(yaml, site),
  ];
  if (where === undefined || known.includes(false)) return undefined;
  const become = becomes && compileBecomes(becomes, { site: site.at('becomes'), scope, shop, table });
  if (becomes !== undefined && become === undefined) return undefined;
  return {
    table: table.table.name,
    changes: changes ?? ['due'],
    where,
    columns: [...new Set([...columns, ...changed])],
    ...(become && { becomes: become }),
    ...(due && { due }),
    everyMs: durationMs(yaml.every),
  };
}

function checkColumn(name: string, { table }: CompiledTable, site: Site): boolean {
  const known = table.columns.map((column) => column.name);
  if (known.includes(name)) return true;
  const [nearest] = suggest(name, known, 1);
  const fix = nearest && `did you mean "${nearest}"?`;
  site.error('S111', `the table ${table.name} has no column "${name}"`, {
    key: site.pointer.includes('becomes'),
    fix,
  });
  return false;
}

/** Only a point in time can come. */
function checkDue(name: string, compiled: CompiledTable, site: Site): boolean {
  if (!checkColumn(name, compiled, site)) return false;
  if (compiled.properties.get(name)?.type.kind === 'date-time') return true;
  site.error('S112', `the column "${name}" holds no point in time`, { fix: 'name a column of date-time' });
  return false;
}

/** A trigger is on changes or on a deadline; a deleted row has only its id; "changed to" needs a change. */
function checkChanges(watch: TriggerYaml['watch'], site: Site): boolean {
  const { changes, where, columns, becomes, due } = watch;
  if ((changes === undefined) === (due === undefined) || (due && (columns || becomes))) {
    site.error('M116', 'a trigger watches changes, or a due column alone', {
      fix: 'write changes, or due without columns and becomes',
    });
    return false;
  }
  if (changes === undefined) return true;
  if (changes.includes('deleted') && (where || columns || becomes)) {
    const fix = 'leave out where, columns and becomes, or watch deletions in a trigger of their own';
    site
      .at('changes')
      .error('M116', 'a deleted row has only its id: nothing can be compared', { key: true, fix });
    return false;
  }
  if ((columns || becomes) && !changes.includes('updated')) {
    site
      .at('changes')
      .error('M116', 'columns and becomes speak of updates', { key: true, fix: 'add updated to changes' });
    return false;
  }
  return true;
}
