import type { ConnectorDefinition, RequestAction } from '../model/definition.ts';
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';
import { filterInputsOf } from './check-filters.ts';
import { isNullUngiven } from './check-input.ts';
import type { AcceptOrdinary } from './compiled-action.ts';
import { compileReadAsGiven } from './from-read-row.ts';
import { outputTableOf } from './require-table.ts';
import { areStatusesKnown } from './status-inputs.ts';
import { placeholderValue } from './template-scope.ts';

/** Compiles which inputs of an action are ordinary. */
export function compileAcceptance(definition: ConnectorDefinition, action: RequestAction): AcceptOrdinary {
  const { columnInputs = [], input: schema, output } = action;
  if ('expand' in output && output.expand !== undefined) return () => undefined;
  const { tables } = definition;
  const table = outputTableOf({ definition }, action);
  const isReadAsGiven = table && compileReadAsGiven({ table, tables, input: schema });
  const isNullOmitted = isNullUngiven(action);
  const filters = filterInputsOf(action);
  const isOrdinary = (input: JsonObject) => {
    for (const name of columnInputs) if ((input[name] ?? null) !== null) return false;
    for (const filter of filters) if (placeholderValue(filter, { input }) !== undefined) return false;
    return areStatusesKnown(action, input);
  };
  return (validator, input) => {
    try {
      if (!isJsonObject(input) || isReadAsGiven?.(input) === false) return undefined;
      if (isNullOmitted && hasNull(input)) return undefined;
      const filled = validator.withDefaults(schema, input) as JsonObject;
      return validator.issues(schema, filled).length === 0 && isOrdinary(filled) ? filled : undefined;
    } catch {
      // An input that cannot be read: its check says so.
      return undefined;
    }
  };
}

function hasNull(value: Json): boolean {
  if (value === null) return true;
  if (typeof value !== 'object') return false;
  for (const member of Object.values(value)) if (hasNull(member)) return true;
  return false;
}
