import { autocompletion, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { lintGutter, lintKeymap } from '@codemirror/lint';
import type { LSPClient } from '@codemirror/lsp-client';
import { EditorState, type Extension } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useEffect, useRef } from 'preact/hooks';

/** The default style cannot be read on a dark background. */
const style = HighlightStyle.define([
  { tag: tags.comment, color: 'var(--faint)' },
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--code-key)' },
  { tag: [tags.string, tags.content], color: 'var(--text)' },
  {
    tag: [tags.number, tags.bool, tags.null, tags.keyword, tags.meta, tags.labelName],
    color: 'var(--code-word)',
  },
]);

interface CodeEditorProps {
  readonly file: string;
  readonly uri: string;
  /** The text to begin with; when it changes, the editor has the new text. */
  readonly text: string;
  readonly client: LSPClient;
  readonly onChange: (text: string) => void;
  readonly onSave: () => void;
}

/** Waits for a pause in typing, then the server gets the new text. */
const syncPauseMs = 150;

/** An editor of a YAML file: marks, completion and hover come from the language server. */
export function CodeEditor({ file, uri, text, client, onChange, onSave }: CodeEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const save = useRef(onSave);
  save.current = onSave;
  useEffect(() => {
    if (host.current === null) return undefined;
    const extensions = [...basics(file), client.plugin(uri, 'yaml'), followChanges(client, onChange)];
    const saveKey = keymap.of([{ key: 'Mod-s', preventDefault: true, run: () => onSaveKey(save.current) }]);
    const state = EditorState.create({ doc: text, extensions: [saveKey, ...extensions] });
    const created = new EditorView({ parent: host.current, state });
    view.current = created;
    return () => created.destroy();
  }, [uri, client]);
  useEffect(() => {
    const { current } = view;
    if (current === undefined || current.state.doc.toString() === text) return;
    current.dispatch({ changes: { from: 0, to: current.state.doc.length, insert: text } });
  }, [text]);
  return <div class="editor" ref={host} />;
}

function basics(file: string): Extension[] {
  return [
    lineNumbers(),
    history(),
    drawSelection(),
    highlightActiveLine(),
    indentOnInput(),
    bracketMatching(),
    syntaxHighlighting(style),
    yaml(),
    lintGutter(),
    autocompletion(),
    EditorView.contentAttributes.of({
      'aria-label': `YAML of ${file}. Escape, then Tab leaves the editor.`,
    }),
    keymap.of([...completionKeymap, ...defaultKeymap, ...historyKeymap, ...lintKeymap, indentWithTab]),
  ];
}

function followChanges(client: LSPClient, onChange: (text: string) => void): Extension {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return EditorView.updateListener.of((update) => {
    if (!update.docChanged) return;
    onChange(update.state.doc.toString());
    clearTimeout(timer);
    timer = setTimeout(() => client.connected && client.sync(), syncPauseMs);
  });
}

/** Returns true: the key is done with, and the browser does not save the page. */
function onSaveKey(save: () => void): boolean {
  save();
  return true;
}
