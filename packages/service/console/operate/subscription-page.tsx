import { useState } from 'preact/hooks';
import { CopyBar, toCurl, toFetch } from '../copies.tsx';
import { navigate } from '../location.ts';
import { formatDuration, Page, ProblemBox } from '../page.tsx';
import type { PageParameters } from '../page-parameters.ts';
import { type Method, type Problem, send, toProblem, useResource } from '../rest.ts';
import { DeadLetters } from './dead-letters.tsx';
import { Events } from './events.tsx';
import { History } from './history.tsx';
import { type Subscription, toneOf } from './subscription.ts';
import { NextPoll } from './subscriptions.tsx';

const refreshMs = 2000;

/** One subscription: its state, what can be done about it, and its dead letters. */
export default function SubscriptionPage({
  parameters: { id = '' },
}: {
  readonly parameters: PageParameters;
}) {
  const path = `/v1/subscriptions/${id}`;
  const { data, problem, reload } = useResource<Subscription>(path, refreshMs);
  const [failed, setFailed] = useState<Problem>();
  const change = async (method: Method, body?: object) => {
    await send(method, path, body).then(
      () => {
        setFailed(undefined);
        if (method === 'DELETE') navigate('/subscriptions');
        else reload();
      },
      (error) => setFailed(toProblem(error)),
    );
  };
  return (
    <Page title={data === undefined ? id : `${data.trigger} of ${data.connection}`}>
      <ProblemBox problem={problem ?? failed} />
      {data !== undefined && (
        <>
          <Facts subscription={data} />
          <Controls subscription={data} change={change} />
          <DeadLetters subscription={data} onChange={reload} />
          <History id={id} />
          <Events id={id} />
        </>
      )}
      <CopyBar
        of="this subscription"
        copies={{
          command: `d365 worker status\nd365 worker dead-letters list ${id}\nd365 worker pause ${id}`,
          curl: `${toCurl('GET', path)}\n${toCurl('GET', `${path}/events`)}`,
          typescript: toFetch('GET', path),
        }}
      />
    </Page>
  );
}

function Facts({ subscription }: { readonly subscription: Subscription }) {
  const {
    id,
    state,
    reason,
    everyMs,
    polledAgoMs,
    delivered = 0,
    waiting = 0,
    dead = 0,
    params,
  } = subscription;
  return (
    <dl class="facts">
      <dt>State</dt>
      <dd>
        <span class={`state ${toneOf(state)}`}>{state ?? 'new'}</span> {reason}
      </dd>
      <dt>Next poll</dt>
      <dd>
        <NextPoll subscription={subscription} />
        {everyMs !== undefined && `, every ${formatDuration(everyMs)}`}
        {polledAgoMs !== undefined && `, last ${formatDuration(polledAgoMs)} ago`}
      </dd>
      <dt>Events</dt>
      <dd>{`${delivered} delivered, ${waiting} waiting, ${dead} dead`}</dd>
      <dt>Parameters</dt>
      <dd>
        <code>{JSON.stringify(params)}</code>
      </dd>
      <dt>Id</dt>
      <dd>
        <code>{id}</code>
      </dd>
    </dl>
  );
}

interface ControlsProps {
  readonly subscription: Subscription;
  readonly change: (method: Method, body?: object) => Promise<void>;
}

function Controls({ subscription, change }: ControlsProps) {
  const { url, state, origin } = subscription;
  const isPaused = state === 'paused';
  return (
    <>
      {origin === 'file' ? (
        <p>
          It is in a worker file and delivers to <code>{url}</code>.
        </p>
      ) : (
        <AddressForm url={url} change={change} />
      )}
      <p class="row">
        <button type="button" onClick={() => change('PATCH', { paused: !isPaused })}>
          {isPaused ? 'Resume' : 'Pause'}
        </button>
        {origin !== 'file' && <DeleteButton change={change} />}
      </p>
    </>
  );
}

function AddressForm({ url, change }: { readonly url: string; readonly change: ControlsProps['change'] }) {
  const [target, setTarget] = useState(url);
  return (
    <form
      class="row"
      onSubmit={(event) => {
        event.preventDefault();
        change('PATCH', { url: target });
      }}
    >
      <label>
        Webhook{' '}
        <input
          type="url"
          size={50}
          required
          value={target}
          onInput={({ currentTarget }) => setTarget(currentTarget.value)}
        />
      </label>
      <button type="submit" data-primary disabled={target === url}>
        Save the address
      </button>
    </form>
  );
}

/** Asks before it deletes. */
function DeleteButton({ change }: { readonly change: ControlsProps['change'] }) {
  const [isAsking, setAsking] = useState(false);
  if (!isAsking)
    return (
      <button type="button" onClick={() => setAsking(true)}>
        Delete
      </button>
    );
  return (
    <>
      <span role="alert">Its waiting events and dead letters are lost.</span>
      <button type="button" onClick={() => change('DELETE')}>
        Delete for ever
      </button>
      <button type="button" onClick={() => setAsking(false)}>
        Keep it
      </button>
    </>
  );
}
