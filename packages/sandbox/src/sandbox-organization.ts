import type { Assumptions } from './assumptions.ts';
import type { CustomApiHandlers } from './custom-api-handlers.ts';
import type { ExchangeLog } from './exchanges/exchange-log.ts';
import type { FaultPlan } from './faults/fault-plan.ts';
import type { JobRunner } from './jobs/job-runner.ts';
import type { LimitSettings } from './limits/limiter.ts';
import type { PrivilegeDepth } from './model/privileges.ts';
import type { PlugIn } from './plug-in.ts';
import type { SeedRows } from './seed-rows.ts';
import type { SkippedMetadata } from './snapshot/load-metadata.ts';
import type { OrganizationStore } from './store/types.ts';
import type { DeliveryFault } from './webhooks/delivery-faults.ts';

/** A running organization. */
export interface SandboxOrganization {
  /** Unique name, for example `contoso`. */
  readonly name: string;
  /** Environment URL: `http://127.0.0.1:…`. */
  readonly origin: string;
  readonly organizationId: string;
  /** The database: read what was written, or write without the Web API. */
  readonly store: OrganizationStore;
  /** What the organization does not have of the option `metadata`, and why. */
  readonly skippedMetadata: readonly SkippedMetadata[];
  /** Injected faults of the organization. */
  readonly faults: FaultPlan;
  /** The last 1,000 requests and their responses. */
  readonly exchanges: ExchangeLog;
  /** Service protection limits; can be changed at runtime. */
  readonly limits: LimitSettings;
  /** The readings of facts about Dataverse that nobody could confirm; can be changed at runtime. */
  readonly assumptions: Assumptions;
  /**
   * Milliseconds that the organization's clock is ahead of the sandbox's; can be changed at runtime. It affects row
   * times, the `Date` header and the expiry of tokens.
   */
  clockOffsetMs: number;
  /** The `systemuserid` of a user or app; undefined when it is not a member. */
  findSystemUserId(principal: { readonly objectId: string }): string | undefined;
  /**
   * Replaces the security roles of a member. At first, a member has the `roles` of its options.
   *
   * @param names for example `Customer Service Representative`, or the name of a role that was created
   * @throws ConnectorError `SETTING_INVALID` when the business unit of the member has no such role
   */
  setRoles(principal: { readonly objectId: string }, names: readonly string[]): void;
  /**
   * Changes the access level of one privilege of a member, for example `prvReadIncident`. The member gets a role of its
   * own with the privileges that it had. `true` is the highest level, `false` removes the privilege.
   *
   * @throws ConnectorError `SETTING_INVALID` when there is no such privilege, or it has no such level
   */
  setPrivilege(
    principal: { readonly objectId: string },
    privilege: string,
    level: PrivilegeDepth | boolean,
  ): void;
  /** Custom logic that runs with each write; the list can be changed at runtime. */
  readonly plugIns: PlugIn[];
  /** The main operations of custom APIs, which are defined by rows in `customapis`. */
  readonly customApis: CustomApiHandlers;
  /** Asynchronous work: webhooks, bulk deletions, background operations. It starts after the request that caused it. */
  readonly jobs: Pick<JobRunner, 'pause' | 'resume' | 'idle'>;
  readonly webhooks: {
    /** Injected faults of the delivery of asynchronous webhooks. */
    readonly faults: FaultPlan<DeliveryFault, { readonly table: string; readonly message: string }>;
  };
  /** Expires all delta links issued so far. */
  expireDeltaTokens(): void;
  /**
   * Makes the organization a new one: its first rows with the same ids, no custom tables, no pending faults, no exchanges.
   * Limits, assumptions, clock, plug-ins and handlers of custom APIs stay.
   */
  reset(): void;
  /**
   * Creates rows in the shape of the Web API, by entity set, all or none. Returns their ids, by entity set.
   *
   * @throws ConnectorError `SETTING_INVALID` with the path of the row that Dataverse would refuse
   */
  seed(rows: SeedRows): Record<string, string[]>;
  /** Adds the sample rows. */
  loadSample(): void;
}
