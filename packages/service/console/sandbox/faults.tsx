import { useState } from 'preact/hooks';
import { type Copies, CopyBar, quote } from '../copies.tsx';
import { Page, ProblemBox } from '../page.tsx';
import type { PageParameters } from '../page-parameters.ts';
import { type Problem, part, send, toProblem } from '../rest.ts';
import { SandboxLinks } from './sandbox-links.tsx';

/** What each kind of fault does, and the number that it takes. */
const kinds: Readonly<
  Record<string, { readonly does: string; readonly number?: string; readonly usual?: number }>
> = {
  status: { does: 'answers with a status', number: 'status', usual: 429 },
  delay: { does: 'waits, then answers', number: 'ms', usual: 2000 },
  html: { does: 'answers with an HTML page', number: 'status', usual: 200 },
  'reset-before': { does: 'resets the connection; the request is not executed' },
  reset: { does: 'resets the connection; the request is executed', number: 'atByte', usual: 0 },
  'no-response': { does: 'never answers' },
  truncate: { does: 'ends the body early', number: 'bodyBytes', usual: 10 },
  trickle: { does: 'answers slowly', number: 'bytesPerSecond', usual: 200 },
  'late-commit': { does: 'shows what the request writes later', number: 'ms', usual: 5000 },
};

const hourMs = 3_600_000;

/** Faults of the next requests, and the clock of the sandbox. */
export default function Faults({ parameters: { connection = '' } }: { readonly parameters: PageParameters }) {
  const base = `/console/api/sandboxes/${part(connection)}`;
  const [problem, setProblem] = useState<Problem>();
  const [notice, setNotice] = useState('');
  const command = async (name: string, body: object, done: (answer: unknown) => string) => {
    await send<unknown>('POST', `${base}/${name}`, body).then(
      (answer) => {
        setProblem(undefined);
        setNotice(done(answer));
      },
      (error) => setProblem(toProblem(error)),
    );
  };
  return (
    <Page title={`Faults and clock of ${connection}`}>
      <SandboxLinks connection={connection} />
      <ProblemBox problem={problem} />
      <p role="status">{notice}</p>
      <FaultForm command={command} />
      <Clock command={command} />
      <h2>Everything</h2>
      <p class="row">
        <button
          type="button"
          onClick={() => command('expire-delta-tokens', {}, () => 'All delta links are expired.')}
        >
          Expire the delta links
        </button>
        <button type="button" onClick={() => command('reset', {}, () => 'The organization is a new one.')}>
          Reset the organization to its first rows
        </button>
      </p>
    </Page>
  );
}

interface FaultCommand {
  readonly command: (name: string, body: object, done: (answer: unknown) => string) => Promise<void>;
}

function FaultForm({ command }: FaultCommand) {
  const [form, setForm] = useState({ kind: 'status', number: '429', path: '', method: '', times: '1' });
  const { number } = kinds[form.kind] ?? {};
  const change = (name: keyof typeof form) => (event: { currentTarget: { value: string } }) =>
    setForm({ ...form, [name]: event.currentTarget.value });
  const body = {
    kind: form.kind,
    ...(number === undefined ? {} : { [number]: Number(form.number) }),
    path: form.path || undefined,
    method: form.method || undefined,
    times: form.times === 'all' ? 'all' : Number(form.times),
  };
  return (
    <>
      <h2>Faults of the next requests</h2>
      <form
        class="fields"
        onSubmit={(event) => {
          event.preventDefault();
          command('faults', body, () => 'The fault waits for its request.');
        }}
      >
        <label for="kind">Fault</label>
        <select
          id="kind"
          value={form.kind}
          onChange={({ currentTarget: { value: kind } }) =>
            setForm({ ...form, kind, number: String(kinds[kind]?.usual ?? '') })
          }
        >
          {Object.entries(kinds).map(([kind, { does }]) => (
            <option key={kind} value={kind}>{`${kind}: ${does}`}</option>
          ))}
        </select>
        {number !== undefined && (
          <>
            <label for="number">{number}</label>
            <input id="number" type="number" required value={form.number} onInput={change('number')} />
          </>
        )}
        <label for="path">Path contains</label>
        <input id="path" placeholder="/incidents" value={form.path} onInput={change('path')} />
        <label for="method">Method</label>
        <select id="method" value={form.method} onChange={change('method')}>
          <option value="">any</option>
          {['GET', 'POST', 'PATCH', 'PUT', 'DELETE'].map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
        <label for="times">Requests</label>
        <input
          id="times"
          pattern="[1-9]\d{0,5}|all"
          title="a number, or all"
          value={form.times}
          onInput={change('times')}
        />
        <button type="submit" data-primary>
          Inject
        </button>
      </form>
      <p>
        <button type="button" onClick={() => command('clear-faults', {}, () => 'No fault waits.')}>
          Remove the faults that wait
        </button>
      </p>
      <CopyBar
        of="this fault"
        copies={copiesOf('faults', body, `organization.faults.add(${JSON.stringify(body)});`)}
      />
    </>
  );
}

function Clock({ command }: FaultCommand) {
  const [hours, setHours] = useState('24');
  const body = { advanceMs: Number(hours) * hourMs };
  return (
    <>
      <h2>Clock</h2>
      <form
        class="row"
        onSubmit={(event) => {
          event.preventDefault();
          command('clock', body, (answer) => `The clock is moved: ${JSON.stringify(answer)}`);
        }}
      >
        <label>
          Hours{' '}
          <input
            type="number"
            min="0"
            step="any"
            required
            value={hours}
            onInput={({ currentTarget }) => setHours(currentTarget.value)}
          />
        </label>
        <button type="submit">Move the clock forward</button>
      </form>
      <CopyBar of="this move" copies={copiesOf('clock', body, `sandbox.clock.advance(${body.advanceMs});`)} />
    </>
  );
}

/** Control routes belong to the sandbox itself, so there is no `d365` command for them. */
function copiesOf(name: string, body: object, call: string): Copies {
  const curl = `curl -X POST "$ORG_URL/__sandbox/${name}" -H 'content-type: application/json' -d ${quote(JSON.stringify(body))}`;
  return {
    command: `# ORG_URL is the address of the sandbox, which this prints:\nd365 connections\n${curl}`,
    curl,
    typescript: [
      "import { createSandbox } from 'dynamics365-connector-sandbox';",
      '',
      'const sandbox = await createSandbox();',
      'const { organization } = sandbox;',
      call,
    ].join('\n'),
  };
}
