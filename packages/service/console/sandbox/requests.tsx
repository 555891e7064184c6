import { useCallback, useEffect, useState } from 'preact/hooks';
import { type Copies, CopyBar, quote } from '../copies.tsx';
import { query, setQuery } from '../location.ts';
import { JsonView, Page, ProblemBox } from '../page.tsx';
import type { PageParameters } from '../page-parameters.ts';
import { type Problem, part, send, toProblem, useEvery } from '../rest.ts';
import { copiesOfRun } from './row-action.ts';
import { SandboxLinks } from './sandbox-links.tsx';

interface Message {
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: number;
  readonly body?: string;
}

/** A request that the sandbox got, and its response. */
interface RecordedExchange {
  readonly number: number;
  readonly time: string;
  readonly milliseconds: number;
  readonly method: string;
  readonly path: string;
  readonly status?: number;
  readonly fault?: string;
  readonly request: Message;
  readonly response?: Message;
}

const refreshMs = 1000;
const maxKept = 1000;

/** The last 1,000 requests to a sandbox, the newest first, with what was sent and answered. */
export default function Requests({
  parameters: { connection = '' },
}: {
  readonly parameters: PageParameters;
}) {
  const base = `/console/api/sandboxes/${part(connection)}`;
  const { exchanges, problem, clear } = useExchanges(base);
  const search = query.value.get('search') ?? '';
  const open = Number(query.value.get('number'));
  const shown = exchanges.filter((each) =>
    `${each.method} ${decode(each.path)} ${each.status ?? ''} ${each.fault ?? ''}`.includes(search),
  );
  return (
    <Page title={`Requests to ${connection}`}>
      <SandboxLinks connection={connection} />
      <ProblemBox problem={problem} />
      <div class="row">
        <label>
          Search{' '}
          <input
            type="search"
            value={search}
            placeholder="PATCH, incidents, 429 …"
            onInput={({ currentTarget }) => setQuery('search', currentTarget.value)}
          />
        </label>
        <button type="button" onClick={clear}>
          Clear
        </button>
      </div>
      {shown.length === 0 && <p>There are none.</p>}
      <ul class="plain" aria-label="Requests">
        {shown.map((each) => (
          <li key={each.number}>
            <button
              type="button"
              class="line"
              data-row
              aria-expanded={open === each.number}
              onClick={() => setQuery('number', open === each.number ? '' : String(each.number))}
            >
              <span class={`state ${toneOf(each)}`}>{each.status ?? 'no response'}</span> <b>{each.method}</b>{' '}
              {decode(each.path)}{' '}
              <span class="faint">{`${each.milliseconds} ms${each.fault === undefined ? '' : `, fault: ${each.fault}`}`}</span>
            </button>
            {open === each.number && <ExchangeDetails connection={connection} exchange={each} />}
          </li>
        ))}
      </ul>
      <CopyBar copies={copiesOf(connection)} of="this log" />
    </Page>
  );
}

function useExchanges(base: string) {
  const [exchanges, setExchanges] = useState<readonly RecordedExchange[]>([]);
  const [problem, setProblem] = useState<Problem>();
  const after = exchanges[0]?.number ?? 0;
  const read = useCallback(() => {
    send<{ exchanges: readonly RecordedExchange[] }>('POST', `${base}/exchanges`, { after }).then(
      (answer) => {
        setProblem(undefined);
        if (answer.exchanges.length === 0) return;
        const newer = answer.exchanges.toReversed();
        setExchanges((before) => mergeExchanges(newer, before));
      },
      (error) => setProblem(toProblem(error)),
    );
  }, [base, after]);
  useEffect(read, [base]);
  useEvery(refreshMs, read);
  const clear = async () => {
    await send('POST', `${base}/clear-exchanges`, {}).catch((error) => setProblem(toProblem(error)));
    setExchanges([]);
  };
  return { exchanges, problem, clear };
}

/** Two readings can overlap when one of them is slow. */
function mergeExchanges(
  newer: readonly RecordedExchange[],
  before: readonly RecordedExchange[],
): readonly RecordedExchange[] {
  const known = new Set(newer.map(({ number }) => number));
  return [...newer, ...before.filter(({ number }) => !known.has(number))]
    .sort((a, b) => b.number - a.number)
    .slice(0, maxKept);
}

