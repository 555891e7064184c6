import type { ConnectorDefinition, JsonSchema } from 'dynamics365-connector';
import { createPrecompiledValidator, type ValidateFunction } from 'dynamics365-connector/host';
import checks from './checks.js';
import compiled from './definition.json' with { type: 'json' };

/** The manifest as `npm run build` compiled it, with a check for each of its schemas. */
export const definition = compiled as unknown as ConnectorDefinition;

const checksById = checks as Readonly<Record<string, ValidateFunction>>;
const operations = Object.values({ ...definition.actions, ...definition.triggers });

/** Checks inputs without making code, which n8n does not allow to packages. */
export const validator = createPrecompiledValidator(
  new Map<JsonSchema, ValidateFunction>([
    [definition.connection, checksById.connection!],
    ...operations.map(({ id, input }) => [input, checksById[id]!] as const),
  ]),
);
