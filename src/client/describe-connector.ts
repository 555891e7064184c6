import type { ConnectorDefinition } from '../model/definition.ts';
import type { JsonObject } from '../model/json.ts';
import { omitUndefined } from '../model/omit-undefined.ts';

/**
 * The connector as a host's form builder or tool list needs it: titles, groups, JSON Schemas, effects. `from` is the id of
 * the connector that is extended and has the operation, `file` its file there.
 */
export function describeConnector(definition: ConnectorDefinition): JsonObject {
  const { id, version, title, description, connection, grants, bases } = definition;
  return omitUndefined({
    id,
    version,
    title,
    description,
    connection,
    grants: Object.keys(grants),
    bases: bases?.map((base) => ({ ...base })),
    actions: Object.values(definition.actions).map((action) =>
      omitUndefined({
        id: action.id,
        title: action.title,
        description: action.description,
        group: action.group,
        input: action.input,
        output: action.outputSchema,
        effects: { ...action.effects },
        list: action.pagination !== undefined,
        deprecated: action.deprecated && { ...action.deprecated },
        from: action.from,
        file: action.file,
      }),
    ),
    triggers: Object.values(definition.triggers).map((trigger) =>
      omitUndefined({
        id: trigger.id,
        title: trigger.title,
        description: trigger.description,
        group: trigger.group,
        input: trigger.input,
        output: trigger.outputSchema,
        everyMs: trigger.watch.intervalMs,
        changes: [...trigger.watch.changes],
        deprecated: trigger.deprecated && { ...trigger.deprecated },
        from: trigger.from,
        file: trigger.file,
      }),
    ),
  }) as unknown as JsonObject;
}
