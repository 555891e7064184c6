import type { JsonObject } from 'dynamics365-connector';
import { toJsonPointer } from 'dynamics365-connector/base';
import { controlError } from './control-error.ts';

/**
 * Facts about Dataverse that no documentation and no recording confirms, each with its possible readings. The first
 * reading is the default. `d365 check-assumptions` finds the readings of a real organization.
 */
export const assumptionReadings = {
  /** Whether `$filter` can compare `versionnumber`. */
  versionFilter: ['accepted', 'refused'],
  /** Whether `$orderby` can name `versionnumber`. */
  versionOrder: ['accepted', 'refused'],
  /** Whether `$filter` reads a text that is compared with an id as an id: `_ownerid_value eq '1f3d0c7a-…'`. */
  quotedGuid: ['accepted', 'refused'],
  /** Which page of a change-tracking request determines the version in its delta link. */
  deltaTokenTaken: ['first-page', 'last-page'],
  /**
   * Whether the version of a delta link leaves out open transactions (`commits`), or is the highest assigned version
   * (`versions`), so that transactions that are open at that time are never reported.
   */
  deltaTokenCounts: ['commits', 'versions'],
  /** Whether the key in the `@odata.id` of an item of `UpsertMultiple` is plain text, or percent-decoded. */
  targetKeyText: ['plain', 'decoded'],
  /** Whether `UpdateMultiple` ignores the `@odata.etag` of an item, or refuses an old one with 412. */
  bulkETag: ['ignored', 'checked'],
  /** Whether an item of `UpdateMultiple` can name its row by an alternate key in `@odata.id`. */
  bulkUpdateByKey: ['refused', 'accepted'],
  /**
   * Whether `PATCH` with `If-None-Match: *` creates rows of `annotation`, `queue`, `queueitem` and `team`. It does for
   * accounts, contacts, leads and custom tables.
   */
  createByPatch: ['accepted', 'refused'],
  /** Whether the body of a `POST` can give the id of a new activity, note, queue, queue item or team. */
  idOnCreate: ['accepted', 'refused'],
  /** Whether a write returns the row when `Prefer: return=representation` asks for it, or 204 without it. */
  writtenRow: ['returned', 'missing'],
  /**
   * The key of a user or team in a parameter: that of its table (`systemuserid`), `ownerid`, or either. `Members` of
   * `AddMembersTeam` and `RemoveMembersTeam` is documented with `ownerid`.
   */
  principalKey: ['either', 'own', 'ownerid'],
  /** Whether a batch with `odata.continue-on-error` continues after a failed part. */
  batchErrors: ['continued', 'stopped'],
  /** Whether a block that is uploaded again with the same `BlockId` replaces the first one, or is added to it. */
  repeatedBlock: ['replaced', 'added'],
  /** Whether `Prefer: odata.maxpagesize` limits the pages of FetchXML. */
  fetchPageSize: ['ignored', 'respected'],
  /** Whether the organization has the actions `RouteTo` and `ApplyRoutingRule` with the documented parameters. */
  routing: ['supported', 'missing'],
  /** Whether rows that a deletion deletes too, or that an assignment assigns too, have events of their own. */
  cascadeEvents: ['raised', 'not-raised'],
  /** Whether rows whose lookup a deletion clears have an event `Update`. */
  clearedLookupEvents: ['not-raised', 'raised'],
  /** Whether an update of the owner or the state also calls steps of `Assign`, `SetState`, `SetStateDynamicEntity`. */
  specialMessages: ['raised', 'not-raised'],
  /** How often an update of the state and of other columns calls the steps of `Update`. */
  stateUpdateEvents: ['twice', 'once'],
  /** How often a webhook is called that answers 502, 503 or 504. */
  webhookAttempts: ['two', 'one', 'three'],
  /** Whether further attempts have the `OperationId` of the first one. */
  webhookOperationId: ['same', 'new'],
} as const;

export type AssumptionName = keyof typeof assumptionReadings;

/** The reading that an organization follows for each assumption. Can be changed at runtime. */
export type Assumptions = { -readonly [Name in AssumptionName]: (typeof assumptionReadings)[Name][number] };

const assumptionNames = Object.keys(assumptionReadings) as AssumptionName[];

/** The first reading of each assumption, replaced by the given ones. */
export function createAssumptions(readings: Partial<Assumptions> = {}): Assumptions {
  const defaults = Object.fromEntries(assumptionNames.map((name) => [name, assumptionReadings[name][0]]));
  return assignReadings(defaults as Assumptions, readings);
}

/** Changes readings. Throws ConnectorError `SETTING_INVALID` for unknown names and readings, and changes nothing. */
export function assignReadings(assumptions: Assumptions, readings: JsonObject): Assumptions {
  for (const [name, reading] of Object.entries(readings)) {
    const path = toJsonPointer(name);
    if (!isAssumptionName(name))
      throw controlError(path, `There is no assumption "${name}".`, `Use: ${assumptionNames.join(', ')}.`);
    const known: readonly unknown[] = assumptionReadings[name];
    if (!known.includes(reading))
      throw controlError(
        path,
        `"${name}" has no reading ${JSON.stringify(reading)}.`,
        `Use: ${known.join(', ')}.`,
      );
  }
  return Object.assign(assumptions, readings);
}

function isAssumptionName(name: string): name is AssumptionName {
  return Object.hasOwn(assumptionReadings, name);
}
