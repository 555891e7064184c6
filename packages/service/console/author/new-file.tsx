import { useState } from 'preact/hooks';
import { useAbout } from '../about.ts';
import { CopyBar, quote, toProgram } from '../copies.tsx';
import { navigate } from '../location.ts';
import { Page, ProblemBox } from '../page.tsx';
import { type Problem, part, send, toProblem, useResource } from '../rest.ts';

const api = '/console/api/author';

/** Forms for a new action, trigger or table, and for a table from the metadata of an organization. */
export default function NewFile() {
  const folder = useAbout().author?.folder ?? '';
  return (
    <Page title="New file">
      <Scaffold folder={folder} />
      <Learn folder={folder} />
    </Page>
  );
}

function Scaffold({ folder }: { readonly folder: string }) {
  const [form, setForm] = useState({ kind: 'action', name: '' });
  const [problem, setProblem] = useState<Problem>();
  const create = async (event: Event) => {
    event.preventDefault();
    await send<{ file: string }>('POST', `${api}/files`, form).then(
      ({ file }) => navigate(`/author/files/${part(file)}`),
      (error) => setProblem(toProblem(error)),
    );
  };
  return (
    <>
      <form class="fields" onSubmit={create}>
        <label for="kind">Kind</label>
        <select
          id="kind"
          value={form.kind}
          onChange={({ currentTarget }) => setForm({ ...form, kind: currentTarget.value })}
        >
          <option>action</option>
          <option>trigger</option>
          <option>table</option>
        </select>
        <label for="name">Name</label>
        <input
          id="name"
          required
          placeholder={form.kind === 'table' ? 'new_ticket' : 'case.escalate'}
          value={form.name}
          onInput={({ currentTarget }) => setForm({ ...form, name: currentTarget.value })}
        />
        <button type="submit" data-primary>
          Create the file
        </button>
      </form>
      <ProblemBox problem={problem} />
      <CopyBar
        of="the new file"
        copies={{
          command: `d365 new ${form.kind} ${form.name || 'case.escalate'} --manifest ${quote(folder)}`,
          curl: `# Files are written on this machine:\nd365 new ${form.kind} ${form.name || 'case.escalate'} --manifest ${quote(folder)}`,
          typescript: [
            "import { scaffoldFile } from 'dynamics365-connector/authoring';",
            "import { readManifest } from 'dynamics365-connector/node';",
            '',
            `const { packages } = await readManifest(${JSON.stringify(folder)});`,
            `console.log(scaffoldFile(packages, '${form.kind}', '${form.name || 'case.escalate'}').text);`,
          ].join('\n'),
        }}
      />
    </>
  );
}

function Learn({ folder }: { readonly folder: string }) {
  const connections = useResource<{ connections: readonly { name: string }[] }>('/v1/connections').data
    ?.connections;
  const [chosen, setConnection] = useState('');
  const [table, setTable] = useState('');
  const [result, setResult] = useState<{ readonly file?: string; readonly problem?: Problem }>({});
  const connection = chosen || (connections?.[0]?.name ?? '');
  const tables = useResource<{ options: readonly { value: string; label: string }[] }>(
    connection === '' ? undefined : `/v1/connections/${part(connection)}/lists/tables`,
  ).data?.options;
  const learn = async (event: Event) => {
    event.preventDefault();
    const answer = send<{ changes: readonly { readonly file: string }[] }>('POST', `${api}/tables`, {
      connection,
      table,
    });
    await answer.then(
      ({ changes }) => setResult({ file: changes[0]?.file ?? '' }),
      (error) => setResult({ problem: toProblem(error) }),
    );
  };
  const command = `d365 learn ${table || 'new_ticket'} --manifest ${quote(folder)} --connection ${quote(connection)}`;
  return (
    <>
      <h2>A table from the metadata of an organization</h2>
      <form class="fields" onSubmit={learn}>
        <label for="learn-connection">Connection</label>
        <select
          id="learn-connection"
          value={connection}
          onChange={({ currentTarget }) => setConnection(currentTarget.value)}
        >
          {connections?.map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </select>
        <label for="learn-table">Table</label>
        <input
          id="learn-table"
          required
          list="learn-tables"
          value={table}
          onInput={({ currentTarget }) => setTable(currentTarget.value)}
        />
        <datalist id="learn-tables">
          {tables?.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </datalist>
        <button type="submit">Write its file</button>
      </form>
      <p role="status">
        {result.file !== undefined && result.file !== '' && (
          <>
            Written: <a href={`/console/author/files/${part(result.file)}`}>{result.file}</a>
          </>
        )}
        {result.file === '' && 'The table has nothing that the files do not have.'}
      </p>
      <ProblemBox problem={result.problem} />
      <CopyBar
        of="this table"
        copies={{
          command,
          curl: `# Files are written on this machine:\n${command}`,
          typescript: toProgramOfLearn(connection, { folder, table: table || 'new_ticket' }),
        }}
      />
    </>
  );
}

/** Prints the file that `d365 learn` writes. */
function toProgramOfLearn(
  connection: string,
  { folder, table }: { readonly folder: string; readonly table: string },
): string {
  const lines = [
    `const { packages } = await readManifest(${JSON.stringify(folder)});`,
    'const summaries = await client.metadata.listTables();',
    `const table = await client.metadata.getTable(${JSON.stringify(table)});`,
    "if (table === undefined) throw new Error('There is no such table.');",
    'const { files } = learnTables({ packages, tables: [table], summaries, record: undefined });',
    `for (const [file, text] of files) console.log(\`# \${file}\\n\${text}\`);`,
  ];
  return [
    "import { learnTables } from 'dynamics365-connector/authoring';",
    toProgram(connection, lines.join('\n')).replace(
      'import { openConnectionStore }',
      'import { openConnectionStore, readManifest }',
    ),
  ].join('\n');
}
