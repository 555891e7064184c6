import type { Environment } from '../auth/environment.ts';
import type { Organization } from '../auth/organization-discovery.ts';
import type { WhoAmI } from '../auth/who-am-i.ts';
import type { Pipeline } from '../http/api-request.ts';
import type { DirectPipeline } from '../http/create-pipeline.ts';
import type { RequestQuota } from '../http/rate-limit/request-quota.ts';
import type { ConnectorDefinition } from '../model/definition.ts';
import type { JsonObject } from '../model/json.ts';
import type { RuntimeServices } from '../model/runtime-services.ts';
import type { Table } from '../model/table.ts';
import type { TokenSource } from '../model/token.ts';
import type { QueryChecker } from '../query/query-checker.ts';
import type { Validator } from '../validation/validator.ts';
import type { CompiledActions, SelectClause } from './compiled-action.ts';
import type { WriteMemory } from './own-writes/write-memory.ts';
import type { NewRowForm } from './request-forms.ts';

/** What plans are made with: the part of a connection that sends nothing. */
export interface Planner {
  readonly definition: ConnectorDefinition;
  readonly validator: Validator;
  /** What was compiled from actions. All connections of a process share it. */
  readonly compiled: CompiledActions;
  readonly services: RuntimeServices;
  /** The connection settings, checked and normalized: `{ orgUrl, tenant? }`. */
  readonly settings: JsonObject;
  readonly environment: Environment;
  /** `https://contoso.crm.dynamics.com` */
  readonly origin: string;
  /** `https://contoso.crm.dynamics.com/api/data/v9.2` */
  readonly baseUrl: string;
  /** Columns of our schemas that this organization lacks: `incident.slaid`. Failed requests add to it. */
  readonly missingColumns: Set<string>;
  /** How rows are created in tables, by logical name, whose usual form the organization has refused. */
  readonly newRowForms: Map<string, NewRowForm>;
  /** Cached `$select` clauses. A column that turns out to be missing drops that of its table. */
  readonly selectClauses: WeakMap<Table, SelectClause>;
}

/** An open connection to one environment with one credential. Every call of a client shares it. */
export interface Connection extends Planner {
  readonly tokens: TokenSource;
  /** Lists the organizations that the signed-in user can access. Absent unless a user signed in interactively. */
  readonly organizations?: () => Promise<readonly Organization[]>;
  /** The user that the connection signs in as. The first call asks Dataverse; later calls get the same answer. */
  readonly whoAmI: () => Promise<WhoAmI>;
  readonly pipeline: Pipeline;
  /** The direct way of ordinary calls; undefined for a connection that adds call options to its requests. */
  readonly direct?: Pick<DirectPipeline, 'startDirectly' | 'finish'>;
  /** Ends the block of the user after a 429 before its time. */
  readonly unblock: () => Promise<void>;
  /** What is left of the requests of the user; undefined before the first request of the connection. */
  readonly quota: () => RequestQuota | undefined;
  /** Returns the link if it is below the API's base URL; throws ORIGIN_REFUSED otherwise. */
  readonly guardLink: (link: string) => string;
  /** Checks queries against the organization's own tables. Reads a table's metadata when a query first needs it. */
  readonly queryChecker: QueryChecker;
  /** What this user wrote; undefined if the connection does not remember it. */
  readonly writes?: WriteMemory;
}
