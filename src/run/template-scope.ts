import type { Json, JsonObject } from '../model/json.ts';
import type { Placeholder } from '../model/template.ts';

/** The values that holes may name: `{ input, connection, new }` for an action, `{ input, connection }` for a trigger. */
export type TemplateScope = Readonly<Record<string, JsonObject>>;

/** The value that a slot names, or undefined when any step of its path is absent. Own properties only. */
export function placeholderValue(slot: Placeholder, scope: TemplateScope): Json | undefined {
  let value: Json | undefined = scope as JsonObject;
  for (const step of slot.path) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, step)) return undefined;
    value = (value as JsonObject)[step];
  }
  return value;
}
