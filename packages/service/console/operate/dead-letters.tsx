import { useState } from 'preact/hooks';
import { CopyBar, toCurl, toFetch } from '../copies.tsx';
import { formatDuration, JsonView, ProblemBox } from '../page.tsx';
import { type Problem, send, toProblem, useResource } from '../rest.ts';
import type { StoredEvent, Subscription } from './subscription.ts';

const refreshMs = 2000;

interface DeadLettersProps {
  readonly subscription: Subscription;
  readonly onChange: () => void;
}

/** The dead letters of a subscription: why they were refused, what they say, and what to do with each. */
export function DeadLetters({ subscription: { id, trigger }, onChange }: DeadLettersProps) {
  const path = `/v1/subscriptions/${id}/events`;
  const { data, problem, reload } = useResource<{ events: readonly StoredEvent[] }>(
    `${path}?state=dead`,
    refreshMs,
  );
  const [failed, setFailed] = useState<Problem>();
  const [notice, setNotice] = useState('');
  const act = async (method: 'POST' | 'DELETE', address: string, done: string) => {
    await send(method, address).then(
      () => {
        setFailed(undefined);
        setNotice(done);
      },
      (error) => setFailed(toProblem(error)),
    );
    reload();
    onChange();
  };
  const events = data?.events ?? [];
  return (
    <section aria-labelledby="dead-title">
      <h2 id="dead-title">Dead letters</h2>
      <ProblemBox problem={problem ?? failed} />
      <p role="status">{notice}</p>
      {data !== undefined && events.length === 0 && <p>There are none.</p>}
      {events.map((event) => (
        <article key={event.sequence} class="card" aria-label={`Dead letter ${event.sequence}`}>
          <p>
            <strong>{event.reason}</strong>{' '}
            <span class="faint">
              {`dead for ${formatDuration(event.deadForMs ?? 0)}, after ${event.attempts} ${event.attempts === 1 ? 'attempt' : 'attempts'}`}
            </span>
          </p>
          <JsonView value={event.item} label={`Payload of dead letter ${event.sequence}`} />
          <p class="row">
            <button
              type="button"
              data-row
              onClick={() => act('POST', `${path}/${event.sequence}/replay`, 'The event is delivered again.')}
            >
              Replay
            </button>
            <button
              type="button"
              onClick={() =>
                act(
                  'POST',
                  `${path}/${event.sequence}/replay?row=reread`,
                  'The event is delivered again with the row as it is now.',
                )
              }
            >
              Replay with the row as it is now
            </button>
            <button
              type="button"
              onClick={() => act('DELETE', `${path}/${event.sequence}`, 'The event is discarded.')}
            >
              Discard
            </button>
          </p>
          <CopyBar
            of="this replay"
            copies={{
              command: `d365 worker dead-letters replay ${event.sequence}`,
              curl: toCurl('POST', `${path}/${event.sequence}/replay`),
              typescript: `// ${trigger}\n${toFetch('POST', `${path}/${event.sequence}/replay`)}`,
            }}
          />
        </article>
      ))}
    </section>
  );
}
