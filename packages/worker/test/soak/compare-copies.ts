import { Copy } from '../../../../test/feed/copy.ts';
import type { ChangedRow, DeliveredEvent, OrganizationInfo, StoredEvent } from './messages.ts';

/** What a soak test counts. All but `changed` and `events` must be 0. */
export interface SoakCounts {
  /** Rows that were created, changed or deleted. */
  readonly changed: number;
  /** Events that were stored in the outbox. */
  readonly events: number;
  /** Changed rows that the copy of their consumer does not have as they are now. */
  readonly lost: number;
  /** Rows of a copy that do not exist. */
  readonly unexpected: number;
  /** Stored events that were not delivered. */
  readonly undelivered: number;
  /** Events that were stored more than once. */
  readonly duplicated: number;
}

export interface SoakRecord {
  readonly organization: Pick<OrganizationInfo, 'owners' | 'orgUrls'>;
  readonly changedRows: readonly ChangedRow[];
  readonly storedEvents: readonly StoredEvent[];
  readonly deliveredEvents: readonly DeliveredEvent[];
}

/**
 * Each consumer applies the events that it got, by epoch and sequence. Its copy must then have the rows of its owner that
 * were changed, as they are now, and no others.
 */
export function compareCopies({
  organization,
  changedRows,
  storedEvents,
  deliveredEvents,
}: SoakRecord): SoakCounts {
  const copies = applyEvents(organization, deliveredEvents);
  const live = changedRows.filter(({ version }) => version !== undefined);
  const liveIds = new Set(live.map(({ id }) => id));
  const lost = live.filter(({ owner, id, version }) => copies[owner]?.get(id) !== version);
  const unexpected = copies.flatMap((copy) => [...copy.keys()].filter((id) => !liveIds.has(id)));
  const keyOf = ({ subscription, item }: StoredEvent) => `${subscription} ${item}`;
  const stored = new Set(storedEvents.map(keyOf));
  const delivered = new Set(
    deliveredEvents.map(({ subscription, item }) => keyOf({ subscription, item: item.id })),
  );
  return {
    changed: changedRows.length,
    events: storedEvents.length,
    lost: lost.length,
    unexpected: unexpected.length,
    undelivered: [...stored].filter((key) => !delivered.has(key)).length,
    duplicated: storedEvents.length - stored.size,
  };
}

/** The versions of the rows in the copy of each consumer. */
function applyEvents(
  { owners, orgUrls }: SoakRecord['organization'],
  events: readonly DeliveredEvent[],
): readonly ReadonlyMap<string, string | undefined>[] {
  const copies = owners.map(() => new Copy('sequence'));
  for (const { subscription, item } of events) {
    const [kind, index] = subscription.split('-');
    const isOfFeed = kind === 'deleted';
    for (const [consumer, copy] of copies.entries())
      if (Number(index) === (isOfFeed ? consumer % orgUrls.length : consumer)) copy.apply([item]);
  }
  return copies.map((copy) => copy.versions());
}
