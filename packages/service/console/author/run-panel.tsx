import { useEffect, useState } from 'preact/hooks';
import { CopyBar, quote, toProgram } from '../copies.tsx';
import { JsonView, ProblemBox } from '../page.tsx';
import { type Problem, part, send, toProblem, useResource } from '../rest.ts';
import { TestResults } from './test-results.tsx';

type Values = Readonly<Record<string, unknown>>;

interface RunAnswer {
  readonly id: string;
  readonly output?: unknown;
  readonly problem?: Problem;
  readonly exchanges: readonly {
    readonly method: string;
    readonly url: string;
    readonly status: number;
    readonly body: string;
  }[];
}

interface RunPanelProps {
  readonly action: string;
  readonly folder: string;
  /** An input that fits the action. */
  readonly example: Values | undefined;
  readonly destructive: boolean;
  /** Saves the open file first: what runs is what is saved. Resolves to false if that failed. */
  readonly save: () => Promise<boolean>;
  /** The file has a new test. */
  readonly onRecorded: (file: { readonly text: string; readonly hash: string }) => void;
  readonly onInput: (input: Values | undefined) => void;
}

/** Runs the action on a connection, shows what was sent and answered, and makes a contract test of it. */
export function RunPanel({ action, folder, example, destructive, save, onRecorded, onInput }: RunPanelProps) {
  const connections = useResource<{ connections: readonly { name: string; orgUrl: string }[] }>(
    '/v1/connections',
  ).data?.connections;
  const [chosen, setConnection] = useState('');
  const [text, setText] = useState<string>();
  const [answer, setAnswer] = useState<RunAnswer>();
  const [isConfirmed, setConfirmed] = useState(!destructive);
  const [state, setState] = useState<{ readonly notice?: string; readonly problem?: Problem }>({});
  const [tested, setTested] = useState(0);
  const connection = chosen || (connections?.find(isLocal) ?? connections?.[0])?.name || '';
  const inputText = text ?? JSON.stringify(example ?? {}, undefined, 2);
  const input = parseObject(inputText);
  useEffect(() => onInput(text === undefined ? undefined : input), [text]);
  const attempt = async (work: () => Promise<string | undefined>) => {
    setState({ notice: '…' });
    await work().then(
      (notice) => setState(notice === undefined ? {} : { notice }),
      (error) => setState({ problem: toProblem(error) }),
    );
  };
  const run = () =>
    attempt(async () => {
      setAnswer(undefined);
      if (!(await save())) return 'The file is not saved.';
      setAnswer(await send<RunAnswer>('POST', '/console/api/author/runs', { action, connection, input }));
      return undefined;
    });
  const record = () =>
    attempt(async () => {
      const name = `${action} ${answer?.problem === undefined ? 'succeeds' : `fails with ${answer.problem.code}`}`;
      const file = await send<{ text: string; hash: string; replaced: number }>(
        'POST',
        `/console/api/author/runs/${part(answer?.id ?? '')}/test`,
        { name },
      );
      onRecorded(file);
      setTested(tested + 1);
      return `The test "${name}" is in the file. ${file.replaced} personal values were replaced: read it before you commit it.`;
    });
  return (
    <section aria-labelledby="run-title">
      <h2 id="run-title">Run</h2>
      <p class="row">
        <label>
          On{' '}
          <select value={connection} onChange={({ currentTarget }) => setConnection(currentTarget.value)}>
            {connections?.map(({ name, orgUrl }) => (
              <option key={name} value={name}>{`${name} (${new URL(orgUrl).host})`}</option>
            ))}
          </select>
        </label>
        {destructive && (
          <label>
            <input
              type="checkbox"
              checked={isConfirmed}
              onChange={({ currentTarget }) => setConfirmed(currentTarget.checked)}
            />{' '}
            It deletes data, or cannot be undone
          </label>
        )}
      </p>
      <label for="run-input">Input (JSON)</label>
      <textarea
        id="run-input"
        class="wide"
        rows={5}
        aria-invalid={input === undefined}
        value={inputText}
        onInput={({ currentTarget }) => setText(currentTarget.value)}
      />
      <p class="row">
        <button
          type="button"
          data-primary
          disabled={input === undefined || connection === '' || !isConfirmed}
          onClick={run}
        >
          Run
        </button>
        {answer !== undefined && (
          <button type="button" onClick={record}>
            Save as contract test
          </button>
        )}
        <button
          type="button"
          onClick={() =>
            attempt(async () => {
              if (!(await save())) return 'The file is not saved.';
              setTested(tested + 1);
              return undefined;
            })
          }
        >
          Run the tests
        </button>
      </p>
      <p role="status">{state.notice}</p>
      <ProblemBox problem={state.problem} />
      {tested > 0 && <TestResults key={tested} pattern={action} />}
      {answer !== undefined && <RunResult answer={answer} />}
      <CopyBar
        of="this run"
        copies={{
          command: `d365 run ${action} --manifest ${quote(folder)} --connection ${quote(connection)} --input ${quote(JSON.stringify(input ?? {}))}`,
          curl: [
            `# d365 serve --manifest ${quote(folder)}`,
            `curl -H "Authorization: Bearer $KEY" ${quote(`http://127.0.0.1:9470/v1/connections/${part(connection)}/actions/${action}`)} \\`,
            `  -d ${quote(JSON.stringify(input ?? {}))}`,
          ].join('\n'),
          typescript: toProgram(
            connection,
            `const { output } = await client.run('${action}', ${JSON.stringify(input ?? {})});\nconsole.log(output);`,
          ).replace('loadConnector({', `loadConnector({ manifest: ${JSON.stringify(folder)},`),
        }}
      />
    </section>
  );
}

function RunResult({ answer: { output, problem, exchanges } }: { readonly answer: RunAnswer }) {
  return (
    <section aria-labelledby="answer-title">
      <h2 id="answer-title">Answer</h2>
      <ProblemBox problem={problem} />
      {problem === undefined && <JsonView value={output ?? null} label="Output" />}
      <h2>What was sent</h2>
      {exchanges.map(({ method, url, status, body }, index) => (
        <JsonView
          key={index}
          label={`Exchange ${index + 1}`}
          value={`${method} ${decodeURIComponent(url)}\n${status}\n${formatBody(body)}`}
        />
      ))}
    </section>
  );
}

function formatBody(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), undefined, 2);
  } catch {
    return body;
  }
}

const isLocal = ({ orgUrl }: { readonly orgUrl: string }) => /^http:/.test(orgUrl);

function parseObject(text: string): Values | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Values)
      : undefined;
  } catch {
    return undefined;
  }
}
