import {
  type ActionDefinition,
  ConnectorError,
  type Json,
  type JsonObject,
  type JsonSchema,
} from 'dynamics365-connector';
import { suggest } from 'dynamics365-connector/host';

/** The columns of the rows that a command prints. */
export interface RowColumns {
  /** The columns do not depend on the rows: those of `--columns`, or those that the output of the action has. */
  readonly areKnown: boolean;
  /** The columns of `--columns`: all of them are printed. */
  readonly areChosen: boolean;
  namesOf(rows: readonly JsonObject[]): readonly string[];
  /** The names in the order in which a terminal shows them: those that tell most come first, because not all fit. */
  inShownOrder(names: readonly string[]): readonly string[];
  /** The value of a column; a name with a dot reads a value inside of it: `customer.id`. */
  read(row: JsonObject, name: string): Json | undefined;
}

const customColumns = 'customColumns';

/**
 * The columns of an action's rows: those of `--columns`, or all that the schema of its output has, in that order. They are
 * the same for every call, also where all values are empty. Rows of any table have the columns of the response.
 *
 * @param mainColumns The columns that tell most, from the host view.
 * @throws INPUT_INVALID for a column that the output does not have
 */
export function rowColumnsOf(
  action: Pick<ActionDefinition, 'outputSchema' | 'input'> | undefined,
  chosen: string | undefined,
  mainColumns: readonly string[] = [],
): RowColumns {
  const inShownOrder = (names: readonly string[]) => [
    ...mainColumns.filter((name) => names.includes(name)),
    ...names.filter((name) => !mainColumns.includes(name)),
  ];
  const known = schemaColumns(action?.outputSchema);
  if (chosen !== undefined) {
    const names = parseColumns(chosen);
    if (action !== undefined && known.length > 0) assertColumns(action, known, names);
    const shown = { inShownOrder: () => names, read: readColumn };
    return { areKnown: true, areChosen: true, namesOf: () => names, ...shown };
  }
  if (known.length > 0)
    return { areKnown: true, areChosen: false, namesOf: () => known, inShownOrder, read: readColumn };
  const namesOf = (rows: readonly JsonObject[]) => [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return { areKnown: false, areChosen: false, namesOf, inShownOrder, read: readColumn };
}

/** The input of a list with the columns of `--columns`, so that only these are read. An input that names its own keeps them. */
export function addColumnsToInput(
  action: Pick<ActionDefinition, 'outputSchema' | 'input'>,
  input: JsonObject,
  chosen: string | undefined,
): JsonObject {
  const accepted = (action.input.properties ?? {}) as Readonly<Record<string, JsonSchema>>;
  if (chosen === undefined || input.columns !== undefined || accepted.columns === undefined) return input;
  const known = schemaColumns(action.outputSchema);
  const names = [...new Set(parseColumns(chosen).map(firstPart))];
  const own = names.filter((name) => known.includes(name));
  const custom = names.filter((name) => !known.includes(name) && name !== customColumns);
  return {
    ...input,
    columns: own.length > 0 ? own : ['id'],
    ...(custom.length > 0 ? { [customColumns]: custom } : {}),
  };
}

function parseColumns(text: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.every((name) => name !== '')) return names;
  throw new ConnectorError(
    'INPUT_INVALID',
    `--columns must be names with commas between them, not "${text}".`,
  );
}

function firstPart(name: string): string {
  return name.split('.', 1)[0] ?? name;
}

/** A name that the output does not have can be a column of the organization, if the action reads those. */
function assertColumns(
  { input }: Pick<ActionDefinition, 'input'>,
  known: readonly string[],
  names: readonly string[],
): void {
  const readsCustom = Object.hasOwn((input.properties ?? {}) as object, customColumns);
  const isCustom = (name: string) => readsCustom && name.includes('_');
  const unknown = names.map(firstPart).find((name) => !known.includes(name) && !isCustom(name));
  if (unknown === undefined) return;
  const suggestions = suggest(unknown, known);
  const didYouMean = suggestions.length > 0 ? ` Did you mean ${suggestions.join(' or ')}?` : '';
  throw new ConnectorError('INPUT_INVALID', `There is no column "${unknown}".${didYouMean}`, {
    suggestions,
    advice: `Columns: ${known.join(', ')}.`,
  });
}

function schemaColumns(schema: JsonSchema | undefined): readonly string[] {
  const items = (schema?.items ?? schema) as JsonSchema | undefined;
  return Object.keys((items?.properties ?? {}) as object);
}

function readColumn(row: JsonObject, name: string): Json | undefined {
  const own = readPath(row, name);
  return own === undefined ? readPath(row[customColumns], name) : own;
}

function readPath(value: Json | undefined, path: string): Json | undefined {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined;
  const object = value as JsonObject;
  if (Object.hasOwn(object, path)) return object[path];
  const dot = path.indexOf('.');
  if (dot === -1 || !Object.hasOwn(object, path.slice(0, dot))) return undefined;
  return readPath(object[path.slice(0, dot)], path.slice(dot + 1));
}
