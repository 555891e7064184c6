import type { ConnectorDefinition } from '../model/definition.ts';
import type { JsonObject } from '../model/json.ts';

/** The connector as a host's form builder or tool list needs it: titles, groups, JSON Schemas, effects. */
export function describeConnector(definition: ConnectorDefinition): JsonObject {
  const { id, version, title, description, connection, grants } = definition;
  return {
    id,
    version,
    title,
    description,
    connection,
    grants: Object.keys(grants),
    actions: Object.values(definition.actions).map((action) => ({
      id: action.id,
      title: action.title,
      description: action.description,
      group: action.group,
      input: action.input,
      output: action.outputSchema,
      effects: { ...action.effects },
      list: action.pagination !== undefined,
      ...(action.deprecated === undefined ? {} : { deprecated: { ...action.deprecated } }),
    })),
    triggers: Object.values(definition.triggers).map((trigger) => ({
      id: trigger.id,
      title: trigger.title,
      description: trigger.description,
      group: trigger.group,
      input: trigger.input,
      output: trigger.outputSchema,
      everyMs: trigger.watch.intervalMs,
      changes: [...trigger.watch.changes],
      ...(trigger.deprecated === undefined ? {} : { deprecated: { ...trigger.deprecated } }),
    })),
  } as unknown as JsonObject;
}
