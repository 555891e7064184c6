import type { Json, JsonObject } from '../model/json.ts';
import type { Placeholder } from '../model/template.ts';

/** The values of placeholders: `{ input, connection, new, api }` for an action, `{ input, connection }` for a trigger. */
export type TemplateScope = Readonly<Record<string, JsonObject>>;

/** The value of a placeholder; undefined if a step of its path is absent. Inherited properties count as absent. */
export function placeholderValue({ path }: Placeholder, scope: TemplateScope): Json | undefined {
  let value: Json | undefined = scope as JsonObject;
  for (const step of path) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, step)) return undefined;
    value = (value as JsonObject)[step];
  }
  return value;
}
