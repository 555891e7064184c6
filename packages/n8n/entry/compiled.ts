import type { Definition, JsonSchema } from 'dynamics365-connector';
import { type Check, createCompiledValidator } from 'dynamics365-connector/host';
import checks from './checks.js';
import compiled from './definition.json' with { type: 'json' };

/** The manifest as `npm run build:n8n` compiled it, with a check for each of its schemas. */
export const definition = compiled as unknown as Definition;

const named = checks as Readonly<Record<string, Check>>;
const operations = Object.values({ ...definition.actions, ...definition.triggers });

/** Checks inputs without making code, which n8n does not allow to packages. */
export const validator = createCompiledValidator(
  new Map<JsonSchema, Check>([
    [definition.connection, named.connection!],
    ...operations.map(({ id, input }) => [input, named[id]!] as const),
  ]),
);
