import { CopyBar, quote, toCurl, toProgram } from '../copies.tsx';
import { query, setQuery } from '../location.ts';
import { Page, ProblemBox } from '../page.tsx';
import type { PageParameters } from '../page-parameters.ts';
import { part, useResource } from '../rest.ts';
import { useResources } from './row-action.ts';
import { SandboxLinks } from './sandbox-links.tsx';

interface TableOption {
  readonly value: string;
  readonly label: string;
}

/** The tables of a sandbox: those that our actions know by name, and all of the organization. */
export default function Tables({ parameters: { connection = '' } }: { readonly parameters: PageParameters }) {
  const lists = `/v1/connections/${part(connection)}/lists/tables`;
  const { data, problem } = useResource<{ options: readonly TableOption[] }>(lists);
  const resources = useResources();
  const search = query.value.get('search') ?? '';
  const matches = (text: string) => text.toLowerCase().includes(search.toLowerCase());
  const rowsOf = (table: string) => `/console/sandbox/${part(connection)}/rows/${part(table)}`;
  return (
    <Page title={`Tables of ${connection}`}>
      <SandboxLinks connection={connection} />
      <ProblemBox problem={problem} />
      <label>
        Search{' '}
        <input
          type="search"
          value={search}
          onInput={({ currentTarget }) => setQuery('search', currentTarget.value)}
        />
      </label>
      <h2>With actions of their own</h2>
      <ul class="columns">
        {resources.filter(matches).map((name) => (
          <li key={name}>
            <a data-row href={rowsOf(name)}>
              {name}
            </a>
          </li>
        ))}
      </ul>
      <h2>All tables of the organization</h2>
      <ul class="columns">
        {data?.options
          .filter(({ value, label }) => matches(`${label} ${value}`))
          .map(({ value, label }) => (
            <li key={value}>
              <a data-row href={rowsOf(value)}>
                {value}
              </a>{' '}
              {label}
            </li>
          ))}
      </ul>
      <CopyBar
        copies={{
          command: `d365 metadata pull --all --out tables.jsonl --connection ${quote(connection)}`,
          curl: toCurl('GET', lists),
          typescript: toProgram(connection, 'console.log(await client.metadata.listTables());'),
        }}
      />
    </Page>
  );
}
