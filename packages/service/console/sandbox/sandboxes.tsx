import { useEffect } from 'preact/hooks';
import { CopyBar } from '../copies.tsx';
import { navigate, query } from '../location.ts';
import { Page, ProblemBox } from '../page.tsx';
import { useResource } from '../rest.ts';

interface Sandboxes {
  readonly sandboxes: readonly { readonly name: string; readonly orgUrl: string }[];
}

/** The sandboxes of this machine. If there is one, its page opens. */
export default function SandboxList() {
  const { data, problem } = useResource<Sandboxes>('/console/api/sandboxes');
  const only = data?.sandboxes.length === 1 ? data.sandboxes[0] : undefined;
  useEffect(() => {
    if (only !== undefined && !query.value.has('all')) navigate(`/sandbox/${encodeURIComponent(only.name)}`);
  }, [only]);
  return (
    <Page title="Sandboxes">
      <ProblemBox problem={problem} />
      {data?.sandboxes.length === 0 && (
        <p>
          There is none. <code>d365 sandbox</code> starts one, and <code>d365 console --sandbox</code> starts
          both.
        </p>
      )}
      <ul>
        {data?.sandboxes.map(({ name, orgUrl }) => (
          <li key={name}>
            <a data-row href={`/console/sandbox/${encodeURIComponent(name)}`}>
              {name}
            </a>{' '}
            {orgUrl}
          </li>
        ))}
      </ul>
      <CopyBar
        copies={{
          command: 'd365 sandbox',
          curl: 'npx dynamics365-connector-cli sandbox --json',
          typescript: [
            "import { createSandbox } from 'dynamics365-connector-sandbox';",
            '',
            'const sandbox = await createSandbox();',
            'console.log(sandbox.organization.origin);',
          ].join('\n'),
        }}
      />
    </Page>
  );
}
