import { useState } from 'preact/hooks';
import { CodeBlock } from './page.tsx';

/** What a screen shows or does, for other places: a terminal, a script, a program. */
export interface Copies {
  readonly command: string;
  readonly curl: string;
  readonly typescript: string;
}

const labels = { command: 'd365', curl: 'curl', typescript: 'TypeScript' } as const;
type Form = keyof typeof labels;

/** Buttons that copy what a screen shows as a command, as curl and as TypeScript. The text is shown as well. */
export function CopyBar({ copies, of = 'this screen' }: { readonly copies: Copies; readonly of?: string }) {
  const [form, setForm] = useState<Form>();
  const [isCopied, setCopied] = useState(false);
  const copy = async (next: Form) => {
    setForm(next);
    // A browser may refuse: the text is on the screen then.
    await navigator.clipboard.writeText(copies[next]).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <section class="copies" aria-label={`Copy ${of}`}>
      <span>Copy {of} as</span>
      {(Object.keys(labels) as Form[]).map((each) => (
        <button type="button" key={each} aria-expanded={each === form} onClick={() => copy(each)}>
          {labels[each]}
        </button>
      ))}
      {form !== undefined && (
        <>
          <button type="button" onClick={() => setForm(undefined)}>
            Close
          </button>
          <span role="status">{isCopied ? 'Copied.' : 'Select the text to copy it.'}</span>
          <CodeBlock label={`${of} as ${labels[form]}`}>{copies[form]}</CodeBlock>
        </>
      )}
    </section>
  );
}

/** A text in single quotes for a shell of POSIX. */
export const quote = (text: string) =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

/** A request to the service with curl. The key is in the variable KEY. */
export function toCurl(method: string, path: string, body?: unknown): string {
  const verb = method === (body === undefined ? 'GET' : 'POST') ? '' : ` -X ${method}`;
  const data = body === undefined ? '' : ` \\\n  -d ${quote(JSON.stringify(body))}`;
  return `curl${verb} -H "Authorization: Bearer $KEY" ${quote(`${window.location.origin}${path}`)}${data}`;
}

/** A request to the service with fetch. */
export function toFetch(method: string, path: string, body?: unknown): string {
  const data = body === undefined ? '' : `\n  body: JSON.stringify(${JSON.stringify(body)}),`;
  const verb = method === 'GET' ? '' : `\n  method: '${method}',`;
  return [
    `const response = await fetch('${window.location.origin}${path}', {${verb}`,
    `  headers: { authorization: \`Bearer \${process.env.KEY}\` },${data}`,
    '});',
    'if (!response.ok) throw new Error(await response.text());',
    'console.log(await response.text());',
  ].join('\n');
}

/** A call of the connector in a program, which has opened a connection that `d365 connect` saved. */
export function toProgram(connection: string, lines: string): string {
  return [
    "import { loadConnector } from 'dynamics365-connector';",
    "import { openConnectionStore } from 'dynamics365-connector/node';",
    '',
    'const connections = await openConnectionStore();',
    `const { saved, credential, options } = await connections.open('${connection}');`,
    'const connector = await loadConnector({ store: connections.store });',
    'const client = connector.connect(saved.settings, credential, options);',
    lines,
  ].join('\n');
}
