import type {
  ActionDefinition,
  ConnectorDefinition,
  JsonSchema,
  TriggerDefinition,
} from 'dynamics365-connector';

/** What a document covers. */
export interface DocumentScope {
  readonly definition: ConnectorDefinition;
  readonly actions: readonly ActionDefinition[];
  readonly triggers: readonly TriggerDefinition[];
  /** The address of the service. */
  readonly url: string;
  /** The document of one connection: its paths have no parameter for the connection. */
  readonly connection?: string;
  /** Columns of the organization that our table files do not have: table -> schema of `customColumns`. */
  readonly customColumns?: ReadonlyMap<string, JsonSchema>;
}
