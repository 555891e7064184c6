import { useEffect, useState } from 'preact/hooks';
import { JsonView, ProblemBox } from '../page.tsx';
import { type Problem, send, toProblem } from '../rest.ts';

interface TestResult {
  readonly operation: string;
  readonly name: string;
  readonly file: string;
  readonly failures: readonly { readonly message: string; readonly differences?: unknown }[];
}

/** Runs the contract tests of an operation when it is shown, without network. */
export function TestResults({ pattern }: { readonly pattern: string }) {
  const [results, setResults] = useState<readonly TestResult[]>();
  const [problem, setProblem] = useState<Problem>();
  useEffect(() => {
    send<{ results: readonly TestResult[] }>('POST', '/console/api/author/tests', { pattern }).then(
      (answer) => setResults(answer.results),
      (error) => setProblem(toProblem(error)),
    );
  }, []);
  const failed = results?.filter(({ failures }) => failures.length > 0) ?? [];
  return (
    <section aria-labelledby="tests-title">
      <h2 id="tests-title">Contract tests</h2>
      <ProblemBox problem={problem} />
      <p role="status">
        {results === undefined && problem === undefined && 'Running …'}
        {results !== undefined && (
          <span class={`state ${failed.length === 0 ? 'good' : 'bad'}`}>
            {failed.length === 0
              ? `All ${results.length} tests pass`
              : `${failed.length} of ${results.length} tests fail`}
          </span>
        )}
      </p>
      <ul class="plain">
        {results?.map(({ operation, name, failures }) => (
          <li key={`${operation} ${name}`}>
            <span class={`state ${failures.length === 0 ? 'good' : 'bad'}`}>
              {failures.length === 0 ? 'passes' : 'fails'}
            </span>{' '}
            {name}
            {failures.length > 0 && <JsonView value={failures} label={`Why "${name}" fails`} />}
          </li>
        ))}
      </ul>
    </section>
  );
}