function ExchangeDetails({
  connection,
  exchange,
}: {
  readonly connection: string;
  readonly exchange: RecordedExchange;
}) {
  const { request, response, method, path, time, number } = exchange;
  return (
    <div class="card">
      <p class="faint">{`Request ${number} at ${time}`}</p>
      <MessageView name="Request" first={`${method} ${decode(path)}`} message={request} />
      {response !== undefined && (
        <MessageView name="Response" first={String(exchange.status)} message={response} />
      )}
      <CopyBar copies={copiesOfRequest(connection, exchange)} of="this request" />
    </div>
  );
}

interface MessageViewProps {
  readonly name: string;
  readonly first: string;
  readonly message: Message;
}

function MessageView({ name, first, message: { headers, body = '', bytes } }: MessageViewProps) {
  const lines = Object.entries(headers).map(([header, value]) => `${header}: ${value}`);
  const rest = bytes > body.length ? `\n… ${bytes} bytes in all` : '';
  return (
    <>
      <h2>{name}</h2>
      <JsonView label={name} value={`${[first, ...lines].join('\n')}\n\n${prettyBody(body)}${rest}`} />
    </>
  );
}

function prettyBody(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), undefined, 2);
  } catch {
    return body;
  }
}

function toneOf({ status, fault }: RecordedExchange): string {
  if (status === undefined || status >= 400) return 'bad';
  return fault === undefined ? 'good' : 'warn';
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path.replaceAll('+', ' '));
  } catch {
    return path;
  }
}

const copiesOf = (connection: string): Copies => ({
  command: `d365 run request.send --connection ${quote(connection)} --verbose --input '{"method":"GET","path":"/WhoAmI"}'`,
  curl: "curl -X POST \"$ORG_URL/__sandbox/exchanges\" -H 'content-type: application/json' -d '{}'",
  typescript: [
    "import { createSandbox } from 'dynamics365-connector-sandbox';",
    '',
    'const { organization } = await createSandbox();',
    'console.log(organization.exchanges.list());',
  ].join('\n'),
});

/** Headers that say what is wanted; the others belong to the connection. */
const chosenHeaders = /^(prefer|if-|mscrm|consistencylevel)/;

function copiesOfRequest(connection: string, exchange: RecordedExchange): Copies {
  const input = toRequestInput(exchange);
  return input === undefined ? rawCopies(exchange) : copiesOfRun(connection, { id: 'request.send', input });
}

/** The input of `request.send`; undefined for requests that it does not send, such as a batch. */
function toRequestInput({ method, path, request }: RecordedExchange): Record<string, unknown> | undefined {
  const [, address, search] = /^\/api\/data\/v[\d.]+(\/[^?]+)(?:\?(.*))?$/.exec(path) ?? [];
  const body = request.body === undefined || request.body === '' ? {} : parseObject(request.body);
  if (address === undefined || body === undefined || address === '/$batch') return undefined;
  const headers = Object.entries(request.headers).filter(([name]) => chosenHeaders.test(name));
  return {
    method,
    path: address,
    ...(search !== undefined && { query: Object.fromEntries(new URLSearchParams(search)) }),
    ...(headers.length > 0 && { headers: Object.fromEntries(headers) }),
    ...(Object.keys(body).length > 0 && { body }),
  };
}

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The request as it was sent. The address of the sandbox and a token are in variables. */
function rawCopies({ method, path, request: { headers, body } }: RecordedExchange): Copies {
  const sent = Object.entries(headers).filter(
    ([name]) => /^(accept|content-type|odata-)/.test(name) || chosenHeaders.test(name),
  );
  const head = sent.map(([name, value]) => ` \\\n  -H ${quote(`${name}: ${value}`)}`).join('');
  const data = body === undefined ? '' : ` \\\n  --data-binary ${quote(body)}`;
  const curl = `curl -X ${method} "$ORG_URL"${quote(path)} \\\n  -H "authorization: Bearer $TOKEN"${head}${data}`;
  const init = JSON.stringify({ method, headers: Object.fromEntries(sent), body }, undefined, 2);
  return {
    command: `# d365 sends no such request; ORG_URL is the address of the sandbox (d365 connections):\n${curl}`,
    curl,
    typescript: [
      `const request = ${init};`,
      `const response = await fetch(new URL(${JSON.stringify(path)}, process.env.ORG_URL), {`,
      '  ...request,',
      `  headers: { ...request.headers, authorization: \`Bearer \${process.env.TOKEN}\` },`,
      '});',
      'console.log(response.status, await response.text());',
    ].join('\n'),
  };
}
