import { useState } from 'preact/hooks';
import { CopyBar, quote, toCurl } from '../copies.tsx';
import { JsonView, Page, ProblemBox, TableHead } from '../page.tsx';
import { type Problem, part, send, toProblem, useResource } from '../rest.ts';

interface Connection {
  readonly name: string;
  readonly kind: string;
  readonly orgUrl: string;
  readonly account?: { readonly name?: string } | string;
}

type Check =
  | { readonly state: 'running' }
  | { readonly state: 'works'; readonly result: Readonly<Record<string, unknown>> }
  | { readonly state: 'fails'; readonly problem: Problem };

/** All connections, each with its check. */
export default function Connections() {
  const { data, problem } = useResource<{ connections: readonly Connection[] }>('/v1/connections');
  const [checks, setChecks] = useState<Readonly<Record<string, Check>>>({});
  const check = async (name: string) => {
    const set = (state: Check) => setChecks((before) => ({ ...before, [name]: state }));
    set({ state: 'running' });
    await send<Record<string, unknown>>('POST', `/v1/connections/${part(name)}/check`).then(
      (result) => set({ state: 'works', result }),
      (error) => set({ state: 'fails', problem: toProblem(error) }),
    );
  };
  const connections = data?.connections ?? [];
  return (
    <Page title="Connections">
      <ProblemBox problem={problem} />
      {data !== undefined && connections.length === 0 && (
        <p>
          There is no connection. <code>d365 connect</code> saves one, <code>d365 console --sandbox</code>{' '}
          starts a sandbox with one.
        </p>
      )}
      {connections.length > 0 && (
        <table>
          <caption class="hidden">Connections</caption>
          <TableHead names={['Name', 'Organization', 'Signs in as', 'Check']} />
          <tbody>
            {connections.map(({ name, kind, orgUrl, account }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{orgUrl}</td>
                <td>{describeAccount(kind, account)}</td>
                <td>
                  <button type="button" data-row aria-label={`Check ${name}`} onClick={() => check(name)}>
                    Check
                  </button>
                  <CheckResult name={name} check={checks[name]} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <CopyBar copies={copiesOf(connections[0]?.name ?? 'contoso')} />
    </Page>
  );
}

function describeAccount(kind: string, account: Connection['account']): string {
  if (account === undefined) return kind === 'app' ? 'an app' : 'a user';
  return typeof account === 'string' ? account : (account.name ?? 'a user');
}

function CheckResult({ name, check }: { readonly name: string; readonly check: Check | undefined }) {
  if (check === undefined) return null;
  return (
    <div role="status">
      {check.state === 'running' && 'Checking …'}
      {check.state === 'works' && (
        <>
          <span class="state good">works</span>
          <JsonView value={check.result} label={`What ${name} answered`} />
        </>
      )}
      {check.state === 'fails' && (
        <>
          <span class="state bad">fails</span>
          <ProblemBox problem={check.problem} />
        </>
      )}
    </div>
  );
}

const copiesOf = (name: string) => ({
  command: `d365 connections\nd365 check-connection ${quote(name)}`,
  curl: `${toCurl('GET', '/v1/connections')}\n${toCurl('POST', `/v1/connections/${part(name)}/check`)}`,
  typescript: [
    "import { openConnectionStore } from 'dynamics365-connector/node';",
    '',
    'const connections = await openConnectionStore();',
    'console.log(await connections.list());',
  ].join('\n'),
});
