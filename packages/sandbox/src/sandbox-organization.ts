import type { FaultPlan } from './faults/fault-plan.ts';
import type { LimitSettings } from './limits/limiter.ts';
import type { PlugIn } from './plug-in.ts';
import type { SeedRows } from './seed-rows.ts';
import type { OrganizationStore } from './store/types.ts';
import type { Privilege } from './web-api/types.ts';

/** A running organization. */
export interface SandboxOrganization {
  /** Unique name, for example `contoso`. */
  readonly name: string;
  /** Environment URL: `http://127.0.0.1:…`. */
  readonly origin: string;
  readonly organizationId: string;
  /** The database: read what was written, or write without the Web API. */
  readonly store: OrganizationStore;
  /** Injected faults of the organization. */
  readonly faults: FaultPlan;
  /** Service protection limits; can be changed at runtime. */
  readonly limits: LimitSettings;
  /**
   * Milliseconds that the organization's clock is ahead of the sandbox's; can be changed at runtime. It affects row
   * times, the `Date` header and the expiry of tokens.
   */
  clockOffsetMs: number;
  /** The `systemuserid` of a user or app; undefined when it is not a member. */
  findSystemUserId(principal: { readonly objectId: string }): string | undefined;
  /** Grants or removes organization-level read access, which change tracking requires. Each member has it at first. */
  setOrganizationRead(principal: { readonly objectId: string }, allowed: boolean): void;
  /** Grants or removes a privilege for impersonation or for bypassing custom logic. Each member has them at first. */
  setPrivilege(principal: { readonly objectId: string }, privilege: Privilege, granted: boolean): void;
  /** Custom logic that runs with each write; the list can be changed at runtime. */
  readonly plugIns: PlugIn[];
  /** Expires all delta links issued so far. */
  expireDeltaTokens(): void;
  /**
   * Makes the organization a new one: its first rows with the same ids, no custom tables, no pending faults. Limits,
   * clock and plug-ins stay.
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
