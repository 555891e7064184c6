import { useState } from 'preact/hooks';
import { CopyBar, toCurl, toFetch } from '../copies.tsx';
import { formatDuration, Page, ProblemBox, TableHead } from '../page.tsx';
import { type Problem, send, toProblem, useResource } from '../rest.ts';

interface MirrorTable {
  readonly table: string;
  readonly phase: string;
  readonly rows: number;
  readonly expected?: number;
  readonly readAgoMs: number;
  readonly comparedAgoMs?: number;
  readonly isListed: boolean;
  readonly notes: readonly string[];
  readonly goneColumns: readonly string[];
}

interface Mirror {
  readonly state: string;
  readonly reason?: string;
  readonly tables: readonly MirrorTable[];
}

interface Differences {
  readonly table: string;
  readonly compared: number;
  readonly missing: number;
  readonly extra: number;
  readonly wrong: number;
}

type Comparison =
  | { readonly state: 'running' }
  | { readonly state: 'done'; readonly tables: readonly Differences[] }
  | { readonly state: 'failed'; readonly problem: Problem };

const refreshMs = 2000;
/** Older changes mean that the mirror fails, or that the organization does not answer. */
const maxReadAgoMs = 15 * 60_000;

/** The mirror that the service runs: rows, age and state of each table, and its comparison with the organization. */
export default function MirrorPage() {
  const { data, problem } = useResource<Mirror>('/v1/mirror', refreshMs);
  const [comparison, setComparison] = useState<Comparison>();
  const verify = async () => {
    setComparison({ state: 'running' });
    await send<{ tables: readonly Differences[] }>('POST', '/v1/mirror/verify', {}).then(
      ({ tables }) => setComparison({ state: 'done', tables }),
      (error) => setComparison({ state: 'failed', problem: toProblem(error) }),
    );
  };
  const isBusy = comparison?.state === 'running';
  const actions = (
    <button type="button" disabled={isBusy} onClick={verify}>
      Compare with the organization
    </button>
  );
  return (
    <Page title="Mirror" actions={actions}>
      <ProblemBox problem={problem} />
      {data !== undefined && <State mirror={data} />}
      <ComparisonResult comparison={comparison} />
      {data !== undefined && <Tables tables={data.tables} />}
      <CopyBar
        copies={{
          command: 'd365 mirror status',
          curl: `${toCurl('GET', '/v1/mirror')}\n${toCurl('POST', '/v1/mirror/verify')}`,
          typescript: toFetch('GET', '/v1/mirror'),
        }}
      />
    </Page>
  );
}

function State({ mirror: { state, reason } }: { readonly mirror: Mirror }) {
  const tone = state === 'running' ? 'good' : state === 'failed' ? 'bad' : '';
  return (
    <p>
      <span class={`state ${tone}`}>{state}</span> {reason}
    </p>
  );
}

function ComparisonResult({ comparison }: { readonly comparison: Comparison | undefined }) {
  if (comparison === undefined) return null;
  return (
    <div role="status">
      {comparison.state === 'running' && 'Comparing keys, versions and stored rows …'}
      {comparison.state === 'failed' && <ProblemBox problem={comparison.problem} />}
      {comparison.state === 'done' && (
        <ul>
          {comparison.tables.map(({ table, compared, missing, extra, wrong }) => (
            <li key={table}>
              {`${table}: ${compared} rows compared, ${missing} missing, ${extra} extra, ${wrong} wrong`}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Tables({ tables }: { readonly tables: readonly MirrorTable[] }) {
  if (tables.length === 0) return <p>No table has been read yet.</p>;
  return (
    <div class="scroll">
      <table>
        <caption class="hidden">Tables of the mirror</caption>
        <TableHead names={['Table', 'State', 'Rows', 'Changes read', 'Keys compared', 'Notes']} />
        <tbody>
          {tables.map(({ table, rows, expected, readAgoMs, comparedAgoMs, notes, goneColumns, ...state }) => (
            <tr key={table}>
              <th scope="row">{table}</th>
              <td>
                <span class={`state ${toneOf({ ...state, readAgoMs })}`}>{state.phase}</span>
              </td>
              <td>
                {state.phase === 'load' && expected !== undefined ? `${rows} of about ${expected}` : rows}
              </td>
              <td>{`${formatDuration(readAgoMs)} ago`}</td>
              <td>{comparedAgoMs === undefined ? '-' : `${formatDuration(comparedAgoMs)} ago`}</td>
              <td>
                {notes.join(' ')}
                {goneColumns.length > 0 && ` No longer mirrored: ${goneColumns.join(', ')}.`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function toneOf({
  isListed,
  phase,
  readAgoMs,
}: Pick<MirrorTable, 'isListed' | 'phase' | 'readAgoMs'>): string {
  if (!isListed) return '';
  return phase === 'follow' && readAgoMs < maxReadAgoMs ? 'good' : 'bad';
}
