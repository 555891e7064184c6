import { tableVariableNames } from '../../manifest/compile/table-variables.ts';
import type { MergedTable } from '../../manifest/read/merge-tables.ts';
import type { Span } from '../../model/span.ts';
import { toWireName } from '../../odata/wire-name.ts';
import { type EditPlace, findPlace } from './find-place.ts';
import { grammarAt, grammarOf, keysOf, tableVerbs, valuesOf } from './grammar-at.ts';
import { describeColumn, type EditedFile, inputsOf, type LanguageModel, tableOf } from './language-model.ts';
import { labelsOf, propertiesOf, stepsAt } from './step-names.ts';

/** One proposal for a place in a file. */
export interface Completion {
  readonly label: string;
  readonly kind: 'key' | 'value' | 'table' | 'column' | 'input' | 'operation';
  readonly detail?: string | undefined;
  /** The text that replaces `span`. */
  readonly insert: string;
  readonly span: Span;
}

type Proposal = Omit<Completion, 'span' | 'insert'> & { readonly insert?: string };

/**
 * Proposes what can be written at an offset of a file: keys and values of the grammar, tables, columns, choices, inputs
 * and operations. A file that is incomplete is fine.
 */
export function complete(edited: EditedFile, offset: number, model: LanguageModel): readonly Completion[] {
  const place = findPlace(edited.text, offset);
  const { placeholder, word } = place;
  const span = placeholder ?? word;
  const context = { edited, place, model, steps: stepsAt(edited, offset) };
  const proposals =
    placeholder !== undefined ? placeholders(context) : place.at === 'key' ? keys(context) : values(context);
  return proposals.map((one) => ({ ...one, insert: one.insert ?? one.label, span }));
}

interface Context {
  readonly edited: EditedFile;
  readonly place: EditPlace;
  readonly model: LanguageModel;
  readonly steps: ReturnType<typeof stepsAt>;
}

