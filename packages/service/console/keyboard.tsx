import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { navigate } from './location.ts';

const storedName = 'd365-single-keys';

/** Whether single keys are shortcuts. Who speaks or dictates to the browser switches them off. */
const hasSingleKeys = signal(localStorage.getItem(storedName) !== 'off');
const isHelpOpen = signal(false);

/** The pages that `g` and a letter go to. */
const areas: Readonly<Record<string, readonly [path: string, name: string]>> = {
  c: ['/connections', 'Connections'],
  s: ['/subscriptions', 'Subscriptions'],
  x: ['/sandbox', 'Sandbox'],
  a: ['/author', 'Author'],
};

const goTimeoutMs = 1500;
const pressed = { goUntil: 0 };

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null
  );
}

/** Moves the focus to the next or the previous row of a list, from wherever it is. */
function moveInList(step: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('main [data-row]')];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  const next = at < 0 ? (step === 1 ? 0 : rows.length - 1) : at + step;
  rows[Math.max(0, Math.min(next, rows.length - 1))]?.focus();
}

function onKey(event: KeyboardEvent): void {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    document.querySelector<HTMLElement>('main [data-primary]')?.click();
    event.preventDefault();
    return;
  }
  if (!hasSingleKeys.value || isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey)
    return;
  const action = actionOf(event.key);
  if (action === undefined) return;
  event.preventDefault();
  action();
}

function actionOf(key: string): (() => void) | undefined {
  const isGoing = performance.now() < pressed.goUntil;
  pressed.goUntil = 0;
  const area = isGoing ? areas[key] : undefined;
  if (area !== undefined) return () => navigate(area[0]);
  const actions: Readonly<Record<string, () => void>> = {
    g: () => {
      pressed.goUntil = performance.now() + goTimeoutMs;
    },
    j: () => moveInList(1),
    k: () => moveInList(-1),
    '/': () => document.querySelector<HTMLElement>('main input[type=search]')?.focus(),
    '?': () => {
      isHelpOpen.value = true;
    },
  };
  return actions[key];
}

export function showKeyboardHelp(): void {
  isHelpOpen.value = true;
}

/** Listens to the shortcuts, and shows what they are. */
export function KeyboardHelp() {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  const isOpen = isHelpOpen.value;
  useEffect(() => {
    if (isOpen) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isOpen]);
  const close = () => {
    isHelpOpen.value = false;
  };
  return (
    <dialog ref={dialog} onClose={close} aria-labelledby="keys-title">
      <h2 id="keys-title">Keyboard</h2>
      <dl class="keys">
        {Object.entries(areas).map(([key, [, name]]) => (
          <Key key={key} keys={`g ${key}`} does={`go to ${name}`} />
        ))}
        <Key keys="/" does="search" />
        <Key keys="j k" does="next and previous row" />
        <Key keys="Ctrl+Enter" does="do what the page is for: run, save, create" />
        <Key keys="Escape, then Tab" does="leave the editor" />
        <Key keys="?" does="this help" />
      </dl>
      <label>
        <input
          type="checkbox"
          checked={hasSingleKeys.value}
          onChange={({ currentTarget }) => {
            hasSingleKeys.value = currentTarget.checked;
            localStorage.setItem(storedName, currentTarget.checked ? 'on' : 'off');
          }}
        />
        Single keys are shortcuts
      </label>
      <p>
        <button type="button" onClick={close}>
          Close
        </button>
      </p>
    </dialog>
  );
}

function Key({ keys, does }: { readonly keys: string; readonly does: string }) {
  return (
    <>
      <dt>
        <kbd>{keys}</kbd>
      </dt>
      <dd>{does}</dd>
    </>
  );
}
