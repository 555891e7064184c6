import { useEffect, useState } from 'preact/hooks';
import { query, setQuery } from '../location.ts';
import { ProblemBox } from '../page.tsx';
import { type Problem, part, send, toProblem, useResource } from '../rest.ts';
import { cellText } from './cell.ts';
import type { Row } from './row-action.ts';

/** What a trigger reported. */
interface TriggerEvent {
  readonly id: string;
  readonly trigger: string;
  readonly change: string;
  readonly at: string;
  readonly row: Row;
}

interface PollAnswer {
  readonly items: readonly Omit<TriggerEvent, 'trigger'>[];
  readonly checkpoint: unknown;
}

const pollEveryMs = 1000;
const maxEvents = 50;

interface TriggerWatchProps {
  readonly connection: string;
  readonly table: string;
}

/** Polls triggers of a table every second and shows what they report. The chosen ones are in the address. */
export function TriggerWatch({ connection, table }: TriggerWatchProps) {
  const { data } = useResource<{ triggers: readonly { readonly id: string }[] }>('/v1/triggers');
  const triggers = data?.triggers.map(({ id }) => id).filter((id) => id.startsWith(`${table}.`)) ?? [];
  const watched = query.value.get('watch') ?? `${table}.created`;
  const names = watched.split(',').filter((name) => triggers.includes(name));
  const toggle = (id: string) => {
    const next = names.includes(id) ? names.filter((name) => name !== id) : [...names, id];
    setQuery('watch', next.length === 0 ? 'none' : next.join(','));
  };
  if (triggers.length === 0) return null;
  return (
    <section class="card" aria-labelledby="watch-title">
      <h2 id="watch-title">Triggers</h2>
      <p class="row">
        {triggers.map((id) => (
          <label key={id}>
            <input type="checkbox" checked={names.includes(id)} onChange={() => toggle(id)} /> {id}
          </label>
        ))}
      </p>
      {names.length > 0 && <Events key={names.join()} connection={connection} triggers={names} />}
    </section>
  );
}

interface EventsProps {
  readonly connection: string;
  readonly triggers: readonly string[];
}

function Events({ connection, triggers }: EventsProps) {
  const [events, setEvents] = useState<readonly TriggerEvent[]>([]);
  const [isListening, setListening] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  useEffect(() => {
    const stop = new AbortController();
    const listen = async (trigger: string) => {
      let checkpoint: unknown;
      while (!stop.signal.aborted) {
        const begun = performance.now();
        const answer = await poll(connection, trigger, checkpoint).catch((error) => {
          setProblem(toProblem(error));
        });
        if (stop.signal.aborted) return;
        if (answer !== undefined) {
          checkpoint = answer.checkpoint;
          setProblem(undefined);
          setListening(true);
          const found = answer.items.map((item) => ({ ...item, trigger })).reverse();
          if (found.length > 0) setEvents((before) => [...found, ...before].slice(0, maxEvents));
        }
        await new Promise((next) => setTimeout(next, Math.max(0, pollEveryMs - (performance.now() - begun))));
      }
    };
    for (const trigger of triggers) listen(trigger);
    return () => stop.abort();
  }, []);
  return (
    <>
      <ProblemBox problem={problem} />
      <p role="status" class="faint">
        {isListening ? 'Listening: what happens from now on is shown here.' : 'The first poll is running …'}
      </p>
      <ul class="events" aria-label="Events" aria-live="polite">
        {events.map((event) => (
          <li key={`${event.trigger} ${event.id}`}>
            <span class="state good">{event.trigger}</span> {titleOf(event.row)}{' '}
            <span class="faint">{`${event.change} at ${event.at}`}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

function poll(connection: string, trigger: string, checkpoint: unknown): Promise<PollAnswer> {
  const path = `/v1/connections/${part(connection)}/triggers/${trigger}/poll`;
  return send<PollAnswer>('POST', path, checkpoint === undefined ? {} : { checkpoint });
}

function titleOf(row: Row): string {
  return cellText(row.title ?? row.name ?? row.fullName ?? row.subject ?? row.number ?? row.id);
}
