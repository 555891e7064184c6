import { CopyBar, toCurl, toFetch } from '../copies.tsx';
import { query, setQuery } from '../location.ts';
import { formatDuration, JsonView, ProblemBox } from '../page.tsx';
import { useResource } from '../rest.ts';
import type { StoredEvent } from './subscription.ts';

const states = ['delivered', 'waiting', 'dead'] as const;
const tones = { delivered: 'good', waiting: 'warn', dead: 'bad' } as const;
const refreshMs = 2000;
const maxShown = 50;

/** The newest events of a subscription: delivered ones for as long as they are kept. State and open event are in the address. */
export function Events({ id }: { readonly id: string }) {
  const state = query.value.get('events') ?? '';
  const open = Number(query.value.get('event'));
  const filter = state === '' ? '' : `&state=${state}`;
  const path = `/v1/subscriptions/${id}/events?limit=${maxShown}${filter}`;
  const { data, problem } = useResource<{ events: readonly StoredEvent[] }>(path, refreshMs);
  return (
    <section aria-labelledby="events-title">
      <h2 id="events-title">Events</h2>
      <ProblemBox problem={problem} />
      <label>
        State{' '}
        <select value={state} onChange={({ currentTarget }) => setQuery('events', currentTarget.value)}>
          <option value="">all</option>
          {states.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      </label>
      {data?.events.length === 0 && <p>There are none.</p>}
      <ul class="plain" aria-label="Events">
        {data?.events.map((event) => (
          <li key={event.sequence}>
            <button
              type="button"
              class="line"
              data-row
              aria-expanded={open === event.sequence}
              onClick={() => setQuery('event', open === event.sequence ? '' : String(event.sequence))}
            >
              <span class={`state ${tones[event.state]}`}>{event.state}</span> {titleOf(event)}{' '}
              <span class="faint">{timeOf(event)}</span>
            </button>
            {open === event.sequence && (
              <JsonView value={event.item} label={`Payload of event ${event.sequence}`} />
            )}
          </li>
        ))}
      </ul>
      <CopyBar
        of="these events"
        copies={{
          command: `d365 worker status\nd365 worker dead-letters list ${id}`,
          curl: toCurl('GET', path),
          typescript: toFetch('GET', path),
        }}
      />
    </section>
  );
}

function titleOf({ sequence, item }: StoredEvent): string {
  if (typeof item === 'string') return `${sequence}: it cannot be read`;
  const { change, row } = item;
  const name = row.title ?? row.name ?? row.fullName ?? row.subject ?? row.number ?? row.id;
  return `${sequence} ${change} ${String(name ?? '')}`;
}

function timeOf({ state, attempts, storedAgoMs, deliveredAgoMs, deadForMs, dueInMs }: StoredEvent): string {
  const tries = `${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`;
  if (state === 'delivered' && deliveredAgoMs !== undefined)
    return `${formatDuration(deliveredAgoMs)} ago${storedAgoMs === undefined ? '' : `, ${formatDuration(storedAgoMs - deliveredAgoMs)} after its poll`}`;
  if (state === 'dead' && deadForMs !== undefined) return `for ${formatDuration(deadForMs)}, ${tries}`;
  return dueInMs === undefined || dueInMs <= 0
    ? tries
    : `next attempt in ${formatDuration(dueInMs)}, ${tries}`;
}
