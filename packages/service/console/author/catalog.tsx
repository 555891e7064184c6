import { useEffect, useState } from 'preact/hooks';
import { useAbout } from '../about.ts';
import { CopyBar, quote, toCurl } from '../copies.tsx';
import { query, setQuery } from '../location.ts';
import { Page, ProblemBox } from '../page.tsx';
import { type Problem, part, send, toProblem, useResource } from '../rest.ts';

interface FoundOperation {
  readonly kind: 'action' | 'trigger';
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly file: string;
  /** The connector that has it; null: the author's own. */
  readonly from: string | null;
}

const typingPauseMs = 150;
const maxShown = 60;

/** The operations of the author's connector and of those that it extends, found by everyday words; and the own files. */
export default function Catalog() {
  const { author } = useAbout();
  const files = useResource<{ files: readonly string[] }>('/console/api/author/files');
  const search = query.value.get('search') ?? '';
  const { found, problem } = useSearch(search);
  const folder = author?.folder ?? '';
  return (
    <Page title="Author" actions={<a href="/console/author/new">New file</a>}>
      <p class="faint">{`Your connector: ${folder}`}</p>
      <h2>Your files</h2>
      <ul class="columns">
        {files.data?.files.map((file) => (
          <li key={file}>
            <a data-row href={`/console/author/files/${part(file)}`}>
              {file}
            </a>
          </li>
        ))}
      </ul>
      <h2>Actions and triggers</h2>
      <label>
        Search{' '}
        <input
          type="search"
          size={40}
          placeholder="close a ticket"
          value={search}
          onInput={({ currentTarget }) => setQuery('search', currentTarget.value)}
        />
      </label>
      <ProblemBox problem={files.problem ?? problem} />
      <ul class="plain" aria-label="Operations">
        {found.slice(0, maxShown).map((each) => (
          <li key={each.id}>
            <a data-row href={addressOf(each)}>
              {each.id}
            </a>{' '}
            <b>{each.title}</b> {each.description}{' '}
            <span class="faint">{each.from === null ? each.file : `${each.kind} of ${each.from}`}</span>
          </li>
        ))}
      </ul>
      {found.length > maxShown && (
        <p class="faint">{`and ${found.length - maxShown} more: search for them`}</p>
      )}
      <CopyBar
        copies={{
          command: `d365 describe --manifest ${quote(folder)}`,
          curl: toCurl('GET', '/v1/actions'),
          typescript: [
            "import { loadConnector } from 'dynamics365-connector';",
            '',
            `const connector = await loadConnector({ manifest: ${JSON.stringify(folder)} });`,
            'console.log(connector.describe());',
          ].join('\n'),
        }}
      />
    </Page>
  );
}

function useSearch(search: string) {
  const [found, setFound] = useState<readonly FoundOperation[]>([]);
  const [problem, setProblem] = useState<Problem>();
  useEffect(() => {
    let isCurrent = true;
    const timer = setTimeout(() => {
      const path = `/console/api/author/operations?search=${encodeURIComponent(search)}`;
      send<{ operations: readonly FoundOperation[] }>('GET', path).then(
        ({ operations }) => {
          if (!isCurrent) return;
          setFound(operations);
          setProblem(undefined);
        },
        (error) => isCurrent && setProblem(toProblem(error)),
      );
    }, typingPauseMs);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [search]);
  return { found, problem };
}

/** An own operation with a file of its own is edited; any other one is shown. */
function addressOf({ from, file, id }: FoundOperation): string {
  const isEdited = from === null && !/\/_\./.test(file);
  return isEdited ? `/console/author/files/${part(file)}` : `/console/author/operations/${part(id)}`;
}