function placeholders({ edited, model, steps }: Context): readonly Proposal[] {
  const inputs = [...inputsOf(edited, model)].map(([name, detail]) => ({
    label: `input.${name}`,
    kind: 'input' as const,
    detail,
  }));
  const isTemplate = /\/_\.[^/]+$/.test(edited.file);
  const creates = /(?:^|[\s{,])create:/m.test(edited.text)
    ? [{ label: 'new.id', kind: 'input' as const, detail: 'the id of the new row' }]
    : [];
  const results = steps.earlier.flatMap(({ name, action }) =>
    name === undefined
      ? []
      : propertiesOf(action, 'outputSchema', model).map(([column, { title }]) => ({
          label: `steps.${name}.${column}`,
          kind: 'input' as const,
          detail: String(title ?? ''),
        })),
  );
  return [
    ...inputs,
    ...results,
    ...creates,
    ...(isTemplate ? tableVariableNames : []).map((name) => ({
      label: `table.${name}`,
      kind: 'input' as const,
    })),
  ];
}

function keys(context: Context): readonly Proposal[] {
  const { edited, place } = context;
  const grammar = grammarOf(edited.file);
  if (grammar === undefined) return [];
  const isFree = (name: string) => !place.siblings.includes(name);
  const fromGrammar = keysOf(grammarAt(grammar, place.path))
    .filter(([name]) => isFree(name))
    .map(([name, { description }]): Proposal => {
      return { label: name, kind: 'key', detail: String(description ?? ''), insert: `${name}: ` };
    });
  return [...fromGrammar, ...columnKeys(context).filter(({ label }) => isFree(label))];
}

/** Keys that are names of columns, inputs or tables. */
function columnKeys({ edited, place, model, steps }: Context): readonly Proposal[] {
  const path = place.path.join('/');
  if (path === 'steps/0/input')
    return propertiesOf(steps.current?.action, 'input', model).map(([label, { title }]) => ({
      label,
      kind: 'input',
      detail: String(title ?? ''),
      insert: `${label}: `,
    }));
  const table = tableOf(edited, model);
  if (/^(request\/values|watch\/changedTo)$/.test(path)) {
    return columnsOf(table, path === 'request/values').map((one) => ({ ...one, insert: `${one.label}: ` }));
  }
  if (path === 'input/properties')
    return columnsOf(table).map((one) => ({
      ...one,
      insert: `${one.label}: { $ref: ${table?.name}#${one.label} }`,
    }));
  if (/^tests\/0(\/polls\/0)?\/input$/.test(path))
    return [...inputsOf(edited, model)].map(([label, detail]) => ({
      label,
      kind: 'input',
      detail,
      insert: `${label}: `,
    }));
  if (/x-lookup\/targets$/.test(path))
    return tables(model).map((one) => ({ ...one, insert: `${one.label}: ` }));
  return [];
}

function values(context: Context): readonly Proposal[] {
  const { edited, place, model } = context;
  const grammar = grammarOf(edited.file);
  if (grammar === undefined) return [];
  const path = place.path.join('/');
  const key = place.path.findLast((name) => !/^\d+$/.test(name)) ?? '';
  const table = tableOf(edited, model);
  if (key === '$ref') return references(context);
  if (place.path[0] === 'steps' || path === 'returns') return stepValues(context, path, key);
  if (tableVerbs.some((verb) => path === `request/${verb}`) || path === 'watch/table') return tables(model);
  if (/^(request\/values|watch\/changedTo)\/\w+$/.test(path)) return columnValues(table, key);
  if (/^watch\/(columns(\/0)?|due)$/.test(path)) return columnsOf(table);
  if (path === 'required' || path === 'required/0') return columnsOf(table);
  if (/^input\/required(\/0)?$/.test(path))
    return [...inputsOf(edited, model).keys()].map((label) => ({ label, kind: 'input' }));
  if (
    /^(request|watch)\/where(\/0)?$/.test(path) ||
    /\$filter(\/0)?$/.test(path) ||
    /(orderBy|\$orderby|\$select)$/.test(path)
  )
    return wireNames(table);
  if (path === 'pagination/limit')
    return [...inputsOf(edited, model).keys()].map((name) => ({ label: `input.${name}`, kind: 'input' }));
  if (/^operations(\/0)?$/.test(path)) return [{ label: 'all', kind: 'operation' }, ...templates(model)];
  if (/^(replaces|featured(\/0)?|deprecated\/use)$/.test(path)) return operations(model);
  const schema = grammarAt(grammar, place.path);
  return valuesOf(schema).map((label) => ({
    label,
    kind: 'value',
    detail: String(schema?.description ?? ''),
  }));
}

/** The actions of steps, the names of earlier steps, and the values of an input of a step. */
function stepValues({ model, steps }: Context, path: string, key: string): readonly Proposal[] {
  const all = steps.current === undefined ? steps.earlier : [...steps.earlier, steps.current];
  const named = (path === 'returns' ? all : steps.earlier).flatMap(({ name }): readonly Proposal[] =>
    name === undefined ? [] : [{ label: name, kind: 'value', detail: 'the row of this step' }],
  );
  if (path === 'returns' || key === 'from') return named;
  if (path === 'steps/0/action')
    return model.sources.actions.map(({ id, yaml }) => ({
      label: id,
      kind: 'operation',
      detail: yaml.title,
    }));
  if (!/^steps\/0\/input\/\w+$/.test(path)) return [];
  const [, schema] = propertiesOf(steps.current?.action, 'input', model).find(([name]) => name === key) ?? [];
  return [
    ...labelsOf(schema).map((label): Proposal => ({ label, kind: 'value' })),
    ...named.map((one): Proposal => ({ ...one, label: `{ from: ${one.label} }`, kind: 'input' })),
    { label: `"{{input.${key}}}"`, kind: 'input', detail: 'the input of this name' },
  ];
}

/** `case`, and after `case#` its columns. */
function references({ edited, place, model }: Context): readonly Proposal[] {
  const typed = edited.text.slice(place.word.start, place.word.end);
  const [name = ''] = typed.split('#');
  const table = model.sources.tables.find((one) => one.name === name);
  if (!typed.includes('#') || table === undefined)
    return tables(model).map((one) => ({ ...one, insert: `${one.label}#` }));
  return columnsOf(table).map((one) => ({ ...one, label: `${name}#${one.label}` }));
}

function tables({ sources }: LanguageModel): readonly Proposal[] {
  return sources.tables.map(({ name, yaml }) => ({
    label: name,
    kind: 'table',
    detail: `${yaml.title} · ${yaml['x-table'].name}`,
  }));
}

function columnsOf(table: MergedTable | undefined, isWritten = false): readonly Proposal[] {
  return [...(table?.columns ?? [])]
    .filter(([, { yaml }]) => !isWritten || yaml.readOnly !== true)
    .map(([label, { yaml }]) => ({ label, kind: 'column', detail: describeColumn(yaml) }));
}

function columnValues(table: MergedTable | undefined, name: string): readonly Proposal[] {
  const yaml = table?.columns.get(name)?.yaml;
  const labels = yaml?.type === 'boolean' ? ['true', 'false'] : Object.keys(yaml?.['x-choices'] ?? {});
  const details = yaml?.['x-choices'] ?? {};
  return [
    ...labels.map(
      (label): Proposal => ({
        label,
        kind: 'value',
        detail: details[label] === undefined ? undefined : String(details[label]),
      }),
    ),
    { label: `"{{input.${name}}}"`, kind: 'input', detail: 'the input of this name' },
  ];
}

/** Names in filters and sort orders are Dataverse's. */
function wireNames(table: MergedTable | undefined): readonly Proposal[] {
  return [...(table?.columns ?? [])].flatMap(([name, { yaml }]): Proposal[] => {
    const column = yaml['x-column'] ?? yaml['x-lookup']?.column;
    if (column === undefined) return [];
    const label = toWireName({ name: column, type: yaml['x-lookup'] === undefined ? 'string' : 'lookup' });
    return [{ label, kind: 'column', detail: `${name} · ${describeColumn(yaml)}` }];
  });
}

function templates({ sources: { files } }: LanguageModel): readonly Proposal[] {
  return [...files.action, ...files.trigger]
    .filter(({ name }) => name.startsWith('_.'))
    .map(({ name }) => ({ label: name.slice(2), kind: 'operation' }));
}

function operations({ sources: { actions, triggers } }: LanguageModel): readonly Proposal[] {
  return [...actions, ...triggers].map(({ id, yaml }) => ({
    label: id,
    kind: 'operation',
    detail: yaml.title,
  }));
}
