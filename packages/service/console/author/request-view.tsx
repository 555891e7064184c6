import type { LSPClient } from '@codemirror/lsp-client';
import { useEffect, useState } from 'preact/hooks';
import { CodeBlock } from '../page.tsx';

/** A request that is not sent, as the engine plans it. */
interface RequestPlan {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly omittedClauses: readonly string[];
}

interface StepPlan {
  readonly name?: string;
  readonly action: string;
  readonly plan?: RequestPlan;
}

/** What the action of the open file sends, by the text as it is in the editor. */
export interface Explanation {
  /** The id of the action; absent for a file without one. */
  readonly id?: string;
  readonly input?: Readonly<Record<string, unknown>>;
  readonly destructive?: boolean;
  readonly steps?: readonly StepPlan[];
  /** Why there is no request: the files have errors, or this input has. */
  readonly problem?: string;
}

interface RequestViewProps {
  readonly client: LSPClient;
  readonly uri: string;
  readonly text: string;
  /** Undefined: an example that fits the action. */
  readonly input: Readonly<Record<string, unknown>> | undefined;
  readonly onExplained: (explanation: Explanation) => void;
}

/** After the pause in which the editor sends its text to the server. */
const pauseMs = 200;

/** The exact request of the action while it is written. Nothing is sent. */
export function RequestView({ client, uri, text, input, onExplained }: RequestViewProps) {
  const [explanation, setExplanation] = useState<Explanation>();
  const given = JSON.stringify(input);
  useEffect(() => {
    let isCurrent = true;
    const ask = async () => {
      await client.initializing;
      client.sync();
      const answer = await client.request<object, Explanation>('d365/explain', { uri, input });
      if (!isCurrent) return;
      setExplanation(answer);
      onExplained(answer);
    };
    const timer = setTimeout(() => ask().catch(() => {}), pauseMs);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [client, uri, text, given]);
  if (explanation === undefined) return <p class="faint">…</p>;
  if (explanation.problem !== undefined) return <p role="status">{explanation.problem}</p>;
  if (explanation.steps === undefined) return <p class="faint">This file has no action of its own.</p>;
  return (
    <>
      {explanation.steps.map(({ action, name, plan }, index) => (
        <CodeBlock key={`${index} ${action}`} label={`Request ${index + 1}`}>
          {explanation.steps?.length === 1 ? '' : `${name ?? action}\n`}
          {plan === undefined
            ? 'several requests, or one that depends on the organization'
            : formatPlan(plan)}
        </CodeBlock>
      ))}
    </>
  );
}

function formatPlan({ method, url, headers, body, omittedClauses }: RequestPlan): string {
  const { pathname, searchParams } = new URL(url);
  const lines = [
    `${method} ${decodeURIComponent(pathname)}`,
    ...[...searchParams].map(([name, value], index) => `  ${index === 0 ? '?' : '&'}${name}=${value}`),
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  if (body !== undefined) lines.push('', JSON.stringify(body, undefined, 2));
  if (omittedClauses.length > 0)
    lines.push('', `omitted, because their input is missing: ${omittedClauses.join(', ')}`);
  return lines.join('\n');
}
