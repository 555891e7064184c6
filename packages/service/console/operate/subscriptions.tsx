import { CopyBar, toCurl, toFetch } from '../copies.tsx';
import { query, setQuery } from '../location.ts';
import { formatDuration, Page, ProblemBox, TableHead } from '../page.tsx';
import { useResource } from '../rest.ts';
import { needsAttention, type Subscription, toneOf } from './subscription.ts';

const refreshMs = 2000;

/** All subscriptions: first, by name, what a person should look at. */
export default function Subscriptions() {
  const { data, problem } = useResource<{ subscriptions: readonly Subscription[] }>(
    '/v1/subscriptions',
    refreshMs,
  );
  const all = data?.subscriptions ?? [];
  const search = query.value.get('search') ?? '';
  const state = query.value.get('state') ?? '';
  const shown = all.filter(
    (each) =>
      (state === '' || each.state === state) &&
      `${each.id} ${each.trigger} ${each.connection} ${each.url}`.includes(search),
  );
  return (
    <Page title="Subscriptions" actions={<a href="/console/subscriptions/new">New subscription</a>}>
      <ProblemBox problem={problem} />
      <Attention subscriptions={all.filter(needsAttention)} />
      <div class="row">
        <label>
          Search{' '}
          <input
            type="search"
            value={search}
            onInput={({ currentTarget }) => setQuery('search', currentTarget.value)}
          />
        </label>
        <label>
          State{' '}
          <select value={state} onChange={({ currentTarget }) => setQuery('state', currentTarget.value)}>
            <option value="">all</option>
            {['active', 'baselining', 'rewound', 'failing', 'stalled', 'paused', 'inactive'].map((each) => (
              <option key={each} value={each}>
                {each}
              </option>
            ))}
          </select>
        </label>
      </div>
      {data !== undefined && <SubscriptionTable subscriptions={shown} />}
      <CopyBar
        copies={{
          command: 'd365 worker status',
          curl: toCurl('GET', '/v1/subscriptions'),
          typescript: toFetch('GET', '/v1/subscriptions'),
        }}
      />
    </Page>
  );
}

function Attention({ subscriptions }: { readonly subscriptions: readonly Subscription[] }) {
  if (subscriptions.length === 0) return null;
  return (
    <section class="problem" aria-label="Needs attention">
      <p>
        <strong>{subscriptions.length} of them need attention</strong>
      </p>
      <ul>
        {subscriptions.map(({ id, trigger, state, reason, dead = 0 }) => (
          <li key={id}>
            <a href={`/console/subscriptions/${id}`}>{`${trigger} ${id}`}</a>{' '}
            {state !== 'active' && `${state}: ${reason ?? ''} `}
            {dead > 0 && `${dead} ${dead === 1 ? 'dead letter' : 'dead letters'}`}
          </li>
        ))}
      </ul>
    </section>
  );
}

function SubscriptionTable({ subscriptions }: { readonly subscriptions: readonly Subscription[] }) {
  if (subscriptions.length === 0) return <p>There are none here.</p>;
  return (
    <div class="scroll">
      <table>
        <caption class="hidden">Subscriptions</caption>
        <TableHead
          names={['Subscription', 'Connection', 'State', 'Next poll', 'Delivered', 'Waiting', 'Dead']}
        />
        <tbody>
          {subscriptions.map((each) => (
            <tr key={each.id}>
              <th scope="row">
                <a data-row href={`/console/subscriptions/${each.id}`}>
                  {each.trigger}
                </a>
                <div class="faint">{each.id}</div>
              </th>
              <td>{each.connection}</td>
              <td>
                <span class={`state ${toneOf(each.state)}`}>{each.state ?? 'new'}</span>
              </td>
              <td>
                <NextPoll subscription={each} />
              </td>
              <td>{each.delivered ?? 0}</td>
              <td>{each.waiting ?? 0}</td>
              <td>{each.dead ?? 0}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A poll is late when it should have begun a second ago: the worker looks for due polls all the time. */
const lateMs = -1000;

export function NextPoll({ subscription: { dueInMs } }: { readonly subscription: Subscription }) {
  if (dueInMs === undefined) return <>-</>;
  if (dueInMs < lateMs) return <span class="bad">{formatDuration(-dueInMs)} late</span>;
  return <>{dueInMs <= 0 ? 'now' : `in ${formatDuration(dueInMs)}`}</>;
}
