import { useEffect, useState } from 'preact/hooks';
import { CopyBar } from '../copies.tsx';
import { query, setQuery } from '../location.ts';
import { Page, ProblemBox, TableHead } from '../page.tsx';
import type { PageParameters } from '../page-parameters.ts';
import { type Problem, part, toProblem } from '../rest.ts';
import { cellText, columnsOf } from './cell.ts';
import { copiesOfRun, type Row, rowAction, runAction, useResources } from './row-action.ts';
import { SandboxLinks } from './sandbox-links.tsx';
import { TriggerWatch } from './trigger-watch.tsx';

const maxRows = 50;
const typingPauseMs = 250;

/** The newest rows of a table, or those that a text or a filter finds; beside them, what its triggers report. */
export default function Rows({
  parameters: { connection = '', table = '' },
}: {
  readonly parameters: PageParameters;
}) {
  const resources = useResources();
  const isNamed = resources.includes(table);
  const isReady = resources.length > 0;
  const search = query.value.get('search') ?? '';
  const listing = rowAction(isNamed, table, 'list', {
    limit: maxRows,
    ...(search === '' ? {} : isNamed ? { search } : { filter: search }),
  });
  const [rows, setRows] = useState<readonly Row[]>();
  const [problem, setProblem] = useState<Problem>();
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (!isReady) return undefined;
    let isCurrent = true;
    const timer = setTimeout(() => {
      runAction<readonly Row[]>(connection, listing).then(
        (found) => {
          if (!isCurrent) return;
          setRows(found);
          setProblem(undefined);
        },
        (error) => isCurrent && setProblem(toProblem(error)),
      );
    }, typingPauseMs);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [connection, table, search, isReady, turn]);
  const base = `/console/sandbox/${part(connection)}/rows/${part(table)}`;
  return (
    <Page
      title={`Rows of ${table}`}
      actions={<a href={`${base}/new${window.location.search}`}>{`New ${table}`}</a>}
    >
      <SandboxLinks connection={connection} />
      <div class="row">
        <label>
          {isNamed ? 'Search' : 'Filter (OData)'}{' '}
          <input
            type="search"
            size={40}
            value={search}
            placeholder={isNamed ? 'a text' : "contains(name, 'Contoso')"}
            onInput={({ currentTarget }) => setQuery('search', currentTarget.value)}
          />
        </label>
        <button type="button" onClick={() => setTurn(turn + 1)}>
          Read again
        </button>
      </div>
      <ProblemBox problem={problem} />
      {isNamed && <TriggerWatch connection={connection} table={table} />}
      {rows !== undefined && <RowTable base={base} table={table} rows={rows} />}
      <CopyBar copies={copiesOfRun(connection, listing)} of="this list" />
    </Page>
  );
}

interface RowTableProps {
  readonly base: string;
  readonly table: string;
  readonly rows: readonly Row[];
}

function RowTable({ base, table, rows }: RowTableProps) {
  if (rows.length === 0) return <p>There are no rows.</p>;
  const columns = columnsOf(rows);
  return (
    <div class="scroll">
      <table>
        <caption class="hidden">{`Rows of ${table}`}</caption>
        <TableHead names={columns} />
        <tbody>
          {rows.map((row) => (
            <tr key={String(row.id)}>
              {columns.map((name, index) => (
                <td key={name}>
                  {index === 0 ? (
                    <a data-row href={`${base}/${row.id}`}>
                      {cellText(row[name]) || String(row.id)}
                    </a>
                  ) : (
                    cellText(row[name])
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
