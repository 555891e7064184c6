import { useEffect, useRef, useState } from 'preact/hooks';
import { useAbout } from '../about.ts';
import { Page, ProblemBox } from '../page.tsx';
import type { PageParameters } from '../page-parameters.ts';
import { type Problem, part, send, toProblem } from '../rest.ts';
import { CodeEditor } from './code-editor.tsx';
import { type LanguageClient, openLanguageClient, toUri } from './language-client.ts';
import { type Explanation, RequestView } from './request-view.tsx';
import { RunPanel } from './run-panel.tsx';

interface OpenFile {
  readonly text: string;
  readonly hash: string;
}

/** A file of the author: the editor, the exact request as one types, and a run that becomes a contract test. */
export default function FilePage({ parameters: { file = '' } }: { readonly parameters: PageParameters }) {
  const folder = useAbout().author?.folder ?? '';
  const path = `/console/api/author/files/${part(file)}`;
  const [saved, setSaved] = useState<OpenFile>();
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<Problem>();
  const [explanation, setExplanation] = useState<Explanation>({});
  const [input, setInput] = useState<Readonly<Record<string, unknown>>>();
  const { language, ended } = useLanguage(folder);
  const open = (next: OpenFile) => {
    setSaved(next);
    setText(next.text);
    setProblem(undefined);
  };
  useEffect(() => {
    send<OpenFile>('GET', path).then(open, (error) => setProblem(toProblem(error)));
  }, [path]);
  const save = async (): Promise<boolean> => {
    if (saved === undefined || text === saved.text) return saved !== undefined;
    return await send<OpenFile>('PUT', path, { text, hash: saved.hash }).then(
      (next) => {
        setSaved(next);
        setProblem(undefined);
        return true;
      },
      (error) => {
        setProblem(toProblem(error));
        return false;
      },
    );
  };
  const isChanged = saved !== undefined && text !== saved.text;
  useLeaveWarning(isChanged);
  return (
    <Page
      title={file}
      actions={
        <>
          <button type="button" disabled={!isChanged} onClick={save}>
            Save
          </button>
          <span role="status" class="faint">
            {isChanged ? 'changed: Ctrl+S saves' : 'saved'}
          </span>
        </>
      }
    >
      <ProblemBox problem={problem ?? (ended === undefined ? undefined : stopped(ended))} />
      {saved !== undefined && language !== undefined && (
        <div class="author">
          <CodeEditor
            file={file}
            uri={toUri(folder, file)}
            text={saved.text}
            client={language.client}
            onChange={setText}
            onSave={save}
          />
          <div>
            <h2>Request</h2>
            <RequestView
              client={language.client}
              uri={toUri(folder, file)}
              text={text}
              input={input}
              onExplained={setExplanation}
            />
            {explanation.id !== undefined && (
              <RunPanel
                action={explanation.id}
                folder={folder}
                example={input ?? explanation.input}
                destructive={explanation.destructive ?? false}
                save={save}
                onRecorded={open}
                onInput={setInput}
              />
            )}
          </div>
        </div>
      )}
    </Page>
  );
}

function useLanguage(folder: string) {
  const [language, setLanguage] = useState<LanguageClient>();
  const [ended, setEnded] = useState<string>();
  useEffect(() => {
    const opened = openLanguageClient(folder);
    opened.onEnd(setEnded);
    setLanguage(opened);
    return () => opened.close();
  }, [folder]);
  return { language, ended };
}

/** The browser asks before it closes a page with text that is not saved. */
function useLeaveWarning(isChanged: boolean): void {
  const changed = useRef(isChanged);
  changed.current = isChanged;
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => {
      if (changed.current) event.preventDefault();
    };
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, []);
}

const stopped = (message: string): Problem => ({
  title: 'The language server has stopped',
  detail: message,
  code: 'LANGUAGE_SERVER',
  advice: 'Your text is still here: save it first.',
});
