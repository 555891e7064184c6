import { useState } from 'preact/hooks';
import { CopyBar, toCurl, toFetch, toProgram } from '../copies.tsx';
import { JsonView, Page, ProblemBox } from '../page.tsx';
import { type Problem, send, toProblem, useResource } from '../rest.ts';
import type { Subscription } from './subscription.ts';

const address = '/v1/subscriptions';

/** A form that creates a subscription. Its secret is shown once. */
export default function NewSubscription() {
  const connections = useResource<{ connections: readonly { name: string }[] }>('/v1/connections').data;
  const triggers = useResource<{ triggers: readonly { id: string; title: string }[] }>('/v1/triggers').data;
  const [form, setForm] = useState({
    connection: '',
    trigger: 'case.created',
    url: '',
    every: '30s',
    params: '{}',
  });
  const [created, setCreated] = useState<Subscription>();
  const [problem, setProblem] = useState<Problem>();
  const names = connections?.connections.map(({ name }) => name) ?? [];
  const connection = form.connection || (names[0] ?? '');
  const body = { ...form, connection, params: parseObject(form.params) ?? {} };
  const change = (name: keyof typeof form) => (event: { currentTarget: { value: string } }) =>
    setForm({ ...form, [name]: event.currentTarget.value });
  const create = async (event: Event) => {
    event.preventDefault();
    if (parseObject(form.params) === undefined) return setProblem(paramsProblem);
    await send<Subscription>('POST', address, body).then(
      (answer) => {
        setProblem(undefined);
        setCreated(answer);
      },
      (error) => setProblem(toProblem(error)),
    );
  };
  if (created !== undefined) return <Created subscription={created} />;
  return (
    <Page title="New subscription">
      <ProblemBox problem={problem} />
      <form class="fields" onSubmit={create}>
        <label for="connection">Connection</label>
        <select id="connection" value={connection} onChange={change('connection')}>
          {names.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
        <label for="trigger">Trigger</label>
        <select id="trigger" value={form.trigger} onChange={change('trigger')}>
          {triggers?.triggers.map(({ id, title }) => (
            <option key={id} value={id}>{`${id}: ${title}`}</option>
          ))}
        </select>
        <label for="url">Webhook</label>
        <input
          id="url"
          type="url"
          required
          placeholder="https://example.com/hook"
          value={form.url}
          onInput={change('url')}
        />
        <label for="every">Poll every</label>
        <input
          id="every"
          pattern="\d{1,5}[smh]"
          title="30s, 5m or 1h"
          value={form.every}
          onInput={change('every')}
        />
        <label for="params">Parameters (JSON)</label>
        <textarea id="params" rows={4} value={form.params} onInput={change('params')} />
        <button type="submit" data-primary>
          Create
        </button>
      </form>
      <CopyBar
        of="this subscription"
        copies={{
          command: toWorkerFile(body),
          curl: toCurl('POST', address, body),
          typescript: `${toFetch('POST', address, body)}\n\n// Or without the service, one poll at a time:\n${toProgram(
            connection,
            `const { items, checkpoint } = await client.poll('${form.trigger}', ${JSON.stringify(body.params)});\nconsole.log(items);`,
          )}`,
        }}
      />
    </Page>
  );
}

function Created({ subscription: { secret, ...subscription } }: { readonly subscription: Subscription }) {
  return (
    <Page title="The subscription is created">
      <p>
        This secret signs its webhooks (Standard Webhooks). It is not shown again: <code>{secret}</code>
      </p>
      <JsonView value={subscription} label="The subscription" />
      <p>
        <a href={`/console/subscriptions/${subscription.id}`}>Open it</a>
      </p>
    </Page>
  );
}

/** `d365 worker` runs the same subscription from a file. */
function toWorkerFile({
  trigger,
  connection,
  url,
  every,
  params,
}: Record<'trigger' | 'connection' | 'url' | 'every', string> & { readonly params: object }): string {
  const lines = [
    'connections:',
    `  organization: { saved: ${JSON.stringify(connection)} }`,
    'subscriptions:',
    `  ${trigger.replace('.', '-')}:`,
    '    connection: organization',
    `    trigger: ${trigger}`,
    `    params: ${JSON.stringify(params)}`,
    `    every: ${every}`,
    `    deliver: { webhook: { url: ${JSON.stringify(url)}, secret: { env: WEBHOOK_SECRET } } }`,
  ];
  return `export WEBHOOK_SECRET="whsec_$(openssl rand -base64 32)"
cat > worker.yaml <<'END'\n${lines.join('\n')}\nEND\nd365 worker --config worker.yaml`;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

const paramsProblem: Problem = {
  title: 'The parameters are not JSON',
  detail: 'The parameters are not a JSON object.',
  code: 'INPUT_INVALID',
  advice: 'Write an object such as { "priority": "high" }, or {}.',
};
