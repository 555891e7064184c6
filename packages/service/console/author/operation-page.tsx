import { useAbout } from '../about.ts';
import { JsonView, Page, ProblemBox } from '../page.tsx';
import type { PageParameters } from '../page-parameters.ts';
import { part, useResource } from '../rest.ts';
import { RunPanel } from './run-panel.tsx';

interface Operation {
  readonly id: string;
  /** With the template written out. */
  readonly yaml: string;
  /** Absent for a trigger. */
  readonly input?: unknown;
  readonly effects?: { readonly destructive: boolean };
}

/** An action or trigger of a connector that is extended: its YAML, and a run. */
export default function OperationPage({ parameters: { id = '' } }: { readonly parameters: PageParameters }) {
  const { author } = useAbout();
  const { data, problem } = useResource<Operation>(`/console/api/author/operations/${part(id)}`);
  return (
    <Page title={id}>
      <ProblemBox problem={problem} />
      {data !== undefined && (
        <>
          <JsonView value={data.yaml} label={`YAML of ${id}`} />
          {data.input !== undefined && (
            <RunPanel
              action={id}
              folder={author?.folder ?? ''}
              example={{}}
              destructive={data.effects?.destructive ?? false}
              save={async () => true}
              onRecorded={() => {}}
              onInput={() => {}}
            />
          )}
        </>
      )}
    </Page>
  );
}
