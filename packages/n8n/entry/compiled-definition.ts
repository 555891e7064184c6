import type { ConnectorDefinition, JsonSchema } from 'dynamics365-connector';
import { createPrecompiledValidator, type ValidateFunction } from 'dynamics365-connector/host';
import checks from './checks.js';
import compiled from './definition.json' with { type: 'json' };

/** The manifest, compiled by `npm run build`. */
export const definition = compiled as unknown as ConnectorDefinition;

const checksById = checks as Readonly<Record<string, ValidateFunction | undefined>>;
const operations = Object.values({ ...definition.actions, ...definition.triggers });

/** A validator with checks compiled by `npm run build`: n8n does not allow packages to compile code at run time. */
export const validator = createPrecompiledValidator(
  new Map<JsonSchema, ValidateFunction>([
    [definition.connection, checkOf('connection')],
    ...operations.map(({ id, input }) => [input, checkOf(id)] as const),
  ]),
);

function checkOf(id: string): ValidateFunction {
  const check = checksById[id];
  if (check === undefined) throw new Error(`checks.js has no check for "${id}".`);
  return check;
}
